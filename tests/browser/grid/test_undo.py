"""One step back for what was done at once, whoever did it."""

from playwright.sync_api import expect

FIRST = "requests.received.natural_person"
BELOW = "requests.carried_in.natural_person"


def test_what_was_typed_during_one_stay_is_one_step(tables):
    page = tables("requests", {FIRST: "3"})
    page.enter(FIRST)
    page.press("ArrowDown")
    page.type("118")
    page.press("ArrowUp")
    page.type("7")
    page.press("Control+z")
    assert (page.value(FIRST), page.value(BELOW)) == ("3", "118")
    assert page.focused == FIRST
    page.press("Control+z")
    assert page.value(BELOW) == ""
    assert page.focused == BELOW
    page.press("Control+y", "Control+Shift+z")
    assert (page.value(FIRST), page.value(BELOW)) == ("7", "118")


def test_a_new_change_ends_the_way_forward(tables):
    page = tables("requests")
    page.enter(FIRST)
    page.type("3")
    page.press("Control+z")
    page.type("4")
    page.press("Control+y")
    assert page.value(FIRST) == "4"


def test_what_others_changed_is_a_step_as_well(tables):
    page = tables("requests", {FIRST: "108"})
    page.page.evaluate("(name) => fields.set(name, '118')", FIRST)
    undo = page.page.locator('[data-do="undo"]')
    expect(undo).to_be_enabled()
    undo.click()
    assert page.value(FIRST) == "108"
    expect(undo).to_be_disabled()


def test_a_note_comes_back_with_its_figure(tables):
    page = tables("requests")
    page.page.evaluate("(name) => fields.set(name, '22', '其中修订16件')", FIRST)
    page.enter(FIRST)
    page.press("Control+z")
    assert (page.value(FIRST), page.note(FIRST)) == ("", "")
    page.press("Control+y")
    assert (page.value(FIRST), page.note(FIRST)) == ("22", "其中修订16件")


def test_undoing_the_note_of_a_total_leaves_its_sum(tables):
    page = tables(
        "disputes", {f"disputes.cases.review.{key}": "1" for key in ("upheld", "corrected", "other", "pending")}
    )
    total = "disputes.cases.review.total"
    page.page.evaluate("(name) => fields.set(name, fields.value(name), '含上年结转')", total)
    page.enter(total)
    page.press("Control+z")
    assert (page.note(total), page.cell(total).text_content()) == ("", "4")
