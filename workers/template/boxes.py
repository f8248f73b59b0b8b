"""The boxes of a printed table: what each one says or asks for, the places it covers, the rows that stay together."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from reports.definition import Cell
from reports.faces.grid import Grid, Head


class Role(StrEnum):
    """What a box is; each role has a paragraph style."""

    CAPTION = "Caption"
    HEAD = "Head"
    LABEL = "Label"
    FIGURE = "Figure"


class Merge(StrEnum):
    """Whether a place is merged with the one beneath it or the one above it."""

    NONE = ""
    BEGINS = "restart"
    CONTINUES = "continue"


@dataclass(frozen=True, slots=True)
class Box:
    """A printed cell, covering some of its grid's columns and rows."""

    text: str
    role: Role
    columns: int = 1
    rows: int = 1
    tinted: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """The boxes that begin in a row; whether it repeats on every page, or stays on the page of the next row."""

    boxes: tuple[Box, ...]
    repeats: bool = False
    kept: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Where a box shows in one row: from which of its grid's columns on."""

    column: int
    box: Box
    merge: Merge


def rows(grid: Grid) -> Iterator[Row]:
    """A grid's caption, headings and lines. Only a table of one grid can repeat its headings."""
    caption = grid.table.caption
    if caption:
        yield Row((Box(caption, Role.CAPTION, grid.columns, tinted=True),), kept=True)
    for heads in grid.head:
        boxes = tuple(Box(head.label, Role.HEAD, head.columns, head.rows, tinted=True) for head in heads)
        yield Row(boxes, repeats=not caption, kept=True)
    for row, following in zip(grid.body, (*grid.body[1:], None), strict=True):
        stubs = (_stub(head, grid.stubs) for head in row.heads)
        figures = (Box(f"{{{{ {cell.name} }}}}", Role.FIGURE, tinted=cell.total) for cell in row.cells)
        together = following is not None and _same_group(row.cells[0], following.cells[0])
        yield Row((*stubs, *figures), kept=together)


def places(row: Row, hanging: dict[int, tuple[Box, int]], columns: int) -> Iterator[Place]:
    """A row from left to right: boxes that begin in it, and boxes that hang down from above (kept in `hanging`)."""
    begin, column = iter(row.boxes), 0
    while column < columns:
        merge = Merge.CONTINUES if column in hanging else Merge.NONE
        box, left = hanging.pop(column) if merge else (next(begin), 0)
        left = left or box.rows
        yield Place(column, box, merge or (Merge.BEGINS if box.rows > 1 else Merge.NONE))
        if left > 1:
            hanging[column] = (box, left - 1)
        column += box.columns


def group_labels(grids: Iterable[Grid], level: int) -> Iterator[str]:
    """The labels of the groups of rows at a level."""
    for grid in grids:
        heads = (head for row in grid.body for head in row.heads)
        yield from (head.label for head in heads if head.level == level and _is_group(head, grid.stubs))


def _stub(head: Head, stubs: int) -> Box:
    role = Role.HEAD if _is_group(head, stubs) else Role.LABEL
    return Box(head.label, role, head.columns, head.rows, tinted=head.total)


def _is_group(head: Head, stubs: int) -> bool:
    return head.columns == 1 and head.level < stubs - 1


def _same_group(cell: Cell, following: Cell) -> bool:
    """Whether two lines stand in one inner group, which a page break should not cut."""
    group = cell.row.lines[:-1]
    return len(group) > 1 and group == following.row.lines[:-1]
