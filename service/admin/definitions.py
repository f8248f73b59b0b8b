"""Definitions to read: every rule as a sentence, and what has changed from one edition to another."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from reports.definition import Definition, Each, Rule, Severity, Table, leaves
from reports.formulas import Comparison, Reference, Side
from service.language import _
from service.resources import resources


@dataclass(frozen=True, slots=True)
class RuleLine:
    """One rule: its number, its sentence, where it holds, what it asks for, and how it is computed."""

    id: str
    says: str
    where: str
    severity: Severity
    that: str


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that one edition has and the other has not, or has otherwise."""

    what: str
    before: str
    after: str


def editions_of(id: str) -> Sequence[str]:
    """Every edition of a kind of report."""
    found = (one.partition("/") for one in resources().definitions.references())
    return [edition for kind, _slash, edition in found if kind == id]


def rules_in_words(definition: Definition) -> Sequence[RuleLine]:
    """Every rule of a definition: those that all have, those of its tables, its own."""
    built_in = definition.laws
    whole = _("全部")
    told = [
        RuleLine(law.id, law.says, whole, Severity.ERROR, "")
        for law in (built_in.figures, built_in.texts, built_in.years)
    ]
    for section in definition.sections:
        if section.length:
            limit = _("最多 {n} 字").format(n=section.length.at_most)
            told.append(RuleLine(section.length.law.id, section.length.law.says, section.heading, Severity.HINT, limit))
    for table in definition.tables:
        told += _of_table(table)
    return [*told, *(_line(rule, whole, _cells(definition)) for rule in definition.rules)]


def differences(before: Definition, after: Definition) -> Sequence[Difference]:
    """What has changed between two editions, in the order of the form."""
    return [
        *_compared(_cells(before), _cells(after)),
        *_compared(_texts(before), _texts(after)),
        *_compared(_rules(before), _rules(after)),
    ]


def _of_table(table: Table) -> Iterator[RuleLine]:
    for law, how in ((table.across, _("每行，各列相加")), (table.down, _("每列，各行相加"))):
        if law:
            yield RuleLine(law.id, law.says, table.title, Severity.ERROR, how)
    rows = {leaf.path: leaf.label for leaf in leaves(table.rows)}
    columns = {leaf.path: leaf.label for leaf in leaves(table.columns)}
    cells = {cell.name.removeprefix(f"{table.key}."): cell.label for cell in table.cells}
    labels = {Each.ROW: columns, Each.COLUMN: rows, Each.ONCE: cells}
    yield from (_line(rule, table.title, labels[rule.each]) for rule in table.rules)


def _line(rule: Rule, where: str, labels: Mapping[str, str]) -> RuleLine:
    each = {Each.ROW: _("每行："), Each.COLUMN: _("每列："), Each.ONCE: ""}[rule.each]
    return RuleLine(rule.law.id, rule.law.says, where, rule.severity, each + _formula(rule.that, labels))


def _formula(that: Comparison, labels: Mapping[str, str]) -> str:
    """The comparison with the names of the form in it: 受理 + 结转 = 办结 + 转下年."""
    sign = {"==": "=", "<=": "≤", ">=": "≥"}.get(that.operator, that.operator)
    return f"{_side(that.left, labels)} {sign} {_side(that.right, labels)}"


def _side(side: Side, labels: Mapping[str, str]) -> str:
    told = ""
    for term in side.terms:
        told += " − " if term.sign < 0 else " + " if told else ""
        told += _name(term.reference, labels)
    if side.constant or not told:
        told += f" + {side.constant}" if told and side.constant > 0 else str(side.constant)
    return told.strip()


def _name(reference: Reference, labels: Mapping[str, str]) -> str:
    label = labels.get(reference.name, reference.name)
    return _("上年的{label}").format(label=label) if reference.previous else label


def _cells(definition: Definition) -> Mapping[str, str]:
    return {name: f"{cell.table.title} {cell.label}" for name, cell in definition.cells.items()}


def _texts(definition: Definition) -> Mapping[str, str]:
    return {name: text.label for name, text in definition.texts.items()}


def _rules(definition: Definition) -> Mapping[str, str]:
    told: dict[str, str] = {}
    for one in rules_in_words(definition):
        name = f"{one.id} {one.where}"
        # Two rules of one number: the texts are there, and they tell of the year.
        told[f"{name}（2）" if name in told else name] = f"{one.says} {one.that}".strip()
    return told


def _compared(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[Difference]:
    for name in dict.fromkeys((*after, *before)):
        was, now = before.get(name, ""), after.get(name, "")
        if was != now:
            yield Difference(name, was, now)
