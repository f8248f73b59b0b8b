"""What stands beside the form of a section: findings in words, last year's figures, how to fill it in."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from flask import url_for

from reports.definition import Cell, Leaf, Line, Section, Severity, Table
from service.drafts import Draft
from service.explaining import Told, told
from service.language import _
from service.sections import names_in, says_only_blank, section_of


@dataclass(frozen=True, slots=True)
class Shown:
    """A finding in the panel: `id` is where fields point to, `link` leads to its cell or text."""

    id: str
    told: Told
    link: str
    is_cell: bool

    @property
    def look(self) -> str:
        return self.told.look


@dataclass(frozen=True, slots=True)
class Verdict:
    """How much is wrong with the whole report, in a few words."""

    word: str
    look: str


@dataclass(frozen=True, slots=True)
class Hint:
    """A sentence on how to fill something in."""

    what: str
    says: str


@dataclass(frozen=True, slots=True)
class Then:
    """A figure of last year and this year's beside it."""

    name: str
    label: str
    then: str
    now: str


@dataclass(frozen=True, slots=True)
class ThenTable:
    caption: str
    rows: tuple[Then, ...]


@dataclass(frozen=True)
class Findings:
    """What does not hold in a draft, section by section; what is only still blank is counted, not listed."""

    draft: Draft

    @cached_property
    def every(self) -> tuple[Shown, ...]:
        """Every finding apart from blanks, in reading order."""
        real = [one for one in told(self.draft) if not says_only_blank(one.finding, self.draft.answers)]
        return tuple(self._shown(number, one) for number, one in enumerate(real))

    @cached_property
    def blanks(self) -> dict[str, str]:
        """By section, the first field that is still blank."""
        first: dict[str, str] = {}
        for finding in self.draft.findings:
            if says_only_blank(finding, self.draft.answers):
                at = finding.cells[0]
                first.setdefault(section_of(self.draft.definition, at).key, at)
        return first

    @property
    def verdict(self) -> Verdict:
        """For the list at the side."""
        errors, reasons = self._count(Severity.ERROR), self._count(Severity.EXPLAIN)
        if errors and reasons:
            return Verdict(_("{n} 错误 · {m} 说明").format(n=errors, m=reasons), "bad")
        if errors:
            return Verdict(_("{n} 处错误").format(n=errors), "bad")
        if reasons:
            return Verdict(_("{n} 处需说明").format(n=reasons), "ask")
        return Verdict(_("未填完"), "") if self.blanks else Verdict(_("通过"), "ok")

    def of(self, section: Section) -> tuple[Shown, ...]:
        """The findings of one section, the gravest first."""
        order = list(Severity)
        own = [one for one in self.every if one.told.section == section.key]
        return tuple(sorted(own, key=lambda one: order.index(one.told.finding.severity)))

    def _count(self, severity: Severity) -> int:
        return sum(one.told.finding.severity is severity for one in self.every)

    def _shown(self, number: int, one: Told) -> Shown:
        section = section_of(self.draft.definition, one.at)
        address = url_for("pages.fill", public_id=self.draft.report.public_id, section=section.key)
        return Shown(f"finding-{number}", one, f"{address}#{one.at}", one.at in self.draft.definition.cells)


def last_year(draft: Draft, section: Section) -> Iterator[ThenTable]:
    """Last year's figures of a section: of a table with totals, these; of a small one, all."""
    for table in section.tables:
        cells = [cell for cell in table.cells if cell.column.total] or table.cells
        yield ThenTable(table.caption or _("总计"), tuple(_then(draft, table, cell) for cell in cells))


def hints(section: Section, draft: Draft) -> Iterator[Hint]:
    """How a section is filled in: what the definition says of its texts and lines, and its rules in words."""
    for text in section.texts:
        if text.hint:
            yield Hint(text.heading or section.heading, text.hint)
    if section.length:
        yield Hint("", f"{section.length.law.says}。")
    if section.tables:
        yield Hint("", f"{draft.definition.laws.figures.says}。")
    for table in section.tables:
        yield from (Hint(line.label, line.hint) for line in _lines((*table.rows, *table.columns)) if line.hint)
        yield from (Hint(table.caption, f"{says}。") for says in dict.fromkeys(_laws(draft, table)))


def marks(shown: Sequence[Shown], section: Section) -> dict[str, list[Shown]]:
    """The findings of each field of a section: a relation is marked at the cell that would mend it, or at its first."""
    own, found = names_in(section), {}
    for one in shown:
        name = one.told.mends[0].cell if one.told.mends else one.told.at
        if name in own:
            found.setdefault(name, []).append(one)
    return found


def _laws(draft: Draft, table: Table) -> Iterator[str]:
    yield from (law.says for law in (table.across, table.down) if law)
    yield from (rule.law.says for rule in table.rules if rule.concerns(draft.unit.name))


def _lines(lines: Sequence[Line]) -> Iterator[Line]:
    for line in lines:
        yield line
        yield from _lines(line.of)


def _then(draft: Draft, table: Table, cell: Cell) -> Then:
    many = len({one.row for one in table.cells}) > 1
    label = (
        _label(cell.row)
        if many and cell.column.total
        else "·".join(filter(None, (_label(cell.row), _label(cell.column))))
    )
    then = draft.previous.shown(cell.name) if draft.previous else ""
    return Then(cell.name, label, then, draft.answers.shown(cell.name))


def _label(leaf: Leaf) -> str:
    return "·".join(line.short or line.label for line in leaf.lines[-2:] if line.label)
