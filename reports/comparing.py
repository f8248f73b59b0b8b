"""Two reports cell by cell: what a reviewer looks at first, what has changed, and what has not."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from reports.answers import Answers
from reports.definition import Cell
from reports.findings import Finding
from reports.headline import Change


@dataclass(frozen=True, slots=True)
class Row:
    """One cell: what it held before and what it holds now, as printed; the findings that name it first."""

    cell: Cell
    before: str
    now: str
    change: Change | None
    findings: tuple[Finding, ...] = ()

    @property
    def changed(self) -> bool:
        """Whether anything printed in it differs."""
        return self.before != self.now

    @property
    def striking(self) -> bool:
        """Whether it changed so much that people will ask."""
        return self.change is not None and self.change.striking

    @property
    def flagged(self) -> bool:
        """Whether it is among those to look at first. A total is flagged where its parts are."""
        return bool(self.findings) or (self.striking and not self.cell.total)


def compare(answers: Answers, before: Answers | None, findings: Iterable[Finding] = ()) -> tuple[Row, ...]:
    """Every cell of a report, in reading order, beside what it held before; without a report before, beside nothing."""
    found: dict[str, list[Finding]] = {}
    for finding in findings:
        found.setdefault(finding.cells[0], []).append(finding)
    return tuple(
        Row(
            cell,
            before.shown(name) if before else "",
            answers.shown(name),
            _change(cell, answers, before),
            tuple(found.get(name, ())),
        )
        for name, cell in answers.definition.cells.items()
    )


def flagged_first(rows: Sequence[Row], before: Answers | None) -> tuple[Sequence[Row], Sequence[Row], Sequence[Row]]:
    """The rows to look at first, then those that changed, then the rest; with nothing to compare nothing changed."""
    first = [row for row in rows if row.flagged]
    changed = [row for row in rows if before and row.changed and not row.flagged]
    return first, changed, list(_without(rows, (*first, *changed)))


def changed_texts(answers: Answers, before: Answers) -> tuple[str, ...]:
    """The names of the texts that say something else now, in reading order."""
    return tuple(name for name in answers.definition.texts if answers.paragraphs(name) != before.paragraphs(name))


def _change(cell: Cell, answers: Answers, before: Answers | None) -> Change | None:
    was, now = before.value(cell.name) if before else None, answers.value(cell.name)
    return Change(cell, was, now) if was is not None and now is not None and was != now else None


def _without(rows: Iterable[Row], others: Iterable[Row]) -> Iterator[Row]:
    taken = {row.cell.name for row in others}
    return (row for row in rows if row.cell.name not in taken)
