"""A clerk without a mouse fills a section in, is told of a mistake, chooses between two values, and goes on."""

from playwright.sync_api import expect

COLUMN = "natural_person"
RECEIVED, GRANTED = f"requests.received.{COLUMN}", f"requests.results.granted.{COLUMN}"


def press_tab_until(form, locator, most=120):
    """Tab from where one is; how far it is does not matter, that one gets there does."""
    for _ in range(most):
        form.page.keyboard.press("Tab")
        if locator.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError("Tab never gets there")


def test_a_section_is_filled_in_mended_and_left_with_the_keyboard_alone(visit, desk):
    desk.fill(dict.fromkeys(desk.inputs("requests"), "0"))
    form = visit("requests")
    keys = form.page.keyboard
    press_tab_until(form, form.field(RECEIVED))
    keys.type("3")
    keys.press("Enter")
    expect(form.finding(f"H3@{RECEIVED}")).to_be_visible()
    keys.press("Alt+ArrowDown")
    expect(form.field(RECEIVED)).to_be_focused()
    press_tab_until(form, form.field(GRANTED))
    keys.type("3")
    keys.press("Control+s")
    expect(form.finding(f"H3@{RECEIVED}")).to_have_count(0)
    form.is_saved()
    assert {name: value for name, value in desk.kept().items() if value != "0"} == {RECEIVED: "3", GRANTED: "3"}


def test_two_values_are_told_apart_and_chosen_with_the_keyboard_alone(visit, desk):
    form = visit("requests")
    desk.fill({RECEIVED: "77"})
    keys = form.page.keyboard
    press_tab_until(form, form.field(RECEIVED))
    keys.type("8")
    keys.press("Control+s")
    theirs = form.conflicts.get_by_role("button", name="用对方的")
    expect(theirs).to_be_visible()
    press_tab_until(form, theirs, most=300)
    keys.press("Enter")
    form.is_saved()
    expect(form.field(RECEIVED)).to_be_focused()
    expect(form.field(RECEIVED)).to_have_value("77")


def test_the_parts_of_the_panel_are_reached_with_the_keyboard_alone(visit, desk):
    form = visit("problems")
    hints = form.page.locator("#panel [data-tabs] a", has_text="说明")
    press_tab_until(form, hints)
    form.page.keyboard.press("Enter")
    expect(form.page.locator("#hints")).to_be_visible()
    expect(form.page.locator("#checks")).to_be_hidden()
