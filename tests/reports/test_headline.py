"""A year at a glance: a handful of totals, and what changed most."""

from reports.headline import biggest_changes, headlines
from tests.people import annual, but, ordinary_report, read

LAST_YEAR = ordinary_report(year=2023)


def changed(**cells):
    """What changed most when, after last year, these cells were filled differently."""
    answers = read(but(ordinary_report(), cells=cells))
    return biggest_changes(answers, read(LAST_YEAR))


def test_a_report_is_told_by_what_came_what_was_done_and_what_went_to_court():
    assert list(headlines(annual()).items()) == [
        ("requests.received.total", "一、本年新收"),
        ("requests.carried_in.total", "二、上年结转"),
        ("requests.results.total.total", "三、办理结果·（七）总计"),
        ("requests.carried_out.total", "四、结转下年度继续办理"),
        ("disputes.cases.review.total", "行政复议·总计"),
        ("disputes.cases.litigation.direct.total", "行政诉讼·未经复议直接起诉·总计"),
        ("disputes.cases.litigation.after_review.total", "行政诉讼·复议后起诉·总计"),
    ]


def test_two_years_alike_have_no_changes():
    assert changed() == ()


def test_what_changed_is_told_with_both_years_and_totals_are_left_out():
    [change] = changed(**{"requests.received.natural_person": 15, "requests.received.total": 19})
    assert (change.cell.name, change.before, change.now, change.by) == ("requests.received.natural_person", 12, 15, 3)


def test_the_most_telling_change_comes_first():
    found = changed(
        **{
            "article_20_5.licences.handled": 2204,
            "article_20_6.penalties.handled": 37,
            "article_20_6.compulsion.handled": 26,
            "article_20_8.fees.charged": "12.366",
        }
    )
    assert [(change.before, change.now) for change in found][:3] == [(137, 37), (6, 26), (2184, 2204)]
    assert [change.striking for change in found] == [True, True, False, False]


def test_a_cell_that_is_blank_in_either_year_is_not_compared():
    document = ordinary_report()
    del document["cells"]["article_20_6.penalties.handled"]
    assert biggest_changes(read(document), read(LAST_YEAR)) == ()
    assert biggest_changes(read(LAST_YEAR), read(document)) == ()


def test_only_as_many_changes_are_told_as_fit_on_a_page():
    names = [name for name in annual().cells if name.startswith("requests.results.refused") and "total" not in name]
    document = but(ordinary_report(), cells=dict.fromkeys(names, 5))
    assert len(names) > 8
    assert len(biggest_changes(read(document), read(LAST_YEAR))) == 8
