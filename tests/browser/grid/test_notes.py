"""A note beside a figure, and the buttons above the tables."""

from playwright.sync_api import expect

FIRST = "requests.received.natural_person"
TOTAL = "requests.received.total"


def test_a_note_is_written_with_shift_f2_and_shown_in_brackets(tables):
    page = tables("requests", {FIRST: "22"})
    page.enter(FIRST)
    page.press("Shift+F2")
    page.page.keyboard.insert_text("其中修订16件")
    page.press("Enter")
    assert page.focused == FIRST
    assert page.note(FIRST) == "其中修订16件"
    expect(page.place(FIRST).locator("[data-note]")).to_have_text("（其中修订16件）")
    assert page.page.locator(f'input[name="note:{FIRST}"]').input_value() == "其中修订16件"


def test_the_button_writes_beside_the_cell_one_was_in(tables):
    page = tables("requests", {FIRST: "22"})
    page.enter(FIRST)
    page.page.locator('[data-do="note"]').click()
    page.page.keyboard.insert_text("（其中修订16件）")
    page.page.get_by_role("button", name="写好了").click()
    assert page.note(FIRST) == "其中修订16件"


def test_a_total_can_have_a_note(tables):
    page = tables("requests")
    page.enter(TOTAL)
    page.press("Shift+F2")
    page.page.keyboard.insert_text("含代收")
    page.press("Enter")
    assert page.note(TOTAL) == "含代收"


def test_escape_leaves_the_note_as_it_was(tables):
    page = tables("requests")
    page.page.evaluate("(name) => fields.set(name, '22', '其中修订16件')", FIRST)
    page.enter(FIRST)
    page.press("Shift+F2", "Delete", "Escape")
    assert page.note(FIRST) == "其中修订16件"
    assert page.focused == FIRST


def test_blanks_become_zero_after_asking_once(tables):
    page = tables("disputes", {"disputes.cases.review.upheld": "3"})
    page.page.locator('[data-do="zeros"]').click()
    expect(page.bar).to_contain_text("将把 11 个空白格填为 0")
    assert page.value("disputes.cases.review.other") == ""
    page.apply()
    assert page.value("disputes.cases.review.other") == "0"
    assert page.value("disputes.cases.review.upheld") == "3"
    page.bar.get_by_role("button", name="撤销").click()
    assert page.values == {"disputes.cases.review.upheld": "3"}


def test_last_years_figures_come_and_go(tables):
    page = tables("disputes")
    was = page.place("disputes.cases.review.upheld").locator("[data-was]")
    expect(was).to_be_hidden()
    button = page.page.locator('[data-do="was"]')
    button.click()
    expect(was).to_be_visible()
    expect(button).to_have_attribute("aria-pressed", "true")
    button.click()
    expect(was).to_be_hidden()
