"""Which single cell would mend a finding: the gap explained as one figure that was perhaps mistyped or forgotten."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from reports.answers import Answers
from reports.definition import Definition
from reports.drafting import implied, summands
from reports.findings import Finding
from reports.formulas import OPERATORS, Reference
from reports.kinds import NotAFigure, Number, plain
from reports.rules import Relation, relations

# Where the two sides may differ, the nearest figure at which they stand as they should.
_BEYOND: Final = {"==": 0, "<=": 0, ">=": 0, "<": -1, ">": 1}


@dataclass(frozen=True, slots=True)
class Mend:
    """One cell, the figure that mends, how many findings that mends, and what speaks for it ("" when nothing does)."""

    cell: str
    value: str
    mended_findings: int
    because: str = ""


@dataclass(frozen=True, slots=True)
class _Balance:
    """A relation as weights of the cells that are typed: how far its left side moves from its right with each."""

    number: int
    relation: Relation
    weights: Mapping[str, int]


def mends(answers: Answers, finding: Finding, previous: Answers | None = None) -> tuple[Mend, ...]:
    """Every single cell that would mend a finding and break nothing, best first: what mends most, what last year says.

    `answers` are a draft's, whose totals are the sums of their parts.
    """
    balance = _balance_of(answers.definition, finding)
    if balance is None or finding.left is None or finding.right is None:
        return ()
    now = _gaps(answers, previous)
    found = [mend for cell in balance.weights if (mend := _mend(answers, previous, balance, cell, now))]
    direct = set(finding.cells)
    return tuple(sorted(found, key=lambda one: (-one.mended_findings, not one.because, one.cell not in direct)))


def _balance_of(definition: Definition, finding: Finding) -> _Balance | None:
    return _by_finding(definition).get((finding.rule, finding.cells))


@cache
def _by_finding(definition: Definition) -> Mapping[tuple[str, tuple[str, ...]], _Balance]:
    return {(one.relation.rule.law.id, one.relation.cells): one for one in _balances(definition)}


@cache
def _balances(definition: Definition) -> tuple[_Balance, ...]:
    """Every relation that does not hold by itself, as the sums of totals do."""
    weighed = ((one, _weights(definition, one)) for one in relations(definition))
    return tuple(_Balance(number, *one) for number, one in enumerate(one for one in weighed if one[1]))


@cache
def _touching(definition: Definition) -> Mapping[str, tuple[_Balance, ...]]:
    found: dict[str, list[_Balance]] = defaultdict(list)
    for balance in _balances(definition):
        for cell in balance.weights:
            found[cell].append(balance)
    return {cell: tuple(balances) for cell, balances in found.items()}


@cache
def _totals_over(definition: Definition) -> Mapping[str, tuple[str, ...]]:
    """The totals that grow with each cell."""
    found: dict[str, list[str]] = defaultdict(list)
    for total, parts in summands(definition).items():
        for part in parts:
            found[part].append(total)
    return {cell: tuple(names) for cell, names in found.items()}


def _weights(definition: Definition, relation: Relation) -> dict[str, int]:
    weights: dict[str, int] = defaultdict(int)
    for side, sign in ((relation.that.left, 1), (relation.that.right, -1)):
        for term in side.terms:
            if not term.reference.previous:
                for part in summands(definition).get(term.reference.name, (term.reference.name,)):
                    weights[part] += sign * term.sign
    return {cell: weight for cell, weight in weights.items() if weight}


# By the number of the relation.
Gaps = Mapping[int, Number]


def _gaps(answers: Answers, previous: Answers | None) -> Gaps:
    """How far left is from right in every relation that can be judged."""

    def figure(reference: Reference) -> Number | None:
        of = previous if reference.previous else answers
        return of.value(reference.name) if of else None

    def sides() -> Iterator[tuple[int, Number]]:
        for balance in _balances(answers.definition):
            relation = balance.relation
            left, right = relation.that.left.value(figure), relation.that.right.value(figure)
            if left is not None and right is not None and relation.rule.concerns(answers.unit.name):
                yield balance.number, left - right

    return dict(sides())


def _holds(relation: Relation, gap: Number) -> bool:
    return OPERATORS[relation.that.operator](gap, 0)


def _mend(answers: Answers, previous: Answers | None, balance: _Balance, cell: str, now: Gaps) -> Mend | None:
    relation, weight, before = balance.relation, balance.weights[cell], answers.value(cell)
    if before is None or balance.number not in now:
        return None
    step, rest = divmod(_BEYOND[relation.that.operator] - now[balance.number], weight)
    if rest or before + step < 0:
        return None
    mended = []
    for other in _touching(answers.definition)[cell]:
        if other.number in now:
            gap = now[other.number]
            after = gap + other.weights[cell] * step
            held, holds = _holds(other.relation, gap), _holds(other.relation, after)
            # A mistake elsewhere may become smaller, but nothing may be balanced at its expense.
            if not holds and (held or not min(0, gap) <= after <= max(0, gap)):
                return None
            mended += [other.relation] if not held and holds else []
    if not _fits(answers, cell, before + step):
        return None
    because = _because(answers.definition, previous, cell, before + step, mended)
    told = {(one.rule.law.id, one.cells) for one in mended}
    return Mend(cell, plain(before + step), len(told - implied(answers.definition, told)), because)


def _fits(answers: Answers, cell: str, value: Number) -> bool:
    """Whether the cell, and every total over it, can hold the figure."""
    definition = answers.definition
    try:
        definition.cells[cell].kind.read(plain(value))
        for total in _totals_over(definition).get(cell, ()):
            held = answers.value(total)
            if held is not None:
                definition.cells[total].kind.read(plain(held + value - (answers.value(cell) or 0)))
    except NotAFigure:
        return False
    return True


def _because(definition: Definition, previous: Answers | None, cell: str, value: Number, mended: list[Relation]) -> str:
    """What last year's report says for it: that the figure stands there."""
    for relation in mended:
        last = [one.name for one in relation.that.references() if one.previous]
        goes_on = len(last) == 1 and relation.cells == (cell,) and relation.that.operator == "=="
        if goes_on and previous and previous.value(last[0]) == value:
            return f"上年报告的{definition.cells[last[0]].label}正是 {plain(value)}"
    return ""
