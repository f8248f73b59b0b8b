"""A table as it is printed: head cells and body cells with their spans, ready for paper, page or form."""

from collections.abc import Iterator
from dataclasses import dataclass

from reports.definition import Cell, Line, Table, leaves


@dataclass(frozen=True, slots=True)
class Head:
    """A heading: what it says and how many grid rows and columns it covers; `level` counts from outside in."""

    label: str
    rows: int = 1
    columns: int = 1
    level: int = 0
    total: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A body row: the headings that begin in it, outermost first, then its cells."""

    heads: tuple[Head, ...]
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A printed table. `stubs` is how many grid columns the row headings take (0 when no row has a label)."""

    table: Table
    stubs: int
    head: tuple[tuple[Head, ...], ...]
    body: tuple[Row, ...]

    @property
    def columns(self) -> int:
        """How many grid columns there are in all."""
        return self.stubs + len(self.body[0].cells)


def grid(table: Table) -> Grid:
    """Lay a table out. The corner above the row headings holds the table's note, or its stub."""
    stubs = _depth(table.rows) if any(leaf.label for leaf in leaves(table.rows)) else 0
    return Grid(table, stubs, tuple(_head(table, stubs)), tuple(_body(table, stubs)))


def _head(table: Table, stubs: int) -> Iterator[tuple[Head, ...]]:
    crown = (Line("crown", table.stub, of=table.columns),) if table.stub and table.note else table.columns
    depth = _depth(crown)
    corner = (Head(table.note or table.stub, rows=depth, columns=stubs),) if stubs else ()
    for level in range(depth):
        yield (*(corner if level == 0 else ()), *_head_row(crown, level, depth))


def _head_row(lines: tuple[Line, ...], wanted: int, depth: int, level: int = 0) -> Iterator[Head]:
    for line in lines:
        if level == wanted:
            rows = 1 if line.of else depth - level
            yield Head(line.label, rows, _width(line), level, line.total)
        elif line.of:
            yield from _head_row(line.of, wanted, depth, level + 1)


def _body(table: Table, stubs: int) -> Iterator[Row]:
    across = len(tuple(leaves(table.columns)))
    cells = iter(table.cells)
    for heads in _row_heads(table.rows, stubs):
        yield Row(heads if stubs else (), tuple(next(cells) for _ in range(across)))


def _row_heads(lines: tuple[Line, ...], stubs: int, level: int = 0) -> Iterator[tuple[Head, ...]]:
    for line in lines:
        if not line.of:
            yield (Head(line.label, 1, stubs - level, level, line.total),)
            continue
        own = Head(line.label, _width(line), 1, level)
        inner = _row_heads(line.of, stubs, level + 1)
        yield (own, *next(inner))
        yield from inner


def _depth(lines: tuple[Line, ...]) -> int:
    return 1 + max((_depth(line.of) for line in lines if line.of), default=0)


def _width(line: Line) -> int:
    return sum(_width(below) for below in line.of) or 1
