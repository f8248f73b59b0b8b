"""What a kind of report contains: sections, texts, tables of cells, and the rules that must hold between them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from reports import names
from reports.formulas import Comparison
from reports.kinds import Kind


class Severity(StrEnum):
    """What a finding asks for: to be mended, to be explained, or to be looked at."""

    ERROR = "error"
    EXPLAIN = "explain"
    HINT = "hint"


class Each(StrEnum):
    """On what a rule is laid: every leaf column of its table, every leaf row, or the report as a whole."""

    COLUMN = "column"
    ROW = "row"
    ONCE = "once"


@dataclass(frozen=True, slots=True)
class Law:
    """The number of a rule and the sentence it stands for, as the official form words it."""

    id: str
    says: str


@dataclass(frozen=True, slots=True)
class Length:
    """How long the texts of a section should be together, in characters."""

    law: Law
    at_most: int


@dataclass(frozen=True, slots=True)
class Rule:
    """A relation between figures that must hold; `unless_unit` names the units it does not concern."""

    law: Law
    severity: Severity
    each: Each
    that: Comparison
    unless_unit: re.Pattern[str] | None = None

    def concerns(self, unit_name: str) -> bool:
        """Whether the rule applies to this unit."""
        return self.unless_unit is None or not self.unless_unit.search(unit_name)


@dataclass(frozen=True, slots=True)
class Line:
    """A row or a column, with the lines beneath it; `total` is the sum of the other leaves under its parent."""

    key: str
    label: str
    short: str = ""
    hint: str = ""
    of: tuple["Line", ...] = ()
    total: bool = False


@dataclass(frozen=True, slots=True)
class Leaf:
    """A line without lines beneath it, with the groups it stands in, outermost first."""

    lines: tuple[Line, ...]

    @property
    def path(self) -> str:
        """Its part of a cell's name: `results.refused.state_secret`."""
        return names.join(*(line.key for line in self.lines))

    @property
    def total(self) -> bool:
        """Whether it is the sum of its neighbours."""
        return self.lines[-1].total

    @property
    def label(self) -> str:
        """Its wording on the form, with the groups it stands in: 行政诉讼·复议后起诉·总计."""
        return "·".join(line.short or line.label for line in self.lines if line.label)


def leaves(lines: tuple[Line, ...], above: tuple[Line, ...] = ()) -> Iterator[Leaf]:
    """The leaves of a tree of lines, in reading order."""
    for line in lines:
        if line.of:
            yield from leaves(line.of, (*above, line))
        else:
            yield Leaf((*above, line))


def totals(lines: tuple[Line, ...]) -> Iterator[tuple[Leaf, tuple[Leaf, ...]]]:
    """Every total among the leaves, with the leaves it is the sum of (totals of inner groups left out)."""
    every = tuple(leaves(lines))
    for leaf in every:
        if leaf.total:
            around = leaf.lines[:-1]
            yield leaf, tuple(one for one in every if one.lines[: len(around)] == around and not one.total)


@dataclass(frozen=True, slots=True)
class Cell:
    """Where a leaf row meets a leaf column: the place of one figure."""

    name: str
    table: "Table"
    row: Leaf
    column: Leaf

    @property
    def kind(self) -> Kind:
        """What kind of figure it holds."""
        return self.table.kind

    @property
    def total(self) -> bool:
        """Whether its figure is the sum of others."""
        return self.row.total or self.column.total

    @property
    def label(self) -> str:
        """The cell in the words of the form: “行政许可”行“本年处理决定数量”列."""
        row = f"“{self.row.label}”行" if self.row.label else ""
        return f"{row}“{self.column.label}”列"


@dataclass(frozen=True)
class Table:
    """A grid of cells of one kind, with the rules between them."""

    key: str
    section: str
    kind: Kind
    columns: tuple[Line, ...]
    rows: tuple[Line, ...]
    caption: str = ""
    stub: str = ""
    note: str = ""
    across: Law | None = None
    down: Law | None = None
    rules: tuple[Rule, ...] = ()

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        """Its cells in reading order: row by row, from left to right."""
        return tuple(
            Cell(names.join(self.key, row.path, column.path), self, row, column)
            for row in leaves(self.rows)
            for column in leaves(self.columns)
        )

    @property
    def title(self) -> str:
        """What to call the table in a sentence: its section's heading, and its own caption if it has one."""
        return f"{self.section}·{self.caption}" if self.caption else self.section


@dataclass(frozen=True, slots=True)
class Text:
    """A piece of narrative under a heading of its own (or under its section's, when it has none)."""

    name: str
    section: str
    heading: str = ""
    hint: str = ""
    required: bool = True
    at_most: int = 30_000

    @property
    def label(self) -> str:
        """The text in the words of the form: 一、总体情况·（一）主动公开."""
        return f"{self.section}·{self.heading}" if self.heading else self.section


@dataclass(frozen=True)
class Section:
    """A numbered part of the report: texts, then tables."""

    key: str
    heading: str
    texts: tuple[Text, ...] = ()
    tables: tuple[Table, ...] = ()
    length: Length | None = None
    states_year: bool = False
    # What it means when every cell of it is 0: “本年无申请”.
    nil: str = ""


@dataclass(frozen=True, slots=True)
class BuiltIn:
    """The numbers and sentences of what every definition asks: figures, texts, and the year they speak of."""

    figures: Law
    texts: Law
    years: Law


@dataclass(frozen=True, eq=False)
class Definition:
    """One frozen edition of one kind of report."""

    id: str
    edition: str
    title: str
    first_year: int
    sections: tuple[Section, ...]
    laws: BuiltIn
    rules: tuple[Rule, ...] = ()

    @property
    def reference(self) -> str:
        """How answers name it: `open-government-annual/2021`."""
        return f"{self.id}/{self.edition}"

    @cached_property
    def tables(self) -> tuple[Table, ...]:
        """Every table, in reading order."""
        return tuple(table for section in self.sections for table in section.tables)

    @cached_property
    def cells(self) -> Mapping[str, Cell]:
        """Every cell by name, in reading order."""
        return {cell.name: cell for table in self.tables for cell in table.cells}

    @cached_property
    def texts(self) -> Mapping[str, Text]:
        """Every text by name, in reading order."""
        return {text.name: text for section in self.sections for text in section.texts}

    def heading(self, unit: str, year: int) -> str:
        """The title of one report in full."""
        return self.title.format(unit=unit, year=year)
