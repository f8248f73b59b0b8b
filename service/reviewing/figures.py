"""The figures of a report beside last year's: those to look at first, then those that changed, then the rest."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from reports.comparing import Row, compare, flagged_first
from reports.headline import headlines
from reports.kinds import plain
from reports.reasons import reason_name
from service.language import _
from service.reviewing.cases import Case
from service.words import LOOKS
from storage.tables import Comment


@dataclass(frozen=True, slots=True)
class Remark:
    """What the rules say of a figure, and what the unit says to it."""

    words: str
    look: str
    reason: str


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One cell as it is looked at."""

    name: str
    label: str
    row: str
    column: str
    total: bool
    before: str
    now: str
    by: str
    striking: bool
    remarks: Sequence[Remark]
    noted: Sequence[Comment]


@dataclass(frozen=True, slots=True)
class Block:
    """Cells of one table."""

    title: str
    rows: Sequence[FigureRow]


@dataclass(frozen=True, slots=True)
class Figures:
    """All cells of a report, and how many there are of each sort."""

    headlines: Sequence[FigureRow]
    first: Sequence[Block]
    changed: Sequence[Block]
    rest: Sequence[Block]

    def count(self, blocks: Sequence[Block]) -> int:
        return sum(len(block.rows) for block in blocks)


def figures_of(case: Case) -> Figures:
    """The figures of a case. What somebody has noted a word on is among those to look at first."""
    rows = compare(case.answers, case.previous, case.findings)
    first, changed, rest = flagged_first(rows, case.previous)
    by_name, called = {row.cell.name: row for row in rows}, headlines(case.answers.definition)
    return Figures(
        [_row(case, by_name[name], label) for name, label in called.items()],
        _blocks(case, first),
        _blocks(case, changed),
        _blocks(case, rest),
    )


def by_of(row: Row) -> str:
    """How much more or less there is; the arrow repeats that it is much."""
    if row.change is None:
        return _("内容有改动") if row.before and row.now and row.changed else ""
    grown = row.change.by > 0
    arrow = ("▲ " if grown else "▼ ") if row.striking else ""
    return f"{arrow}{'+' if grown else '−'}{plain(max(row.change.by, -row.change.by))}"


def _blocks(case: Case, rows: Iterable[Row]) -> Sequence[Block]:
    return [
        Block(title, [_row(case, row, row.cell.label) for row in of_table])
        for title, of_table in groupby(rows, lambda row: row.cell.table.title)
    ]


def _row(case: Case, row: Row, label: str) -> FigureRow:
    name = row.cell.name
    remarks = [Remark(one.message, LOOKS[one.severity], case.reasons.get(reason_name(one), "")) for one in row.findings]
    return FigureRow(
        name,
        label,
        row.cell.row.label,
        row.cell.column.label,
        row.cell.total,
        row.before,
        row.now,
        by_of(row),
        row.striking,
        remarks,
        case.noted_on(name),
    )
