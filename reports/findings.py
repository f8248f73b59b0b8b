"""Where something does not hold: which rule, which cells, both sides, and the sentence that says so."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from reports.definition import Definition, Each, Law, Severity
from reports.formulas import Figures, Reference, Side
from reports.kinds import Number, plain
from reports.rules import Relation

# More figures than this on one side are named together, not one by one.
_NAMED_ONE_BY_ONE = 4
_SHOULD = {"==": "应等于", "<=": "不应大于", ">=": "不应小于", "<": "应小于", ">": "应大于"}


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
    sides = [
        _in_words(definition, relation, side, value, figure) for side, value in ((that.left, left), (that.right, right))
    ]
    difference = plain(max(left, right) - min(left, right))
    message = f"{place(relation)}{rule.law.says}。{sides[0]}，{_SHOULD[that.operator]}{sides[1]}，相差 {difference}。"
    return Finding(rule.law.id, rule.severity, relation.cells, message, left, right)


def about(law: Law, severity: Severity, cells: tuple[str, ...], label: str, what: str) -> Finding:
    """The finding for one cell or text (or several) that is not as `law` wants it."""
    return Finding(law.id, severity, cells, f"{label}：{what}。{law.says}。")


def place(relation: Relation) -> str:
    """The table and line of a relation, as a sentence begins with them."""
    if relation.table is None:
        return ""
    label = relation.line.label if relation.line else ""
    which = "列" if relation.rule.each is Each.COLUMN else "行"
    return f"{relation.table.title}，“{label}”{which}：" if label else f"{relation.table.title}："


def _in_words(
    definition: Definition,
    relation: Relation,
    side: Side,
    value: Number,
    figure: Figures,
) -> str:
    if not side.terms:
        return f" {plain(value)}"
    if len(side.terms) > _NAMED_ONE_BY_ONE:
        return f"{len(side.terms)} 项之和 {plain(value)}"
    words = ""
    for term in side.terms:
        sign = " − " if term.sign < 0 else " + " if words else ""
        number = figure(term.reference)
        words += f"{sign}{_called(definition, relation, term.reference)} {plain(number or 0)}"
    if side.constant:
        words += f" {'+' if side.constant > 0 else '−'} {abs(side.constant)}"
    return words if len(side.terms) == 1 and not side.constant else f"{words} ＝ {plain(value)}"


def _called(definition: Definition, relation: Relation, reference: Reference) -> str:
    cell = definition.cells[reference.name]
    each = relation.rule.each if relation.line else Each.ONCE
    label = {Each.COLUMN: cell.row.label, Each.ROW: cell.column.label, Each.ONCE: cell.label}[each]
    return f"{'上年' if reference.previous else ''}“{label}”"


def _json_number(number: Number | None) -> int | str | None:
    return number if number is None or isinstance(number, int) else plain(number)
