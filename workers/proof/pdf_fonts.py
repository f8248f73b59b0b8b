"""The fonts inside a PDF: what they are called, whether they are embedded, what their codes stand for."""

import re
from binascii import unhexlify
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

UNKNOWN: Final = "\ufffd"
_SECTION: Final = re.compile(rb"begin(codespacerange|bfchar|bfrange)(.*?)end", re.DOTALL)
_STRING: Final = re.compile(rb"<([0-9A-Fa-f]*)>")


class Meanings(dict[int, str]):
    """Code → what it stands for; UNKNOWN for every code that the font does not explain."""

    def __missing__(self, code: int) -> str:
        return UNKNOWN


@dataclass(frozen=True, slots=True)
class PdfFont:
    """One font of a PDF; `characters` is a table for str.translate, from codes to what they stand for."""

    name: str
    embedded: bool
    code_length: int
    characters: Meanings
    widths: dict[int, float]

    def codes(self, shown: bytes) -> str:
        """The codes in a shown string, each as one character."""
        return shown.decode("latin-1" if self.code_length == 1 else "utf-16-be", "replace")

    def read(self, shown: bytes) -> str:
        """The text in a shown string."""
        return self.codes(shown).translate(self.characters)


def read_font(font: Any) -> PdfFont:
    """A font dictionary of pikepdf, simple or composite."""
    described = font if "/FontDescriptor" in font else font.get("/DescendantFonts", [font])[0]
    descriptor = described.get("/FontDescriptor", {})
    code_length, stands_for = _read_map(font.ToUnicode.read_bytes() if "/ToUnicode" in font else b"")
    first = int(font.get("/FirstChar", 0))
    return PdfFont(
        name=str(font.get("/BaseFont", "/?"))[1:].rpartition("+")[2],
        embedded=any(file in descriptor for file in ("/FontFile", "/FontFile2", "/FontFile3")),
        code_length=code_length,
        characters=stands_for,
        widths={first + place: float(width) for place, width in enumerate(font.get("/Widths", ()))},
    )


def _read_map(cmap: bytes) -> tuple[int, Meanings]:
    """A ToUnicode map: how many bytes a code has, and the text of each code."""
    code_length, stands_for = 1, Meanings()
    for section in _SECTION.finditer(cmap):
        strings = [unhexlify(string) for string in _STRING.findall(section[2])]
        if section[1] == b"codespacerange":
            code_length = len(strings[0])
        elif section[1] == b"bfchar":
            stands_for.update(zip(map(_number, strings[::2]), map(_text, strings[1::2]), strict=True))
        else:
            stands_for.update(_ranges(strings))
    return code_length, stands_for


def _ranges(strings: list[bytes]) -> Iterator[tuple[int, str]]:
    for first, last, text in zip(strings[::3], strings[1::3], strings[2::3], strict=True):
        for step in range(_number(last) - _number(first) + 1):
            yield _number(first) + step, _text(text[:-2] + (_number(text[-2:]) + step).to_bytes(2, "big"))


def _number(string: bytes) -> int:
    return int.from_bytes(string, "big")


def _text(string: bytes) -> str:
    return string.decode("utf-16-be", "replace")
