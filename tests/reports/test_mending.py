"""The cell that is said to mend a finding really mends it, and breaks nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.checks import check
from reports.drafting import check_draft, draft_answers, inputs
from reports.findings import Finding
from reports.kinds import plain
from reports.mending import mends
from tests.people import LANJIANG, MARKET, annual, but, ordinary_report, read

INPUTS = inputs(annual())
RECEIVED, CARRIED_IN = "requests.received.natural_person", "requests.carried_in.natural_person"
CARRIED_OUT, GRANTED = "requests.carried_out.natural_person", "requests.results.granted.natural_person"
DOCUMENTS = "article_20_1.normative_documents"
LAST_YEAR = read(but(ordinary_report(year=2023), cells={f"{DOCUMENTS}.in_force": 7}))


def drafted(figures, unit=MARKET, year=2024):
    return draft_answers(annual(), unit, year, {name: (str(value), "") for name, value in figures.items()})


def ordinary(**changes):
    """The figures of an ordinary report, some otherwise."""
    answers = read(ordinary_report())
    figures = {name: plain(figure.value) for name, figure in answers.figures.items() if name in INPUTS}
    return drafted(figures | {name.replace("__", "."): value for name, value in changes.items()})


def keys(findings: list[Finding]) -> set[tuple[str, tuple[str, ...]]]:
    return {(one.rule, one.cells) for one in findings}


def found(answers, rule, cell, previous=None):
    [finding] = [one for one in check_draft(answers, previous) if (one.rule, one.cells[0]) == (rule, cell)]
    return finding


def test_the_cell_that_last_year_speaks_for_comes_first_and_says_so():
    answers = ordinary(requests__carried_in__natural_person=0)
    finding = found(answers, "H3", RECEIVED, LAST_YEAR)
    first, *others = mends(answers, finding, LAST_YEAR)
    assert (first.cell, first.value) == (CARRIED_IN, "1")
    # H3 and X1 of the column; that the total is out of balance as well is not said twice.
    assert first.mended_findings == 2
    assert first.because == "上年报告的“四、结转下年度继续办理”行“自然人”列正是 1"
    assert others
    assert {one.because for one in others} == {""}


def test_without_last_years_report_every_cell_of_the_column_is_as_likely_those_of_the_formula_first():
    answers = ordinary(requests__carried_in__natural_person=0)
    ways = mends(answers, found(answers, "H3", RECEIVED))
    assert [one.cell for one in ways[:2]] == [RECEIVED, CARRIED_IN]
    assert {one.cell.rpartition(".")[2] for one in ways} == {"natural_person"}
    assert GRANTED in [one.cell for one in ways]


def test_a_cell_that_would_fall_below_zero_mends_nothing():
    answers = ordinary(requests__received__natural_person=13)
    ways = {one.cell: one.value for one in mends(answers, found(answers, "H3", RECEIVED))}
    assert ways[RECEIVED] == "12"
    assert ways[CARRIED_IN] == "0"
    # Nothing was carried in but 1, so it cannot be 2 fewer.
    answers = ordinary(requests__received__natural_person=14)
    assert CARRIED_IN not in {one.cell for one in mends(answers, found(answers, "H3", RECEIVED))}


def test_a_difference_in_two_columns_cannot_be_mended_by_one_cell_for_the_total():
    answers = ordinary(requests__received__natural_person=13, requests__received__legal_person__company=5)
    [total] = [one for one in check(answers) if one.rule == "H3" and one.cells[0] == "requests.received.total"]
    assert mends(answers, total) == ()


def test_a_figure_that_should_be_zero_is_set_to_zero():
    answers = ordinary(article_20_1__regulations__in_force=2)
    [way] = mends(answers, found(answers, "N5", "article_20_1.regulations.in_force"))
    assert (way.cell, way.value, way.mended_findings) == ("article_20_1.regulations.in_force", "0", 1)


def test_nothing_is_proposed_that_breaks_another_rule():
    answers = ordinary(article_20_1__regulations__issued=2, article_20_1__regulations__in_force=2)
    # Without any in force, fewer would be in force than were issued.
    assert mends(answers, found(answers, "N5", "article_20_1.regulations.in_force")) == ()


def test_a_figure_that_is_too_small_is_set_to_the_least_that_holds():
    answers = ordinary(article_20_1__normative_documents__in_force=1)
    ways = {one.cell: one.value for one in mends(answers, found(answers, "X3", f"{DOCUMENTS}.in_force"))}
    assert ways[f"{DOCUMENTS}.in_force"] == "2"


def test_a_blank_or_an_empty_text_is_not_for_a_figure_to_mend():
    answers = drafted({})
    assert [mends(answers, one) for one in check_draft(answers) if mends(answers, one)] == []


SMALL = st.integers(0, 4)
FIGURES = st.fixed_dictionaries(dict.fromkeys(INPUTS, SMALL))
LAST = st.dictionaries(st.sampled_from(INPUTS), SMALL)


@given(FIGURES, LAST, st.sampled_from([MARKET, LANJIANG]), st.data())
def test_applying_a_mend_mends_what_it_says_and_lets_nothing_new_appear(figures, last, unit, data):
    answers, previous = drafted(figures, unit), drafted(last, unit, 2023)
    findings = check_draft(answers, previous)
    ways = [(one, way) for one in findings for way in mends(answers, one, previous)]
    if not ways:
        return
    finding, way = data.draw(st.sampled_from(ways))
    after = check_draft(drafted(figures | {way.cell: way.value}, unit), previous)
    assert (finding.rule, finding.cells) not in keys(after)
    assert keys(after) <= keys(findings)
    assert len(keys(findings)) - len(keys(after)) == way.mended_findings


LARGE = "999999999999"


@pytest.mark.parametrize("cell", [RECEIVED, CARRIED_OUT])
def test_no_figure_is_proposed_that_its_cell_or_a_total_over_it_cannot_hold(cell):
    answers = ordinary(**{name.replace(".", "__"): LARGE for name in (RECEIVED, GRANTED)})
    for one in check_draft(answers):
        for way in mends(answers, one):
            changed = {name: plain(figure.value) for name, figure in answers.figures.items() if name in INPUTS}
            after = drafted(changed | {way.cell: way.value})
            assert after.refused == answers.refused
