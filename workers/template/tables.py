"""Tables of a scaffolded template: fully drawn, a placeholder in every cell, merged as the form prints them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from reports.faces.grid import Grid
from workers.template.boxes import Box, Merge, Place, Role, Row, group_labels, places, rows
from workers.template.page import TEXT_HEIGHT, TEXT_WIDTH
from workers.wordml import Element, paragraph, run, twips, w

_CAPTION_TINT, _TINT = "E7E6E6", "F2F2F2"
# Little on the sides, or six digits do not fit a column; above and below for labels of several lines.
_MARGINS: Final = {"top": 25, "left": 15, "bottom": 25, "right": 15}
_ORDINAL: Final = re.compile(r"[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）")
_CLAUSE: Final = re.compile(r".+?(?:[：，；]|$)")


@dataclass(frozen=True, slots=True)
class Density:
    """How closely a table is set: a family of styles, their size, the least row height, a figure's width."""

    family: str
    size: float
    row: float
    figure: float


ROOMY: Final = Density("Table", 12, 21, 80)
OPEN: Final = Density("Small", 9.5, 22, 33.5)
TIGHT: Final = Density("Small", 9.5, 16.5, 33.5)


class Drawing:
    """One Word table: of one grid, or of several captioned ones above each other."""

    def __init__(self, grids: Sequence[Grid]) -> None:
        self.grids = grids
        self.rows = [(grid, row) for grid in grids for row in rows(grid)]
        self.stubs = max(grid.stubs for grid in grids)
        self.figures = max(grid.columns - grid.stubs for grid in grids)
        self.density = self._density()
        self.widths = self._widths()

    @property
    def fills_page(self) -> bool:
        """Whether it takes most of a page, so that its section had better begin one."""
        return len(self.rows) * twips(self.density.row) > 0.6 * TEXT_HEIGHT

    def element(self) -> Element:
        """The table as Word writes it. One that is shorter than a page stays whole."""
        columns = (w("gridCol", w=width) for width in self.widths)
        table = w("tbl", _frame(), w("tblGrid", *columns))
        hanging: dict[int, tuple[Box, int]] = {}
        for index, (grid, row) in enumerate(self.rows):
            kept = row.kept if self.fills_page else index < len(self.rows) - 1
            edges = self._edges(grid)
            cells = (self._cell(place, edges, kept) for place in places(row, hanging, grid.columns))
            table.append(w("tr", self._row(row), *cells))
        return table

    def _density(self) -> Density:
        if self.figures <= 4:
            return ROOMY
        return OPEN if len(self.rows) * twips(OPEN.row) < 0.5 * TEXT_HEIGHT else TIGHT

    def _widths(self) -> list[int]:
        """Figures alike; groups of rows as narrow as their words allow; the rest to the last column of labels."""
        if not self.stubs:
            return _shares(TEXT_WIDTH, self.figures)
        if self.density is ROOMY:
            labels = _shares(TEXT_WIDTH * 32 // 100, self.stubs)
            return [*labels, *_shares(TEXT_WIDTH - sum(labels), self.figures)]
        figures = [twips(self.density.figure)] * self.figures
        groups = [self._group_width(level) for level in range(self.stubs - 1)]
        return [*groups, TEXT_WIDTH - sum(groups) - sum(figures), *figures]

    def _group_width(self, level: int) -> int:
        words = [_ORDINAL.sub("", label) for label in group_labels(self.grids, level)]
        characters = max((len(word) if len(word) <= 4 else 3 for word in words), default=3)
        return twips(characters * self.density.size + 6)

    def _edges(self, grid: Grid) -> list[int]:
        """Where each column of a grid begins among those of the table, and where the last one ends."""
        stubs, figures = self.stubs if grid.stubs else 0, grid.columns - grid.stubs
        shared = len(self.widths) - stubs
        return [*range(grid.stubs), *(stubs + index * shared // figures for index in range(figures + 1))]

    def _row(self, row: Row) -> Element:
        height = w("trHeight", val=twips(self.density.row), hRule="atLeast")
        return w("trPr", w("cantSplit"), height, w("tblHeader") if row.repeats else None)

    def _cell(self, place: Place, edges: list[int], kept: bool) -> Element:
        box, merge = place.box, place.merge
        start, end = edges[place.column], edges[place.column + box.columns]
        width = sum(self.widths[start:end])
        properties = w(
            "tcPr",
            w("tcW", w=width, type="dxa"),
            w("gridSpan", val=end - start) if end - start > 1 else None,
            w("vMerge", val=merge) if merge else None,
            _shading(box) if box.tinted else None,
            w("vAlign", val="center"),
        )
        capacity = (width - _MARGINS["left"] - _MARGINS["right"]) // twips(self.density.size)
        text = [run(*_lines(box, capacity))] if merge is not Merge.CONTINUES and box.text else []
        # On every paragraph, those of merged places too: Word asks them all, LibreOffice the first of the row.
        keep = w("keepNext") if kept else None
        return w("tc", properties, paragraph(f"{self.density.family}{box.role}", *text, keep=keep))


def _lines(box: Box, capacity: int) -> Iterator[str]:
    """A heading is broken where Word would not know to: after commas, or between words when it is narrow."""
    if len(box.text) <= capacity or box.role is not Role.HEAD:
        yield box.text
    elif capacity > 4:
        yield from _CLAUSE.findall(box.text)
    else:
        ordinal = _ORDINAL.match(box.text)
        if ordinal:
            yield ordinal.group()
        yield from _words(box.text[ordinal.end() if ordinal else 0 :], capacity)


def _words(text: str, capacity: int) -> Iterator[str]:
    # Most words have two characters: lines of an even number, an odd one in the first line.
    even = max(capacity // 2 * 2, 1)
    first = capacity if len(text) % 2 else even
    yield text[:first]
    yield from (text[at : at + even] for at in range(first, len(text), even))


def _shares(whole: int, count: int) -> list[int]:
    edges = [whole * index // count for index in range(count + 1)]
    return [end - start for start, end in pairwise(edges)]


def _shading(box: Box) -> Element:
    return w("shd", val="clear", color="auto", fill=_CAPTION_TINT if box.role is Role.CAPTION else _TINT)


def _frame() -> Element:
    # Borders on the table itself: LibreOffice loads that a quarter faster than a table style.
    thickness = {"top": 8, "left": 8, "bottom": 8, "right": 8, "insideH": 4, "insideV": 4}
    borders = (w(side, val="single", sz=size, space=0, color="auto") for side, size in thickness.items())
    margins = (w(side, w=width, type="dxa") for side, width in _MARGINS.items())
    return w(
        "tblPr",
        w("tblW", w=TEXT_WIDTH, type="dxa"),
        w("jc", val="center"),
        w("tblBorders", *borders),
        w("tblLayout", type="fixed"),
        w("tblCellMar", *margins),
    )
