"""The few figures that tell a year at a glance, and where it differs most from the year before."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from reports.answers import Answers
from reports.definition import Cell, Definition, Leaf, Table
from reports.kinds import Number

# From here on a change is worth a second look: both a half, and ten.
_STRIKING_SHARE = Decimal("0.5")
_STRIKING_NUMBER = 10


@dataclass(frozen=True, slots=True)
class Change:
    """One cell, what it held last year, and what it holds now."""

    cell: Cell
    before: Number
    now: Number

    @property
    def by(self) -> Number:
        """How much more there is now; below zero, how much less."""
        return self.now - self.before

    @property
    def striking(self) -> bool:
        """Whether it changed by half and by ten: people will ask."""
        by = abs(Decimal(self.by))
        return by >= _STRIKING_NUMBER and by >= _STRIKING_SHARE * Decimal(self.before)


def headlines(definition: Definition) -> Mapping[str, str]:
    """Name and wording of the cells that stand for a report: totals of its tables, before they are split up.

    Only of tables that add up their columns; of each, the rows that lie in no group, and the total of a whole group.
    """
    return {
        cell.name: _wording(cell)
        for table in definition.tables
        for cell in table.cells
        if cell.column.total and _outermost(cell.row)
    }


def biggest_changes(answers: Answers, previous: Answers, at_most: int = 8) -> tuple[Change, ...]:
    """Where the two years differ most, the most telling first; what is blank in either is not compared."""
    changes = sorted(_changes(answers, previous), key=_weight, reverse=True)
    return tuple(changes[:at_most])


def _outermost(row: Leaf) -> bool:
    return len(row.lines) == 1 or (row.total and len(row.lines) == 2)


def _wording(cell: Cell) -> str:
    # Where every row has its name, “总计” behind each would only be said again.
    return cell.row.label or f"{_groups(cell.table)}{cell.column.label}"


def _groups(table: Table) -> str:
    return f"{table.caption}·" if table.caption else ""


def _changes(answers: Answers, previous: Answers) -> Iterator[Change]:
    for name, cell in answers.definition.cells.items():
        if cell.total or name not in previous.definition.cells:
            continue
        before, now = previous.value(name), answers.value(name)
        if before is not None and now is not None and before != now:
            yield Change(cell, before, now)


def _weight(change: Change) -> Decimal:
    """How unlikely a change is to be chance: 5 → 25 tells more than 1000 → 1020, and 1000 → 2000 more than both."""
    by = Decimal(change.by)
    return by * by / Decimal(change.before + change.now)
