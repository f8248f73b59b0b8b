"""A reviewer without a mouse: ten reports one after the other, words noted, and keys that are quiet while one types."""

import re

from playwright.sync_api import Page, expect

from reports.states import ReportState
from storage.tables import Role
from tests.browser.review.conftest import is_alive


def focused_row(page: Page) -> str:
    return str(page.evaluate("document.activeElement.closest('tr') ? document.activeElement.textContent.trim() : ''"))


def test_a_reviewer_clears_ten_reports_by_keyboard(office, enter):
    reports = [office.sent(unit) for unit in office.units(10)]
    page = enter(office.person(Role.REVIEWER), "/review")
    is_alive(page)
    keys = page.keyboard
    keys.press("j")
    keys.press("Enter")
    for left in range(10, 0, -1):
        expect(page.locator("#case")).to_be_attached()
        is_alive(page)
        heading = page.get_by_role("heading", level=1).text_content()
        keys.press("a")
        expect(page.get_by_role("button", name="确认通过")).to_be_focused()
        keys.press("Enter")
        expect(page.locator(".notice.ok")).to_contain_text(f"“{heading}”已通过。")
        assert sum(office.state(one) is ReportState.APPROVED for one in reports) == 11 - left
    expect(page.get_by_role("heading", name="待审的都审完了")).to_be_visible()


def test_rows_are_walked_and_ticked_and_clean_ones_approved_together(office, enter):
    reports = [office.sent(unit) for unit in office.units(3)]
    page = enter(office.person(Role.REVIEWER), "/review")
    is_alive(page)
    keys = page.keyboard
    keys.press("j")
    first = focused_row(page)
    keys.press("j")
    second = focused_row(page)
    keys.press("k")
    assert first
    assert second not in ("", first)
    assert focused_row(page) == first
    keys.press("x")
    expect(page.locator("[data-said]")).to_have_text("已选 1 份")
    page.get_by_role("button", name="批量通过").press("Enter")
    expect(page.get_by_role("button", name="通过这 1 份")).to_be_focused()
    keys.press("Enter")
    expect(page.get_by_role("heading", name="已通过 1 份")).to_be_visible()
    assert [office.state(one) for one in reports].count(ReportState.APPROVED) == 1


def test_a_word_is_noted_on_a_cell_and_a_paragraph_by_keyboard(office, enter):
    [unit] = office.units(1)
    report = office.sent(unit)
    page = enter(office.person(Role.REVIEWER), f"/review/{report}")
    is_alive(page)
    keys = page.keyboard
    for tab, part in (("1", "data"), ("2", "texts")):
        keys.press(tab)
        keys.press("j")
        keys.press("Enter")
        expect(page.locator("#comment.open textarea")).to_be_focused()
        keys.type(f"请核对{part}，jkarn")
        page.locator("#comment").get_by_role("button", name="加上批注").press("Enter")
        expect(page.locator(f"#{part} .word")).to_contain_text(f"请核对{part}，jkarn")
        expect(page.locator(f"#{part}")).to_be_visible()
        is_alive(page)
    office.comes_to_be(report, ReportState.REVIEWING)


def test_keys_keep_quiet_while_one_types_or_holds_another_key(office, enter):
    [unit] = office.units(1)
    page = enter(office.person(Role.REVIEWER), f"/review/{office.sent(unit)}")
    is_alive(page)
    keys = page.keyboard
    for pressed in ("Control+a", "Shift+A", "Alt+r"):
        keys.press(pressed)
        expect(page.locator(".box.open")).to_have_count(0)
    keys.press("r")
    expect(page.locator("#return.open textarea")).to_be_focused()
    keys.type("anr?")
    expect(page.locator("#return.open textarea")).to_have_value("anr?")
    keys.press("Escape")
    expect(page.locator(".box.open")).to_have_count(0)
    keys.press("?")
    expect(page.locator("#keys-title")).to_be_focused()


def test_who_does_not_want_single_keys_switches_them_off_for_good(office, enter):
    [unit] = office.units(1)
    page = enter(office.person(Role.REVIEWER), f"/review/{office.sent(unit)}")
    is_alive(page)
    page.get_by_label("关闭快捷键").check()
    page.reload()
    is_alive(page)
    page.keyboard.press("a")
    expect(page.locator(".box.open")).to_have_count(0)
    page.get_by_label("关闭快捷键").uncheck()
    page.locator("body").press("a")
    expect(page.locator("#approve.open")).to_be_visible()


def test_a_word_begun_for_one_place_is_not_said_of_another(office, enter):
    [unit] = office.units(1)
    page = enter(office.person(Role.REVIEWER), f"/review/{office.sent(unit)}")
    is_alive(page)
    keys, text = page.keyboard, page.locator("#comment.open textarea")
    for pressed in ("2", "j", "Enter"):
        keys.press(pressed)
    text.fill("给第一段的话")
    for pressed in ("Escape", "j", "Enter"):
        keys.press(pressed)
    expect(text).to_have_value("")
    for pressed in ("Escape", "k", "Enter"):
        keys.press(pressed)
    expect(text).to_have_value("给第一段的话")


def test_what_is_typed_into_a_box_is_there_again_after_looking_at_another_report(office, enter):
    units = office.units(2)
    first, second = (office.sent(unit) for unit in units)
    page = enter(office.person(Role.REVIEWER), f"/review/{first}")
    is_alive(page)
    page.keyboard.press("r")
    page.locator("#return textarea").fill("请核对台账")
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    expect(page).to_have_url(re.compile(second))
    page.goto(f"/review/{first}")
    is_alive(page)
    page.keyboard.press("r")
    expect(page.locator("#return textarea")).to_have_value("请核对台账")
