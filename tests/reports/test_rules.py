"""A rule is written once and laid on every line it concerns."""

import pytest

from reports.definition import Each
from reports.formulas import Side
from reports.rules import relations

MARKET = """
[[section]]
key     = "stalls"
heading = "一、摊位"

[[section.table]]
key     = "stalls"
cells   = "count"
columns = [
  { key = "fruit", label = "水果" },
  { key = "fish",  label = "水产" },
  { key = "all",   label = "合计", total = true },
]
rows    = [
  { key = "opened", label = "开业" },
  { key = "closed", label = "歇业", of = [
    { key = "moved", label = "迁出" },
    { key = "gone",  label = "注销" },
    { key = "all",   label = "小计", total = true },
  ] },
]

[section.table.sums]
across = { id = "A", says = "合计应等于各列之和" }
down   = { id = "D", says = "小计应等于各行之和" }

[[section.table.rule]]
id   = "C"
each = "column"
says = "歇业不应多于开业"
that = "closed.all <= opened"

[[section.table.rule]]
id   = "R"
each = "row"
says = "水果不应少于上年"
that = "fruit >= previous.fruit"

[[section.table.rule]]
id   = "O"
says = "开业应多于注销的水产"
that = "opened.all > closed.gone.fish"

[[rule]]
id   = "W"
says = "开业不应为 0"
that = "stalls.opened.all > 0"
"""

LAID = """
A stalls.opened.all       == stalls.opened.fruit + stalls.opened.fish
A stalls.closed.moved.all == stalls.closed.moved.fruit + stalls.closed.moved.fish
A stalls.closed.gone.all  == stalls.closed.gone.fruit + stalls.closed.gone.fish
A stalls.closed.all.all   == stalls.closed.all.fruit + stalls.closed.all.fish
D stalls.closed.all.fruit == stalls.closed.moved.fruit + stalls.closed.gone.fruit
D stalls.closed.all.fish  == stalls.closed.moved.fish + stalls.closed.gone.fish
D stalls.closed.all.all   == stalls.closed.moved.all + stalls.closed.gone.all
C stalls.closed.all.fruit <= stalls.opened.fruit
C stalls.closed.all.fish  <= stalls.opened.fish
C stalls.closed.all.all   <= stalls.opened.all
R stalls.opened.fruit       >= previous.stalls.opened.fruit
R stalls.closed.moved.fruit >= previous.stalls.closed.moved.fruit
R stalls.closed.gone.fruit  >= previous.stalls.closed.gone.fruit
R stalls.closed.all.fruit   >= previous.stalls.closed.all.fruit
O stalls.opened.all > stalls.closed.gone.fish
W stalls.opened.all > 0
"""


def spelled(relation):
    """A relation as one writes it down."""
    that = relation.that
    return f"{relation.rule.law.id} {side(that.left)} {that.operator} {side(that.right)}"


def side(one: Side):
    names = [f"{'previous.' if term.reference.previous else ''}{term.reference.name}" for term in one.terms]
    return " + ".join(names) or str(one.constant)


def test_every_rule_is_laid_on_every_line_it_concerns(define):
    laid = [spelled(relation) for relation in relations(define(MARKET))]
    assert laid == [" ".join(line.split()) for line in LAID.strip().splitlines()]


def test_a_relation_knows_its_line_its_cells_and_whether_it_looks_back(define):
    laid = {spelled(relation).split()[0]: relation for relation in reversed(relations(define(MARKET)))}
    assert laid["C"].line.label == "水果"
    assert laid["C"].cells == ("stalls.closed.all.fruit", "stalls.opened.fruit")
    assert laid["R"].line.label == "开业"
    assert laid["R"].cells == ("stalls.opened.fruit",)
    assert laid["O"].line is None
    assert laid["W"].table is None
    assert [key for key, relation in laid.items() if relation.looks_back] == ["R"]


@pytest.mark.parametrize(
    ("law", "each", "how_many"),
    [
        ("H1", Each.ROW, 25),
        ("H2", Each.COLUMN, 7),
        ("H3", Each.COLUMN, 7),
        ("H4", Each.ROW, 3),
        ("X1", Each.COLUMN, 7),
        ("X2", Each.ROW, 2),
        ("X3", Each.ROW, 2),
        ("N5", Each.COLUMN, 3),
    ],
)
def test_the_annual_report_has_its_relations(definition, law, each, how_many):
    laid = [relation for relation in relations(definition) if relation.rule.law.id == law]
    assert (len(laid), {relation.rule.each for relation in laid}) == (how_many, {each})


def test_the_annual_report_has_no_other_relations(definition):
    assert len(relations(definition)) == 25 + 7 + 7 + 3 + 7 + 2 + 2 + 3


def test_the_printed_total_of_results_is_the_sum_of_twenty_one_rows(definition):
    [one] = [each for each in relations(definition) if each.cells[0] == "requests.results.total.natural_person"]
    assert len(one.that.right.terms) == 21
