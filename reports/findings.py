"""Where something does not hold: which rule, which cells, both sides, and the sentence that says so."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from reports.definition import Definition, Each, Law, Leaf, Line, Severity
from reports.formulas import Figures, Reference, Side
from reports.kinds import Number, plain
from reports.rules import Relation
from reports.wording import N_

# The browser gets these with the rules, and says the same sentences while somebody types.
ABOUT: Final = "{label}：{what}。{says}。"
TOO_LONG: Final = "{heading}共 {count} 字，宜在 {at_most} 字以内。{says}。"
NOT_HELD: Final = "{place}{says}。{left}，{should}{right}{difference}。"
DIFFERENCE: Final = "，相差 {value}"
TOGETHER: Final = "所列 {count} 项之和 {value}"
# More figures than this on one side are named together, not one by one.
NAMED_ONE_BY_ONE: Final = 4
SHOULD: Final = {"==": "应等于", "<=": "不应大于", ">=": "不应小于", "<": "应小于", ">": "应大于"}


@dataclass(frozen=True, slots=True)
class Weight:
    """How a severity is called, and what it asks of the person who reads it."""

    word: str
    advice: str


WEIGHTS: Final = {
    Severity.ERROR: Weight(N_("错误"), N_("须改正")),
    Severity.EXPLAIN: Weight(N_("需说明"), N_("核对无误的，报送时写明原因")),
    Severity.HINT: Weight(N_("提示"), N_("请留意")),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One place where a rule does not hold. `cells` are names of cells or texts, the one to look at first in front."""

    rule: str
    severity: Severity
    cells: tuple[str, ...]
    message: str
    left: Number | None = None
    right: Number | None = None

    def to_json(self) -> dict[str, Any]:
        """As it is printed by `check --json` and sent by the API: whole numbers as numbers, money as text."""
        return {
            "rule": self.rule,
            "severity": self.severity.value,
            "cells": list(self.cells),
            "message": self.message,
            "left": _json_number(self.left),
            "right": _json_number(self.right),
        }


def blocks(findings: Iterable[Finding]) -> bool:
    """Whether a report with these findings cannot be sent in."""
    return any(finding.severity is Severity.ERROR for finding in findings)


def not_held(definition: Definition, relation: Relation, left: Number, right: Number, figure: Figures) -> Finding:
    """The finding for a relation whose two sides came out as `left` and `right`."""
    rule, that = relation.rule, relation.that
    sentence = Sentence(definition, relation)
    # Beside a bare number the difference says nothing new.
    apart = bool(that.left.terms and that.right.terms)
    message = NOT_HELD.format(
        place=sentence.place(),
        says=rule.law.says,
        left=sentence.side(that.left, left, figure),
        should=SHOULD[that.operator],
        right=sentence.side(that.right, right, figure),
        difference=DIFFERENCE.format(value=plain(max(left, right) - min(left, right))) if apart else "",
    )
    return Finding(rule.law.id, rule.severity, relation.cells, message, left, right)


def about(law: Law, severity: Severity, cells: tuple[str, ...], label: str, what: str) -> Finding:
    """The finding for one cell or text (or several) that is not as `law` wants it."""
    return Finding(law.id, severity, cells, ABOUT.format(label=label, what=what, says=law.says))


class Sentence:
    """How one relation is spoken of: its place once, then its cells by what tells them apart."""

    def __init__(self, definition: Definition, relation: Relation) -> None:
        self.definition, self.relation = definition, relation
        self.along = Each.ONCE if relation.line is None else relation.rule.each
        self.shared = _shared([self.leaf(name) for name in relation.cells]) if relation.line else 0

    def leaf(self, name: str) -> Leaf:
        """The line on which a cell lies, of those that the relation goes across."""
        cell = self.definition.cells[name]
        return cell.row if self.along is Each.COLUMN else cell.column

    def place(self) -> str:
        """The table, the line, and the group that all cells stand in: 四、……情况，“行政复议”列："""
        relation = self.relation
        if relation.table is None:
            return ""
        here, there = ("列", "行") if self.along is Each.COLUMN else ("行", "列")
        line = f"“{relation.line.label}”{here}" if relation.line and relation.line.label else ""
        group = _label(self.leaf(relation.cells[0]).lines[: self.shared])
        line += f"“{group}”{there}" if group else ""
        return f"{relation.table.title}，{line}：" if line else f"{relation.table.title}："

    def side(self, side: Side, value: Number, figure: Figures) -> str:
        """One side with its figures: “一、本年新收” 17 + “二、上年结转” 1 ＝ 18."""
        if not side.terms:
            return f" {plain(value)}"
        if len(side.terms) > NAMED_ONE_BY_ONE:
            return TOGETHER.format(count=len(side.terms), value=plain(value))
        words = ""
        for term in side.terms:
            sign = " − " if term.sign < 0 else " + " if words else ""
            number = figure(term.reference)
            words += f"{sign}{self.called(term.reference)} {plain(0 if number is None else number)}"
        if side.constant:
            words += f" {'+' if side.constant > 0 else '−'} {abs(side.constant)}"
        return words if len(side.terms) == 1 and not side.constant else f"{words} ＝ {plain(value)}"

    def called(self, reference: Reference) -> str:
        """A cell by what tells it from the relation's other cells."""
        year = "上年" if reference.previous else ""
        if self.along is not Each.ONCE:
            return f"{year}“{_label(self.leaf(reference.name).lines[self.shared :])}”"
        cell = self.definition.cells[reference.name]
        table = cell.table.title if self.relation.table is None else ""
        return f"{year}{table}{cell.label}"


def _shared(leaves: list[Leaf]) -> int:
    """How many groups, outermost first, all the leaves stand in."""
    groups = [leaf.lines[:-1] for leaf in leaves]
    return next(
        (at for at, lines in enumerate(zip(*groups, strict=False)) if len(set(lines)) > 1), min(map(len, groups))
    )


def _label(lines: tuple[Line, ...]) -> str:
    return "·".join(line.short or line.label for line in lines if line.label)


def _json_number(number: Number | None) -> int | str | None:
    return number if number is None or isinstance(number, int) else plain(number)
