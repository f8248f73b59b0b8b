"""The language of rules: names, whole numbers, + and −, one comparison, `previous.` for last year; nothing else."""

import ast
import operator
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from reports.characters import visible
from reports.kinds import Number


class FormulaError(ValueError):
    """The formula says something this language cannot."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A figure meant by a formula: this year's, or last year's when `previous`."""

    name: str
    previous: bool = False


# Looks a figure up; None when it is blank, unreadable, or there is no report of last year.
Figures = Callable[[Reference], Number | None]


@dataclass(frozen=True, slots=True)
class Term:
    """One figure with its sign."""

    sign: int
    reference: Reference


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a comparison: signed figures and a whole number."""

    terms: tuple[Term, ...]
    constant: int = 0

    def value(self, figure: Figures) -> Number | None:
        """What this side comes to; None when a figure in it is not known."""
        total: Number = self.constant
        for term in self.terms:
            number = figure(term.reference)
            if number is None:
                return None
            total = total + number if term.sign > 0 else total - number
        return total


@dataclass(frozen=True, slots=True)
class Comparison:
    """`left` compared with `right`: what a rule says must hold."""

    left: Side
    operator: str
    right: Side

    def holds(self, left: Number, right: Number) -> bool:
        """Whether the two values stand in the relation that the formula asks for."""
        return OPERATORS[self.operator](left, right)

    def references(self) -> Iterator[Reference]:
        """Every figure the formula mentions, from left to right."""
        for side in (self.left, self.right):
            for term in side.terms:
                yield term.reference

    def renamed(self, name_of: Callable[[str], str]) -> "Comparison":
        """The same comparison with every name replaced, as when a rule is laid on one column of a table."""
        return Comparison(_rename(self.left, name_of), self.operator, _rename(self.right, name_of))


OPERATORS: Final[dict[str, Callable[[Number, Number], bool]]] = {
    "==": operator.eq,
    "<=": operator.le,
    ">=": operator.ge,
    "<": operator.lt,
    ">": operator.gt,
}
_SYMBOLS: Final[dict[type[ast.cmpop], str]] = {
    ast.Eq: "==",
    ast.LtE: "<=",
    ast.GtE: ">=",
    ast.Lt: "<",
    ast.Gt: ">",
}


def parse(formula: str) -> Comparison:
    """`received + carried_in == results.total + carried_out` → Comparison; FormulaError for anything else."""
    quoted = f"“{visible(formula, 60)}”"
    try:
        return _comparison(ast.parse(formula, mode="eval").body)
    except FormulaError:
        raise
    except (SyntaxError, ValueError) as error:
        raise FormulaError(f"{quoted}不是一个公式") from error
    except (MemoryError, RecursionError) as error:
        raise FormulaError(f"{quoted}太长或嵌套太深") from error


def _comparison(tree: ast.expr) -> Comparison:
    if not isinstance(tree, ast.Compare) or len(tree.ops) != 1 or type(tree.ops[0]) not in _SYMBOLS:
        raise FormulaError("公式要写成一个比较，例如 a + b == c；比较只有 == <= >= < >")
    return Comparison(_side(tree.left), _SYMBOLS[type(tree.ops[0])], _side(tree.comparators[0]))


def _side(node: ast.expr) -> Side:
    terms: list[Term] = []
    constant = 0
    for sign, leaf in _signed(node, 1):
        if isinstance(leaf, ast.Constant):
            if type(leaf.value) is not int:
                raise FormulaError(f"公式里的数只能是整数，不能是 {leaf.value!r}")
            constant += sign * leaf.value
        else:
            terms.append(Term(sign, _reference(leaf)))
    return Side(tuple(terms), constant)


def _signed(node: ast.expr, sign: int) -> Iterator[tuple[int, ast.expr]]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):
        yield from _signed(node.left, sign)
        yield from _signed(node.right, sign if isinstance(node.op, ast.Add) else -sign)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        yield from _signed(node.operand, -sign)
    else:
        yield sign, node


def _reference(node: ast.expr) -> Reference:
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        raise FormulaError(f"公式里只能有名称、整数、加号和减号，不能有“{visible(ast.unparse(node), 60)}”")
    parts.append(node.id)
    parts.reverse()
    if parts[0] == "previous":
        if len(parts) == 1:
            raise FormulaError("previous 后面要写上年的哪一格，例如 previous.carried_out")
        return Reference(".".join(parts[1:]), previous=True)
    return Reference(".".join(parts))


def _rename(side: Side, name_of: Callable[[str], str]) -> Side:
    renamed = tuple(
        Term(term.sign, Reference(name_of(term.reference.name), term.reference.previous)) for term in side.terms
    )
    return Side(renamed, side.constant)
