"""A name is keys joined by dots; a key means nothing else to Python, to Jinja or to a formula."""

import pytest

from reports.names import closest, join, overlapping, why_not_a_key

ALLOWED = ["total", "state_secret", "article_20_1", "a", "x9", "unit_price", "years"]
FOR_TEMPLATES = [
    "items",
    "values",
    "keys",
    "get",
    "pop",
    "update",
    "loop",
    "self",
    "range",
    "true",
    "false",
    "none",
    "paragraph",
]
FOR_US = ["previous", "unit", "year", "title"]
FOR_PYTHON = ["class", "yield", "not", "in", "is", "lambda", "match", "case"]
MISSHAPEN = ["", "Total", "9lives", "_total", "a-b", "a.b", "a b", "合计", "total\n", "ä"]


@pytest.mark.parametrize("key", ALLOWED)
def test_a_plain_word_may_be_a_key(key):
    assert why_not_a_key(key) is None


@pytest.mark.parametrize("key", [*FOR_TEMPLATES, *FOR_US, *FOR_PYTHON])
def test_a_word_that_means_something_else_may_not(key):
    assert why_not_a_key(key) == "在模板或公式里另有含义，请换一个词"


@pytest.mark.parametrize("key", MISSHAPEN)
def test_what_cannot_be_written_in_a_formula_may_not(key):
    assert why_not_a_key(key) == "只能用小写字母、数字和下划线，并以字母开头"


def test_keys_are_joined_by_dots_and_nothing_is_left_out_but_nothing():
    assert join("requests", "", "results.granted", "total") == "requests.results.granted.total"


def test_the_closest_name_is_offered_and_a_stranger_is_not():
    names = ["requests.received.total", "requests.carried_in.total"]
    assert closest("requests.recieved.total", names) == "requests.received.total"
    assert closest("budget", names) is None


@pytest.mark.parametrize(
    ("names", "pair"),
    [
        (["a.b", "a.c", "ab"], None),
        (["a", "ab", "a_b", "a1"], None),
        (["a.b", "c", "a.b"], ("a.b", "a.b")),
        (["a.b.c", "a_b", "a.b"], ("a.b", "a.b.c")),
        (["a.b.c", "a", "a1", "aa", "a_"], ("a", "a.b.c")),
        ([], None),
    ],
)
def test_names_that_are_or_contain_another_are_found(names, pair):
    assert overlapping(names) == pair
