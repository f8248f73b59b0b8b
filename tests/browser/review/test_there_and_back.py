"""A return travels to the clerk and back, without scripts as well; two reviewers see each other."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from reports.states import ReportState
from storage.tables import Role
from tests.browser.review.conftest import is_alive

LICENCES, FOUND = "article_20_5.licences.handled", "problems.found"
PARAGRAPH = "部分信息从形成到公开间隔偏长。"
MENDED = "规划科和执法大队的信息从形成到上网平均用了31天，最长的用了47天。"


def spot(page: Page, name: str):
    return page.locator(f'[id="at-{name}"]')


def can_be_read_by_everybody(page: Page) -> None:
    found = Axe().run(page).response["violations"]
    serious = [one for one in found if one["impact"] in ("serious", "critical")]
    assert [(one["id"], [node["target"] for node in one["nodes"]][:3]) for one in serious] == []


def note(page: Page, text: str) -> None:
    page.locator("#comment textarea").fill(text)
    page.locator("#comment").get_by_role("button", name="加上批注").click()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without JavaScript"])
def test_a_return_travels_to_the_clerk_and_back(office, enter, scripts):
    [unit] = office.units(1)
    report = office.sent(unit)
    page = enter(office.person(Role.REVIEWER), f"/review/{report}", java_script_enabled=scripts)
    comes_with_words(page, scripts)
    office.comes_to_be(report, ReportState.RETURNED)
    clerk = enter(office.person(Role.CLERK, unit), "/", java_script_enabled=scripts)
    mends_and_sends(clerk, scripts)
    office.comes_to_be(report, ReportState.SUBMITTED)
    page.goto(f"/review/{report}")
    since = page.locator(".since")
    expect(since).to_contain_text("2184 → 2190")
    expect(since).to_contain_text("请写具体")
    expect(since.locator("ins")).to_contain_text(MENDED)
    expect(since.locator(".tag.ok")).to_have_count(2)
    expect(since).not_to_contain_text("其他改动")
    if scripts:
        is_alive(page)
        can_be_read_by_everybody(page)
    page.get_by_role("link", name="通过", exact=True).click()
    page.get_by_role("button", name="确认通过").click()
    expect(page.locator(".notice.ok")).to_contain_text("已通过")
    office.comes_to_be(report, ReportState.APPROVED)
    clerk.goto("/")
    expect(clerk.get_by_role("heading", name="审核已通过")).to_be_visible()


def comes_with_words(page: Page, scripts: bool) -> None:
    """The reviewer notes a word on a cell and on a paragraph, and returns the report."""
    if scripts:
        is_alive(page)
        page.locator("details.rest summary").click()
        spot(page, LICENCES).locator("th").click()
    else:
        page.locator("details.rest summary").click()
        spot(page, LICENCES).get_by_role("link", name="批注").click()
    note(page, "与许可台账不一致")
    # Of the page that comes then, not of the one that goes.
    expect(page.locator("#data .word")).to_contain_text("与许可台账不一致")
    if scripts:
        is_alive(page)
        page.locator("[data-tabs] a", has_text="文字").click()
        spot(page, FOUND).locator(".diff").click()
    else:
        spot(page, FOUND).get_by_role("link", name="批注").click()
    expect(page.locator("#comment [data-quoted]")).to_have_text(PARAGRAPH)
    note(page, "请写具体")
    expect(spot(page, FOUND)).to_contain_text("请写具体")
    page.get_by_role("link", name="退回", exact=False).first.click()
    box = page.locator("#return")
    expect(box.locator(".comments > li")).to_have_count(2)
    box.locator("[data-remark]").fill("请按批注修改后重新报送。")
    box.get_by_role("button", name="退回", exact=True).click()
    expect(page.locator(".notice.ok")).to_contain_text("已退回")


def mends_and_sends(page: Page, scripts: bool) -> None:
    """The clerk finds the words at their places, mends both, and sends it in again."""
    notice = page.locator(".notice.ask")
    expect(notice.get_by_role("heading")).to_have_text("已退回，请修改 2 处")
    expect(notice).to_contain_text("请按批注修改后重新报送。")
    expect(notice).to_contain_text(PARAGRAPH)
    notice.get_by_role("link").first.click()
    replace(page, LICENCES, "2190", scripts)
    page.goto("/")
    notice.get_by_role("link").nth(1).click()
    replace(page, FOUND, MENDED, scripts)
    page.goto("/")
    page.get_by_role("link", name="核对并报送").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("核对并报送")
    page.get_by_label("填报人", exact=True).fill("王芳")
    page.get_by_label("填报人电话").fill("0571-8801")
    page.get_by_label("审核人", exact=True).fill("周平")
    page.get_by_label("审核人电话").fill("0571-8802")
    page.get_by_label("我已逐项核对").check()
    page.locator("main").get_by_role("button", name="报送", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("已报送")


def replace(page: Page, name: str, words: str, scripts: bool) -> None:
    field = page.locator(f'[id="{name}"]')
    expect(field).to_be_visible()
    if scripts:
        is_alive(page)
    field.fill(words)
    if scripts:
        page.keyboard.press("Control+s")
        expect(page.locator("[data-save-state]")).to_contain_text("已保存")
    else:
        page.locator("p.onward").get_by_role("button", name="暂存").click()
        expect(page.locator(f'[id="{name}"]')).to_have_value(words)


def test_two_reviewers_see_each_others_name_and_the_second_is_told_what_the_first_did(office, enter):
    [unit] = office.units(1)
    report = office.sent(unit)
    one, two = office.person(Role.REVIEWER), office.person(Role.REVIEWER)
    first = enter(one, f"/review/{report}")
    is_alive(first)
    second = enter(two, f"/review/{report}", expected=(r"Failed to load resource.* 409",))
    expect(second.locator("[data-others]")).to_have_text(f"{one.person}也在看这份报告。")
    # The first page asks again only after a while.
    expect(first.locator("[data-others]")).to_have_text(f"{two.person}也在看这份报告。", timeout=120_000)
    first.keyboard.press("a")
    first.get_by_role("button", name="确认通过").click()
    office.comes_to_be(report, ReportState.APPROVED)
    second.keyboard.press("r")
    second.locator("#return [data-remark]").fill("请与台账核对，写了很久的意见")
    second.locator("#return").get_by_role("button", name="退回", exact=True).click()
    expect(second.get_by_role("alert")).to_contain_text(f"没有退回：{one.person}")
    expect(second.locator("#return [data-remark]")).to_have_value("请与台账核对，写了很久的意见")
    assert office.state(report) is ReportState.APPROVED
