"""Totals add themselves up, and never pretend to be finished."""

from playwright.sync_api import expect

REVIEW = [f"disputes.cases.review.{key}" for key in ("upheld", "corrected", "other", "pending")]
TOTAL = "disputes.cases.review.total"


def test_a_total_is_blank_while_nothing_is_there(tables):
    page = tables("disputes")
    assert page.cell(TOTAL).text_content() == ""


def test_a_partial_total_is_grey_said_to_be_unfinished_and_no_figure_of_the_report(tables):
    page = tables("disputes")
    page.enter(REVIEW[0])
    page.type("3")
    assert page.cell(TOTAL).text_content() == "3"
    expect(page.place(TOTAL)).to_have_class("calc partial")
    expect(page.place(TOTAL)).to_contain_text("未填完")
    assert page.value(TOTAL) == ""


def test_a_finished_total_is_a_figure_of_the_report(tables):
    page = tables("disputes", dict.fromkeys(REVIEW[:3], "3"))
    page.enter(REVIEW[3])
    page.type("１")
    assert page.cell(TOTAL).text_content() == "10"
    expect(page.place(TOTAL)).to_have_class("calc")
    expect(page.place(TOTAL)).not_to_contain_text("未填完")
    assert page.value(TOTAL) == "10"


def test_a_figure_nobody_can_read_leaves_the_total_unfinished(tables):
    page = tables("disputes", dict.fromkeys(REVIEW[:3], "3"))
    page.enter(REVIEW[3])
    page.type("abc")
    assert page.cell(TOTAL).text_content() == "9"
    expect(page.place(TOTAL)).to_have_class("calc partial")


def test_totals_down_and_across_meet(tables):
    page = tables("requests")
    page.page.locator('[data-do="zeros"]').click()
    page.apply()
    page.enter("requests.results.granted.natural_person")
    page.type("999999999999")
    page.enter("requests.results.granted.legal_person.company")
    page.type("1")
    assert page.value("requests.results.total.total") == "1000000000000"


def test_totals_are_silent_to_those_who_listen(tables):
    page = tables("disputes")
    expect(page.cell(TOTAL)).to_have_attribute("aria-live", "off")


def test_the_mark_of_a_great_change_comes_and_goes_while_one_types(tables):
    page = tables("disputes")
    mark = page.place(REVIEW[0]).locator("[data-then]")
    page.enter(REVIEW[0])
    page.type("17")
    assert mark.text_content() == " ▲"
    page.press("Backspace")
    assert mark.text_content() == ""
