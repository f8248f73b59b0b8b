"""What LibreOffice wrote on a page of a PDF, mark by mark, each mark's text in reading direction."""

import math
import re
import unicodedata
from binascii import unhexlify
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from workers.proof.pdf_fonts import PdfFont

# The mark of what belongs to the page, not to the document: page numbers, table heads drawn again.
ARTIFACT: Final = -1

# LibreOffice places every string that it shows, writes it in hexadecimal, and begins a line with each of these. Nothing
# else do we claim to understand; looking at the beginnings of lines only takes a quarter of the time.
_TOKEN: Final = re.compile(
    rb"^(?:(?P<place>(?:-?[\d.]++ ){2}(?:Td|(?:-?[\d.]++ ){4}Tm))\s*"
    rb"(?:/(?P<font>\S+) (?P<size>-?[\d.]+) Tf\s*)?(?P<shown>\[[^\]()]*\]|<[0-9A-Fa-f]*>)\s*T[jJ]"
    rb"|/(?P<tag>[^\s<>/]+)\s*<<(?P<properties>.*?)>>\s*BDC"
    rb"|(?P<plain>/Artifact\s+BMC|/\S+\s+BMC)"
    rb"|(?P<end>EMC))",
    re.DOTALL | re.MULTILINE,
)
_MCID: Final = re.compile(rb"/MCID (\d+)")
_ACTUAL_TEXT: Final = re.compile(rb"/ActualText\s*<FEFF([0-9A-Fa-f]*)>", re.IGNORECASE)
_OPERAND: Final = re.compile(rb"<([0-9A-Fa-f]*)>|(-?[\d.]+)")
_BETWEEN_STRINGS: Final = re.compile(rb">[^<]*<")
# No glyph fits into less than a tenth of the type size.
_WIDE_GAP: Final = re.compile(rb"-\d{3}")
_RIGHT_TO_LEFT: Final = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefe\U00010800-\U00010fff\U0001e800-\U0001efff]"
)


class NotUnderstood(Exception):
    """The page draws text in a way that LibreOffice is not known for."""


class _Spot(NamedTuple):
    """Where a string begins: along its line, beside it; the type size there."""

    direction: tuple[float, float]
    along: float
    beside: float
    size: float


class _Piece(NamedTuple):
    """A shown string, and what is to be read instead of it, if anything."""

    font: PdfFont
    shown: bytes
    instead: str | None
    place: bytes
    size: bytes

    def text(self) -> str:
        if self.instead is not None:
            return self.instead
        # Strings and the gaps between them: <0A0B> or [<0A0B>-12<0C>].
        strings = self.shown[self.shown.find(b"<") + 1 : self.shown.rfind(b">")]
        return self.font.read(unhexlify(_BETWEEN_STRINGS.sub(b"", strings)))

    def spot(self) -> _Spot:
        words = self.place.split()
        x, y, size = float(words[-3]), float(words[-2]), float(self.size)
        if len(words) == 3 or words[:2] == [b"1", b"0"]:
            return _Spot((1.0, 0.0), x, y, size)
        a, b = float(words[0]), float(words[1])
        stretch = math.hypot(a, b)
        a, b = a / stretch, b / stretch
        return _Spot((a, b), x * a + y * b, y * a - x * b, size * stretch)

    def glyphs(self) -> Iterator[tuple[float, str]]:
        """Each glyph's place along the line, and its text."""
        _, along, _, size = self.spot()
        if self.instead is not None:
            yield along, self.instead
            return
        for string, gap in _OPERAND.findall(self.shown):
            for code in map(ord, self.font.codes(unhexlify(string))):
                yield along, self.font.characters[code]
                along += self.font.widths.get(code, 0) * size / 1000
            along -= float(gap or 0) * size / 1000


def read_page(content: bytes, fonts: Mapping[str, PdfFont]) -> dict[int, str]:
    """Mark → the text drawn under it."""
    marks: dict[int, list[_Piece]] = defaultdict(list)
    for mark, piece in _pieces(content, fonts):
        marks[mark].append(piece)
    if sum(map(len, marks.values())) != content.count(b"Tj") + content.count(b"TJ"):
        raise NotUnderstood("text is drawn in a way that LibreOffice is not known for")
    return {mark: _line(pieces) for mark, pieces in marks.items()}


def _pieces(content: bytes, fonts: Mapping[str, PdfFont]) -> Iterator[tuple[int, _Piece]]:
    within: list[tuple[int, str | None]] = [(ARTIFACT, None)]
    font, size = b"", b"1"
    for token in _TOKEN.finditer(content):
        kind = token.lastgroup
        if kind == "shown":
            place, name, new_size, shown = token.group(1, 2, 3, 4)
            if name:
                font, size = name, new_size
            mark, instead = within[-1]
            yield mark, _Piece(fonts[font.decode()], shown, instead, place, size)
            # A text that stands for several strings is read once.
            if instead:
                within[-1] = (mark, "")
        elif kind == "end":
            within.pop()
        else:
            within.append(_opened(token, within[-1]))


def _opened(token: re.Match[bytes], around: tuple[int, str | None]) -> tuple[int, str | None]:
    """The mark that begins here, and the text that is to be read instead of what is drawn under it."""
    if token["plain"]:
        return (ARTIFACT, None) if token["plain"].startswith(b"/Artifact") else around
    if number := _MCID.search(token["properties"]):
        return int(number[1]), None
    if token["tag"] == b"Artifact":
        return ARTIFACT, None
    if text := _ACTUAL_TEXT.search(token["properties"]):
        return around[0], unhexlify(text[1]).decode("utf-16-be", "replace")
    return around


def _line(pieces: list[_Piece]) -> str:
    """The text of a mark. What a font lacks is drawn after the rest, by another font, into gaps left for it."""
    text = pieces[0].text() if len(pieces) == 1 else _left_to_right(pieces)
    return _right_to_left(pieces) if _runs_leftwards(text) else text


def _left_to_right(pieces: list[_Piece]) -> str:
    spots = [piece.spot() for piece in pieces]
    if not _on_one_line(spots):
        return "".join(piece.text() for piece in pieces)
    if any(_WIDE_GAP.search(piece.shown) for piece in pieces):
        return "".join(text for _, text in sorted(_clusters(pieces), key=_place))
    in_place = sorted(zip(spots, pieces, strict=True), key=lambda pair: pair[0].along)
    return "".join(piece.text() for _, piece in in_place)


def _right_to_left(pieces: list[_Piece]) -> str:
    glyphs = sorted((glyph for piece in pieces for glyph in piece.glyphs()), key=_place)
    return "".join(text for _, text in reversed(glyphs))


def _on_one_line(spots: list[_Spot]) -> bool:
    direction, _, beside, size = spots[0]
    return all(spot.direction == direction and abs(spot.beside - beside) < size / 2 for spot in spots)


def _clusters(pieces: list[_Piece]) -> list[tuple[float, str]]:
    """Glyphs, each with the accents drawn after it, which may stand anywhere around it."""
    clusters: list[tuple[float, str]] = []
    for piece in pieces:
        for along, text in piece.glyphs():
            if clusters and unicodedata.category(text[:1] or " ").startswith("M"):
                clusters[-1] = (clusters[-1][0], clusters[-1][1] + text)
            else:
                clusters.append((along, text))
    return clusters


def _place(glyph: tuple[float, str]) -> float:
    return glyph[0]


def _runs_leftwards(text: str) -> bool:
    # Arabic digits lie in the same ranges, and run rightwards.
    return any(unicodedata.bidirectional(one) in ("R", "AL") for one in _RIGHT_TO_LEFT.findall(text))
