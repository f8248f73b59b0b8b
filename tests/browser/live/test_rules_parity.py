"""The browser finds what Python finds, in the same order and words; which year a text tells of is left to Python."""

import json

import pytest

from reports.drafting import check_draft
from reports.faces.form import rules_of
from reports.loading import load_definition
from tests.browser.live.drafts import Case, cases
from tests.people import MARKET, annual

CHECK = """
async (given) => {
  const { check } = await import("/static/form/rules.js");
  const [rules, cases] = JSON.parse(given);
  const fieldsOf = (typed) => ({
    value: (name) => (typed[name] || { value: "" }).value,
    note: (name) => (typed[name] || { note: "" }).note,
  });
  const look = ({ unit, typed, previous }) => check(rules, { unit, fields: fieldsOf(typed), previous }).findings;
  return JSON.stringify(cases.map(look));
}
"""


@pytest.fixture
def look(new_page, static_site):
    """`look(cases)`: what the browser finds in each."""
    page = new_page(static_site.origin, "/empty")

    def found(of_these):
        # As text: millions of values one by one would take the driver half a minute.
        given = json.dumps([rules_of(of_these[0].definition), [case.to_json() for case in of_these]])
        return json.loads(page.evaluate(CHECK, given))

    return found


def by_python(case):
    """What Python finds, apart from what only the server looks for."""
    years = f"{case.definition.laws.years.says}。"
    findings = [one.to_json() for one in check_draft(case.answers, case.previous)]
    return [one for one in findings if not one["message"].endswith(years)]


def test_browser_and_python_find_the_same_in_every_draft(look):
    drafts = list(cases())
    assert len(drafts) >= 200
    expected = [by_python(case) for case in drafts]
    rules = {one["rule"] for findings in expected for one in findings}
    assert rules == {"H3", "H5", "H6", "N5", "N9", "X1", "X2", "X3"}
    for case, theirs, ours in zip(drafts, look(drafts), expected, strict=True):
        assert theirs == ours, case.called


SMALL = """
id         = "small"
edition    = "1"
title      = "{unit}{year}年小报告"
first_year = 2021

[laws]
figures = { id = "F", says = "应填数" }
texts   = { id = "T", says = "不能空缺" }
years   = { id = "Y", says = "年度应一致" }

[[section]]
key     = "money"
heading = "一、收费"

[[section.table]]
key     = "fees"
cells   = "ten_thousand_yuan"
columns = [{ key = "charged", label = "收取" }, { key = "returned", label = "退还" }, { key = "kept", label = "净额" }]
rows    = [{ key = "licences", label = "许可" }, { key = "fines", label = "处罚" }]

[[section.table.rule]]
id = "A"
each = "row"
says = "净额应等于收取减退还"
that = "kept == charged - returned"

[[section.table.rule]]
id = "B"
each = "row"
says = "退还不应大于收取"
that = "returned <= charged"
severity = "explain"

[[section.table.rule]]
id = "C"
each = "once"
says = "处罚净额应大于许可净额加一"
that = "fines.kept > licences.kept + 1"
severity = "hint"

[[section.table.rule]]
id = "D"
each = "column"
says = "许可应小于三千"
that = "licences < 3000"

[[section]]
key     = "counts"
heading = "二、件数"

[[section.table]]
key     = "cases"
cells   = "count"
columns = [{ key = "number", label = "件数" }]
rows    = [{ key = "licences", label = "许可" }]

[[section.table.rule]]
id = "G"
each = "row"
says = "件数减二不应小于上年减十"
that = "number - 2 >= previous.number - 10"

[[rule]]
id = "E"
says = "每件收费不少于件数"
that = "fees.licences.charged >= cases.licences.number"
"""


def small_drafts(definition):
    """Money against counts, less than nothing in a sum, decimals of every length."""
    money = [f"fees.{line}.{what}" for line in ("licences", "fines") for what in ("charged", "returned", "kept")]
    cells = [*money, "cases.licences.number"]
    before = dict.fromkeys(cells, ("40", "去年的"))
    last = Case("last year", "甲", before, definition=definition, year=2023).answers
    for figures in (
        ("1.5", "0.25", "1.25", "7", "7.0", "0.00", "1"),
        ("1.50", "2.125", "0.000001", "3000", "3000.000000", "0", "9"),
        ("3000", "0", "2999.999999", "0.1", "0.2", "0.3", "0"),
        ("999999999999.999999", "0.000001", "999999999999.999998", "0", "999999999999", "1", "999999999999"),
        ("1", "2", "5", "8", "9", "1", "29"),
        ("0", "1", "0", "0", "0.10", "0", "31"),
    ):
        typed = {name: (figure, "") for name, figure in zip(cells, figures, strict=True)}
        yield Case(str(figures), "甲", typed, definition=definition)
        yield Case(f"{figures}, after last year's", "甲", typed, last, definition)


def test_they_agree_on_every_operator_on_money_and_on_rules_across_tables(look, tmp_path):
    file = tmp_path / "small" / "1" / "definition.toml"
    file.parent.mkdir(parents=True)
    file.write_text(SMALL, encoding="utf-8")
    drafts = list(small_drafts(load_definition(file)))
    expected = [by_python(case) for case in drafts]
    assert {one["rule"] for findings in expected for one in findings} == {*"ABCDEG"}
    assert look(drafts) == expected


def test_they_would_be_seen_to_differ(look):
    """The comparison itself: a browser that saw another figure is told apart."""
    typed = dict.fromkeys(annual().cells, ("1", ""))
    case = Case("one", MARKET, typed)
    other = Case("other", MARKET, typed | {"requests.carried_in.natural_person": ("2", "")})
    assert look([case]) == [by_python(case)]
    assert look([other]) != [by_python(case)]
