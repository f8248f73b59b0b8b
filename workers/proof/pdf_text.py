"""What a tagged PDF says, in the order of its structure: a cell split over pages is whole, page numbers are apart."""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import pikepdf

from workers.proof.pdf_fonts import PdfFont, read_font
from workers.proof.pdf_pages import ARTIFACT, read_page
from workers.visible import CELL, visible

_CELLS: Final = ("/TD", "/TH")
_CELLS_ENDS: Final = re.compile(f"{CELL}+")
_CELL_EDGE: Final = (None, -2)


@dataclass(frozen=True)
class PdfText:
    """What the structure holds, piece by piece with its page; for each page, what belongs to it and what is a stray."""

    pieces: list[tuple[int, str]]
    margins: list[str]
    strays: list[str]
    fonts: list[PdfFont]

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


def read_pdf(pdf: pikepdf.Pdf) -> PdfText:
    """Read all pages, and put what they say into the order that the structure tree gives."""
    fonts: dict[Any, PdfFont] = {}
    said: dict[Any, dict[int, str]] = {}
    for page in pdf.pages:
        said[page.obj.objgen] = read_page(page.obj.Contents.read_bytes(), _fonts(page.obj, fonts))
    margins = [visible(marks.pop(ARTIFACT, "")) for marks in said.values()]
    pieces = _in_order(pdf.Root.StructTreeRoot, said)
    strays = [visible("".join(marks.values())) for marks in said.values()]
    return PdfText(pieces, margins, strays, list(fonts.values()))


def _fonts(page: pikepdf.Object, known: dict[Any, PdfFont]) -> dict[str, PdfFont]:
    fonts = {}
    for name, font in page.Resources.get("/Font", {}).items():
        if font.objgen not in known:
            known[font.objgen] = read_font(font)
        fonts[name[1:]] = known[font.objgen]
    return fonts


def _in_order(root: pikepdf.Object, said: dict[Any, dict[int, str]]) -> list[tuple[int, str]]:
    """Page and text under every mark that the tree names; what is left in `said` it does not name."""
    numbers = {page: number for number, page in enumerate(said, 1)}
    marks: list[tuple[Any, int]] = []
    _walk(root, marks)
    return [
        (0, CELL) if (page, mark) == _CELL_EDGE else (numbers.get(page, 0), said.get(page, {}).pop(mark, ""))
        for page, mark in marks
    ]


def _walk(element: pikepdf.Object, found: list[tuple[Any, int]]) -> None:
    """Collect page and mark of everything in the tree, in order; no page where a cell begins or ends."""
    is_cell = element.get("/S") in _CELLS
    if is_cell:
        found.append(_CELL_EDGE)
    page = None
    for kid in _kids(element):
        if isinstance(kid, int):
            page = page or _page(element)
            found.append((page, kid))
        elif "/MCID" in kid:
            found.append((_page(kid), int(kid.MCID)))
        else:
            _walk(kid, found)
    if is_cell:
        found.append(_CELL_EDGE)


def _kids(element: pikepdf.Object) -> Any:
    kids = element.get("/K", ())
    return kids if isinstance(kids, pikepdf.Array | tuple) else (kids,)


def _page(element: pikepdf.Object) -> Any:
    """The page of an element's own marks; LibreOffice always says it."""
    return element.Pg.objgen if "/Pg" in element else None
