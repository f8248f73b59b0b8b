"""This year beside last year: what to look at first, what changed, and the rest."""

from reports.checks import check
from reports.comparing import Row, changed_texts, compare, flagged_first
from tests.people import annual, but, ordinary_report, read

LICENCES = "article_20_5.licences.handled"
IN_FORCE = "article_20_1.normative_documents.in_force"
CARRIED = "requests.carried_in.natural_person"
BEFORE = read(ordinary_report(year=2024))


def now(**cells: object):
    return read(but(ordinary_report(year=2025), cells={name.replace("__", "."): one for name, one in cells.items()}))


def row(rows: tuple[Row, ...], name: str) -> Row:
    return next(one for one in rows if one.cell.name == name)


def test_every_cell_has_a_row_in_the_order_of_the_form() -> None:
    assert [one.cell.name for one in compare(now(), BEFORE)] == list(annual().cells)


def test_a_figure_that_stayed_has_not_changed() -> None:
    assert not any(one.changed for one in compare(now(), BEFORE))


def test_a_great_change_is_flagged_and_a_small_one_is_not() -> None:
    great = row(compare(now(**{LICENCES: 9487}), BEFORE), LICENCES)
    small = row(compare(now(**{LICENCES: 2190}), BEFORE), LICENCES)
    assert (great.before, great.now, great.flagged) == ("2184", "9487", True)
    assert (small.changed, small.flagged, small.change.by if small.change else None) == (True, False, 6)


def test_a_cell_that_a_finding_names_first_is_flagged_with_it() -> None:
    answers = now(**{CARRIED: 4})
    found = row(compare(answers, BEFORE, check(answers, BEFORE)), CARRIED)
    assert found.flagged
    assert "X1" in {one.rule for one in found.findings}


def test_a_total_is_not_flagged_for_what_its_parts_did() -> None:
    answers = now(**{"requests.received.natural_person": 500, "requests.received.total": 504})
    assert not row(compare(answers, BEFORE), "requests.received.total").flagged


def test_a_note_that_was_added_is_a_change() -> None:
    found = row(compare(now(**{LICENCES: {"value": 2184, "note": "含下放"}}), BEFORE), LICENCES)
    assert (found.changed, found.change) == (True, None)


def test_what_is_to_be_looked_at_comes_first_then_what_changed_and_nothing_twice() -> None:
    # Last year's 9, 3 more, 1 less: nothing to explain.
    answers = now(**{LICENCES: 9487, "article_20_6.penalties.handled": 138, IN_FORCE: 11})
    first, changed, rest = flagged_first(compare(answers, BEFORE, check(answers, BEFORE)), BEFORE)
    assert [one.cell.name for one in first] == [LICENCES]
    assert [one.cell.name for one in changed] == [IN_FORCE, "article_20_6.penalties.handled"]
    assert len(first) + len(changed) + len(rest) == len(annual().cells)


def test_without_a_report_before_nothing_is_called_changed() -> None:
    first, changed, rest = flagged_first(compare(now(), None), None)
    assert (list(first), list(changed), len(rest)) == ([], [], len(annual().cells))


def test_texts_that_say_something_else_are_named() -> None:
    same, other = ordinary_report(year=2024), but(ordinary_report(year=2024), texts={"problems.found": "另有问题。"})
    assert changed_texts(read(other), read(same)) == ("problems.found",)
    assert changed_texts(read(same), read(same)) == ()
