"""What a tagged PDF says, in the order of its structure: a cell split over pages is whole, page numbers are apart."""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import pikepdf

from workers.proof.pdf_fonts import PdfFont, read_font
from workers.proof.pdf_pages import ARTIFACT, read_page
from workers.proof.pdf_tree import CELL_EDGE, Mark, marks_in_order
from workers.visible import CELL, visible

_CELLS_ENDS: Final = re.compile(f"{CELL}+")


@dataclass(frozen=True)
class PdfText:
    """What the structure holds, piece by piece with its page; for each page, what belongs to it and what is a stray.

    `contents` are the pages' instructions, unpacked.
    """

    pieces: list[tuple[int, str]]
    margins: list[str]
    strays: list[str]
    fonts: list[PdfFont]
    contents: list[bytes]

    @cached_property
    def document(self) -> str:
        """All visible text in reading order, cells apart by CELL marks."""
        return _CELLS_ENDS.sub(CELL, visible("".join(text for _, text in self.pieces)))

    def page(self, place: int) -> int:
        """The number of the page that holds the character at `place` of the document."""
        rest = place - self.document.count(CELL, 0, place)
        for page, text in self.pieces:
            rest -= len(visible(text.strip(CELL)))
            if rest < 0:
                return page
        return len(self.margins)

    @property
    def pages_in_order(self) -> bool:
        """Whether the pages lie in the order in which the document is read."""
        first_seen = list(dict.fromkeys(page for page, text in self.pieces if page and visible(text)))
        return first_seen == sorted(first_seen)


def read_pdf(pdf: pikepdf.Pdf, data: bytes) -> PdfText:
    """Read all pages, and put what they say into the order that the structure tree gives; `data` is the whole file."""
    fonts: dict[Any, PdfFont] = {}
    said: dict[Any, dict[int, str]] = {}
    contents: list[bytes] = []
    for page in pdf.pages:
        contents.append(page.obj.Contents.read_bytes())
        said[page.obj.objgen] = read_page(contents[-1], _fonts(page.obj, fonts))
    margins = [visible(marks.pop(ARTIFACT, "")) for marks in said.values()]
    pieces = _in_order(marks_in_order(data, pdf.Root.StructTreeRoot), said)
    strays = [visible("".join(marks.values())) for marks in said.values()]
    return PdfText(pieces, margins, strays, list(fonts.values()), contents)


def fonts_of(pdf: pikepdf.Pdf) -> list[PdfFont]:
    """The fonts of all pages."""
    known: dict[Any, PdfFont] = {}
    for page in pdf.pages:
        _fonts(page.obj, known)
    return list(known.values())


def _fonts(page: pikepdf.Object, known: dict[Any, PdfFont]) -> dict[str, PdfFont]:
    fonts = {}
    for name, font in page.Resources.get("/Font", {}).items():
        if font.objgen not in known:
            known[font.objgen] = read_font(font)
        fonts[name[1:]] = known[font.objgen]
    return fonts


def _in_order(marks: list[Mark], said: dict[Any, dict[int, str]]) -> list[tuple[int, str]]:
    """Page and text under every mark that the tree names; what is left in `said` it does not name."""
    numbers = {page: number for number, page in enumerate(said, 1)}
    return [
        (0, CELL) if (page, mark) == CELL_EDGE else (numbers.get(page, 0), said.get(page, {}).pop(mark, ""))
        for page, mark in marks
    ]
