"""A form begins with what the rules carry over from last year, or with zeros where nothing happened."""

import pytest

from reports.checks import check
from reports.drafting import draft_answers
from reports.loading import DefinitionError
from reports.starting import carried, carries, nil
from tests.people import MARKET, annual, but, ordinary_report, read

IN_FORCE = "article_20_1.normative_documents.in_force"
LAST_YEAR = read(but(ordinary_report(year=2023), cells={"article_20_8.fees.charged": "12.50"}))


def test_pending_requests_and_documents_in_force_are_carried_over_and_nothing_else():
    values = carried(annual(), LAST_YEAR)
    assert values["requests.carried_in.natural_person"] == "1"
    assert values[IN_FORCE] == "9"
    assert {name.split(".")[-2] for name in values} == {
        "regulations",
        "normative_documents",
        "carried_in",
        "legal_person",
    }
    assert len(values) == 2 + 6


def test_totals_are_not_carried_over():
    assert not [name for name in carries(annual()) if annual().cells[name].total]


def test_what_last_year_left_blank_is_blank():
    blank = read({**ordinary_report(year=2023), "cells": {}})
    assert carried(annual(), blank) == {}


def test_what_is_carried_over_satisfies_the_rule_it_comes_from():
    values = {name: (value, "") for name, value in carried(annual(), LAST_YEAR).items()}
    draft = draft_answers(annual(), MARKET, 2024, values)
    assert "X1" not in {one.rule for one in check(draft, LAST_YEAR)}


def test_a_nil_return_puts_zeros_into_the_sections_that_say_so():
    zeros = nil(annual())
    assert {name.split(".")[0] for name in zeros} == {"requests", "disputes"}
    assert len(zeros) == 24 * 6 + 12
    assert set(zeros.values()) == {"0"}


RULE = """
[[section]]
key     = "fruit"
heading = "一、水果"

[[section.table]]
key     = "fruit"
cells   = "count"
columns = [{ key = "stored", label = "库存" }, { key = "picked", label = "采摘" }]
rows    = [{ key = "apples", label = "苹果" }]

[[section.table.rule]]
id   = "R"
each = "row"
says = "库存"
that = "FORMULA"
"""


@pytest.mark.parametrize(
    ("formula", "goes_on"),
    [
        ("stored == previous.stored", {"fruit.apples.stored": "fruit.apples.stored"}),
        ("stored == previous.picked", {"fruit.apples.stored": "fruit.apples.picked"}),
        ("stored == previous.stored + picked", {"fruit.apples.stored": "fruit.apples.stored"}),
        ("stored == previous.picked + picked", {}),
        ("stored == previous.picked + 1", {}),
        ("stored <= previous.stored", {}),
        ("stored + picked == previous.stored", {}),
        ("stored == picked - previous.stored", {}),
        ("previous.stored == stored", {}),
    ],
)
def test_only_a_rule_that_says_what_a_cell_is_carries_over(define, formula, goes_on):
    assert carries(define(RULE.replace("FORMULA", formula))) == goes_on


def test_a_section_without_a_table_has_nothing_to_fill_with_zeros(define):
    with pytest.raises(DefinitionError, match="没有数可以填 0"):
        define('[[section]]\nkey = "a"\nheading = "一"\nnil = "无"\ntexts = [{ key = "b" }]\n')
