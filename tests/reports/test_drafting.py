"""A draft is read as it stands: totals computed, what cannot be read kept, what is missing named once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.checks import check
from reports.drafting import check_draft, draft_answers, inputs, summands
from reports.kinds import plain
from tests.people import MARKET, annual, but, nil_return, ordinary_report, read

RECEIVED = "requests.received.natural_person"
TOTAL, GRAND_TOTAL = "requests.results.total.natural_person", "requests.results.total.total"
INPUTS = inputs(annual())


def typed(document):
    """The fields of a form into which somebody typed this document, totals left to the form."""
    answers = read(document)
    cells = {name: (str(figure.value), figure.note) for name, figure in answers.figures.items() if name in INPUTS}
    return cells | {name: (text, "") for name, text in answers.texts.items()}


def drafted(**fields):
    """An ordinary report as a draft, some fields typed otherwise (`__` for a dot)."""
    changed = {name.replace("__", "."): value for name, value in fields.items()}
    return draft_answers(annual(), MARKET, 2024, typed(ordinary_report()) | changed)


@pytest.mark.parametrize("document", [ordinary_report(), nil_return()])
def test_a_complete_form_is_the_report_digit_for_digit(document):
    answers = read(document)
    draft = draft_answers(answers.definition, answers.unit.name, answers.year, typed(document))
    assert draft.to_json() == answers.to_json()
    assert check_draft(draft) == []


def test_an_empty_form_is_an_empty_report():
    draft = draft_answers(annual(), MARKET, 2024, {})
    assert (draft.figures, draft.texts, draft.refused) == ({}, {}, {})


def test_what_is_missing_in_an_empty_form_is_named_without_its_totals():
    findings = check_draft(draft_answers(annual(), MARKET, 2024, {}))
    named = [one.cells[0] for one in findings]
    assert named == [*INPUTS, *annual().texts]
    # Without the guard the totals would be named beside their parts.
    assert len(check(draft_answers(annual(), MARKET, 2024, {}))) == len(annual().cells) + len(annual().texts)


def test_numbers_are_read_as_people_write_them():
    draft = drafted(requests__received__natural_person=("１，２３４ 件", ""))
    assert draft.value(RECEIVED) == 1234


def test_a_cell_that_cannot_be_read_is_kept_as_refused_and_its_totals_wait():
    draft = drafted(requests__received__natural_person=("十二", ""))
    assert RECEIVED in draft.refused
    assert draft.value("requests.received.total") is None
    assert [(one.cells[0], one.rule) for one in check_draft(draft)] == [(RECEIVED, "H5")]


def test_what_somebody_typed_into_a_total_does_not_count_but_its_note_does():
    draft = drafted(**{TOTAL: ("99", "含口头申请")})
    assert draft.shown(TOTAL) == "12（含口头申请）"


def test_a_note_without_a_figure_is_refused():
    draft = drafted(requests__received__natural_person=("", "含口头申请"))
    assert draft.refused[RECEIVED].reason == "只有说明，没有数"


def test_a_total_too_large_for_its_cell_is_refused_and_named():
    large = dict.fromkeys(summands(annual())["requests.received.total"], ("999999999999", ""))
    draft = draft_answers(annual(), MARKET, 2024, typed(ordinary_report()) | large)
    assert "requests.received.total" in [one.cells[0] for one in check_draft(draft) if one.rule == "H5"]


def test_a_text_of_spaces_is_no_text():
    draft = drafted(overview__proactive=(" \n\u3000", ""))
    assert "overview.proactive" not in draft.texts


def test_the_grand_total_is_the_sum_of_every_cell_that_is_typed():
    assert len(summands(annual())[GRAND_TOTAL]) == 21 * 6


FIGURES = st.dictionaries(st.sampled_from(INPUTS), st.integers(0, 10**6), max_size=len(INPUTS))


@given(FIGURES)
def test_totals_are_the_sums_of_their_lines_so_no_sum_is_ever_found_wrong(figures):
    cells = dict.fromkeys(INPUTS, 0) | figures
    draft = draft_answers(annual(), MARKET, 2024, {name: (str(value), "") for name, value in cells.items()})
    for total, parts in summands(annual()).items():
        assert draft.value(total) == sum(cells[part] for part in parts)
    assert {one.rule for one in check_draft(draft)} & {"H1", "H2", "H4"} == set()


@given(FIGURES)
def test_a_draft_typed_again_from_its_own_figures_is_the_same(figures):
    first = draft_answers(annual(), MARKET, 2024, {name: (str(value), "") for name, value in figures.items()})
    again = {name: (plain(figure.value), figure.note) for name, figure in first.figures.items()}
    assert draft_answers(annual(), MARKET, 2024, again).to_json() == first.to_json()


def test_a_draft_is_compared_with_last_years_report():
    last = read(but(ordinary_report(year=2023), cells={"requests.carried_out.natural_person": 4}))
    assert "X1" in {one.rule for one in check_draft(drafted(), last)}


def test_a_total_is_not_told_beside_the_column_that_puts_it_out_of_balance():
    found = check_draft(drafted(requests__received__natural_person=("13", "")))
    assert [(one.rule, one.cells[0]) for one in found] == [("H3", RECEIVED)]
    # A report that was sent says it: its totals were typed, and may be what is wrong.
    whole = check(drafted(requests__received__natural_person=("13", "")))
    assert [one.cells[0] for one in whole] == [RECEIVED, "requests.received.total"]


def test_a_total_that_differs_alone_is_told():
    last = read(but(ordinary_report(year=2023), cells={"requests.carried_out.total": 4}))
    assert [(one.rule, one.cells) for one in check_draft(drafted(), last) if one.rule == "X1"] == [
        ("X1", ("requests.carried_in.total",))
    ]
