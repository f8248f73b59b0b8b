"""A grid as an HTML table that can be heard as well as seen: every figure names the headings it stands under."""

from collections.abc import Iterator
from dataclasses import dataclass

from reports.definition import Cell
from reports.faces.grid import Grid, Head


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading cell, with the id that figures refer to it by; without a scope it is a note."""

    head: Head
    id: str = ""
    scope: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure's place, and the ids of its headings, outermost first."""

    cell: Cell
    headers: str


@dataclass(frozen=True, slots=True)
class Row:
    headings: tuple[Heading, ...]
    figures: tuple[Figure, ...] = ()
    total: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of headings, then rows of figures. Not `captioned`, it is called after its section, for those who listen.

    Of its `columns` the first `stubs` hold the headings of rows.
    """

    key: str
    caption: str
    captioned: bool
    columns: int
    stubs: int
    head: tuple[Row, ...]
    body: tuple[Row, ...]


def table(grid: Grid) -> Table:
    """The grid, its headings numbered and its figures pointing at them."""
    head, above = _head(grid)
    own = grid.table.caption
    caption, body = own or grid.table.section, tuple(_body(grid, above))
    return Table(grid.table.key, caption, bool(own), grid.columns, grid.stubs, head, body)


def _head(grid: Grid) -> tuple[tuple[Row, ...], list[list[str]]]:
    """The heading rows, and for each grid column the ids of the headings above it."""
    above: list[list[str]] = [[] for _ in range(grid.columns)]
    free_from = [0] * grid.columns
    rows = []
    for level, heads in enumerate(grid.head):
        headings = []
        for place, head in enumerate(heads):
            column = next(index for index, row in enumerate(free_from) if row <= level)
            covered = range(column, column + head.columns)
            is_corner = column < grid.stubs
            id = "" if is_corner else f"{grid.table.key}-column-{level}-{place}"
            for index in covered:
                free_from[index] = level + head.rows
                above[index] += [id] if id else []
            scope = "colgroup" if head.columns > 1 else "col"
            headings.append(Heading(head, id, "" if is_corner and grid.table.note else scope))
        rows.append(Row(tuple(headings)))
    return tuple(rows), above[grid.stubs :]


def _body(grid: Grid, above: list[list[str]]) -> Iterator[Row]:
    beside: list[str] = []
    for number, row in enumerate(grid.body):
        headings = []
        for head in row.heads:
            id = f"{grid.table.key}-row-{number}-{head.level}"
            beside = [*beside[: head.level], id]
            headings.append(Heading(head, id, "rowgroup" if head.rows > 1 else "row"))
        figures = tuple(
            Figure(cell, " ".join([*beside, *column])) for cell, column in zip(row.cells, above, strict=True)
        )
        yield Row(tuple(headings), figures, any(head.total for head in row.heads))
