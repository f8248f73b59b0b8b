"""The language of rules: names, whole numbers, + and −, one comparison, `previous.`; nothing else."""

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.formulas import FormulaError, Reference, Side, Term, parse
from tests.people import shown

THIS_YEAR = {"a": 1, "b": 2, "c.d": 30}
LAST_YEAR = {"a": 100, "c.d": 3000}


def figure(reference):
    """What stands in a cell: the names above, this year and last."""
    return (LAST_YEAR if reference.previous else THIS_YEAR).get(reference.name)


SPOKEN = [
    ("a == b", 1, "==", 2),
    ("a <= b", 1, "<=", 2),
    ("a >= b", 1, ">=", 2),
    ("a < b", 1, "<", 2),
    ("a > b", 1, ">", 2),
    ("a + b == c.d", 3, "==", 30),
    ("a - b == 0", -1, "==", 0),
    ("a - (b - c.d) == 29", 29, "==", 29),
    ("-(a + b) == -3", -3, "==", -3),
    ("a - -b == 3", 3, "==", 3),
    ("a + 7 - 2 == 0", 6, "==", 0),
    ("a == previous.a - c.d", 1, "==", 70),
    ("c.d == previous.c.d", 30, "==", 3000),
    ("(a)  ==  b", 1, "==", 2),
    ("0 <= a", 0, "<=", 1),
]


@pytest.mark.parametrize(("formula", "left", "operator", "right"), SPOKEN)
def test_a_comparison_of_signed_sums_is_understood(formula, left, operator, right):
    comparison = parse(formula)
    assert (comparison.left.value(figure), comparison.operator, comparison.right.value(figure)) == (
        left,
        operator,
        right,
    )


HOLDS = {"==": (False, True, False), "<=": (True, True, False), ">=": (False, True, True), "<": (True, False, False)}
HOLDS[">"] = (False, False, True)


@pytest.mark.parametrize("operator", HOLDS)
def test_a_comparison_means_what_it_says(operator):
    comparison = parse(f"a {operator} b")
    assert tuple(comparison.holds(left, 2) for left in (1, 2, 3)) == HOLDS[operator]


REFUSED = [
    ("", "不是一个公式"),
    ("a ==", "不是一个公式"),
    ("a = b", "不是一个公式"),
    ("a == b; import os", "不是一个公式"),
    ("  a == b", "不是一个公式"),
    ("a\x00 == b", "不是一个公式"),
    ("a == 0777", "不是一个公式"),
    ("a", "公式要写成一个比较"),
    ("a + b", "公式要写成一个比较"),
    ("a == b == c", "公式要写成一个比较"),
    ("a <= b < c", "公式要写成一个比较"),
    ("a != b", "公式要写成一个比较"),
    ("a is b", "公式要写成一个比较"),
    ("a in b", "公式要写成一个比较"),
    ("a == b and c == d", "公式要写成一个比较"),
    ("not a == b", "公式要写成一个比较"),
    ("a == b if c else d", "公式要写成一个比较"),
    ("lambda: a == b", "公式要写成一个比较"),
    ("(a == b, c == d)", "公式要写成一个比较"),
    ("a * 2 == b", "不能有“a * 2”"),
    ("a / b == 1", "不能有“a / b”"),
    ("a ** b == 1", "不能有“a ** b”"),
    ("a % b == 1", "不能有“a % b”"),
    ("+a == b", "不能有“+a”"),
    ("~a == b", "不能有“~a”"),
    ("sum(a) == b", "不能有“sum(a)”"),
    ("__import__('os').system('true') == 0", "不能有“__import__('os').system('true')”"),
    ("a[0] == b", "不能有“a[0]”"),
    ("a().b == c", "不能有“a()”"),
    ("(a := 1) == b", "不能有“(a := 1)”"),
    ("[a for a in b] == c", "不能有“[a for a in b]”"),
    ("a == (b == c)", "不能有“b == c”"),
    ("a == 'x'", "只能是整数"),
    ("a == 1.5", "只能是整数"),
    ("a == 1e3", "只能是整数"),
    ("a == True", "只能是整数"),
    ("a == None", "只能是整数"),
    ("a == ...", "只能是整数"),
    ("a == 2j", "只能是整数"),
    ("a == f'{b}'", "不能有“f'{b}'”"),
    ("a == previous", "previous 后面要写上年的哪一格"),
    ("a == " + "9" * 5000, "不是一个公式"),
]


@pytest.mark.parametrize(("formula", "reason"), REFUSED, ids=shown)
def test_anything_else_is_refused_in_short_words(formula, reason):
    with pytest.raises(FormulaError) as refusal:
        parse(formula)
    assert reason in str(refusal.value)
    assert len(str(refusal.value)) < 120


ENDLESS = [
    "+".join(["a"] * 1500) + " == b",
    "+".join(["a"] * 100_000) + " == b",
    "a" + ".a" * 100_000 + " == b",
    "(" * 5000 + "a" + ")" * 5000 + " == b",
    "-" * 5000 + "a == b",
    "f" + "(f" * 150 + ")" * 150 + " == a",
]


@pytest.mark.parametrize("formula", ENDLESS, ids=shown)
def test_what_is_too_long_or_too_deep_is_refused_in_short_words_too(formula):
    with pytest.raises(FormulaError) as refusal:
        parse(formula)
    assert len(str(refusal.value)) < 120


@given(st.text() | st.text(alphabet="ab.+-=<>()0 '\"[]:,*"))
def test_any_text_is_a_formula_or_refused(text):
    try:
        parse(text)
    except FormulaError:
        return
    # Accepted: then Python itself sees nothing in it but names, integers, signs and one comparison.
    allowed = ast.Expression | ast.Compare | ast.BinOp | ast.UnaryOp | ast.Name | ast.Attribute | ast.Constant
    allowed |= ast.operator | ast.unaryop | ast.cmpop | ast.expr_context
    assert all(isinstance(node, allowed) for node in ast.walk(ast.parse(text, mode="eval")))


@given(
    st.recursive(
        st.sampled_from(["a", "b", "c.d", "previous.a", "0", "7"]),
        lambda inner: st.builds("({} {} {})".format, inner, st.sampled_from("+-"), inner),
        max_leaves=12,
    )
)
def test_a_side_comes_to_what_arithmetic_says(side):
    this_year = {"a": 1, "b": 2, "c": type("Group", (), {"d": 30})}
    expected = eval(side, this_year | {"previous": type("LastYear", (), {"a": 100})})
    assert parse(f"{side} == 0").left.value(figure) == expected


def test_a_side_with_a_blank_in_it_comes_to_nothing():
    assert parse("a + unknown == b").left.value(figure) is None
    assert parse("previous.b == b").left.value(figure) is None


def test_references_are_named_from_left_to_right():
    names = [(one.name, one.previous) for one in parse("c.d + a == previous.a - b").references()]
    assert names == [("c.d", False), ("a", False), ("a", True), ("b", False)]


def test_a_formula_is_laid_on_another_line_by_renaming():
    laid = parse("a + 3 == previous.b").renamed(lambda name: f"table.{name}.total")
    assert laid.left == Side((Term(1, Reference("table.a.total")),), 3)
    assert laid.right == Side((Term(1, Reference("table.b.total", previous=True)),))
