"""A clerk's whole way, in a real browser: from signing in to the receipt."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from reports.answers import Answers
from storage.tables import ReportState
from tests.browser.grid.conftest import PASTE
from tests.browser.journeys.conftest import FIRST_DOCUMENT, House
from tests.people import annual, nil_return, ordinary_report, read

# Each takes a minute on a machine that has nothing else to do.
pytestmark = pytest.mark.timeout(1200)

# Quiet years beside each other: nothing is carried over.
QUIET = nil_return(year=2024)
THIS_YEAR = nil_return(year=2025)["texts"]
IN_FORCE = "article_20_1.normative_documents.in_force"
TABLE = "requests"


def can_be_read_by_everybody(page: Page) -> None:
    """Nothing that a screen reader stumbles over; the other pages are looked at where all screens are."""
    found = Axe().run(page).response["violations"]
    serious = [one for one in found if one["impact"] in ("serious", "critical")]
    assert [(one["id"], [node["target"] for node in one["nodes"]][:3]) for one in serious] == []


def field(page: Page, name: str):
    return page.locator(f'[id="{name}"]')


def write(page: Page, section: str) -> None:
    """Type the texts of a section."""
    for text in next(one for one in annual().sections if one.key == section).texts:
        field(page, text.name).fill(THIS_YEAR[text.name])


def go_to(page: Page, heading: str) -> None:
    page.locator("nav.parts").get_by_role("link", name=heading).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)


def declare_and_send(page: Page) -> None:
    """Fill in the declaration and send."""
    expect(page.get_by_role("heading", level=1)).to_have_text("核对并报送")
    expect(page.get_by_label("填报人", exact=True)).not_to_have_value("")
    page.get_by_label("审核人", exact=True).fill("周平")
    page.get_by_label("审核人电话").fill("0571-8802")
    page.get_by_label("我已逐项核对").check()
    page.locator("main").get_by_role("button", name="报送", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("已报送")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without JavaScript"])
def test_a_nil_return_from_signing_in_to_the_receipt(house: House, sign_in, scripts: bool) -> None:
    unit = house.unit(last_year=QUIET)
    page = sign_in(unit, java_script_enabled=scripts)
    page.get_by_role("button", name="本年无政府信息公开申请").click()
    expect(page.get_by_role("status").first).to_contain_text("已在空白处填")
    page.get_by_role("link", name="继续填报").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("一、总体情况")
    write(page, "overview")
    page.get_by_role("button", name="保存并下一部分").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("二、主动公开政府信息情况")
    if scripts:
        for name in (cell.name for table in annual().sections[1].tables for cell in table.cells if not cell.total):
            field(page, name).fill("0")
    else:
        page.locator("#fill").get_by_role("button", name=re.compile("空白处填 ?0")).first.click()
    page.get_by_role("button", name="保存并下一部分").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("三、收到和处理政府信息公开申请情况")
    for heading, section in (("五、存在的主要问题及改进情况", "problems"), ("六、其他需要报告的事项", "other")):
        go_to(page, heading)
        write(page, section)
        page.locator("p.onward").get_by_role("button", name="保存").last.click()
        expect(page.get_by_role("heading", level=1)).not_to_have_text(heading)
    page.goto("/")
    expect(page.locator(".tasks")).to_contain_text("6 个部分都已完成")
    page.get_by_role("link", name="核对并报送").click()
    declare_and_send(page)
    expect(page.locator(".panel")).to_contain_text(house.receipt(unit))
    assert house.state(unit) is ReportState.SUBMITTED


def test_an_ordinary_report_is_pasted_mended_looked_at_and_sent(house: House, sign_in) -> None:
    unit = house.unit(last_year=ordinary_report(year=2024))
    answers = read(ordinary_report(year=2025))
    page = sign_in(unit)
    page.get_by_role("button", name="沿用上年").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("一、总体情况")
    write(page, "overview")
    saved(page)
    go_to(page, "二、主动公开政府信息情况")
    type_in(page, answers, "proactive")
    go_to(page, "三、收到和处理政府信息公开申请情况")
    paste_table(page, answers)
    find_and_mend(page)
    go_to(page, "四、政府信息公开行政复议、行政诉讼情况")
    type_in(page, answers, "disputes")
    for heading, section in (("五、存在的主要问题及改进情况", "problems"), ("六、其他需要报告的事项", "other")):
        go_to(page, heading)
        write(page, section)
        saved(page)
    go_to_preview(page)
    can_be_read_by_everybody(page)
    page.get_by_role("link", name="核对并报送").click()
    declare_and_send(page)
    assert house.state(unit) is ReportState.SUBMITTED
    page.get_by_role("button", name="撤回修改").click()
    expect(page.get_by_role("status").first).to_contain_text("已撤回")
    assert house.state(unit) is ReportState.DRAFT


def saved(page: Page) -> None:
    page.keyboard.press("Control+s")
    expect(page.locator("[data-save-state]")).to_contain_text("已保存")


def type_in(page: Page, answers: Answers, section: str) -> None:
    [wanted] = [one for one in annual().sections if one.key == section]
    for cell in (cell for table in wanted.tables for cell in table.cells if not cell.total):
        # Last year's 9, 3 more, 1 less.
        field(page, cell.name).fill("11" if cell.name == IN_FORCE else answers.shown(cell.name))
    saved(page)


def paste_table(page: Page, answers: Answers) -> None:
    """The whole third part from a spreadsheet, 25 by 7, with two slips in it."""
    rows: dict[str, list[str]] = {}
    [table] = [one for one in annual().tables if one.key == TABLE]
    for cell in table.cells:
        rows.setdefault(cell.row.path, []).append(answers.shown(cell.name))
    assert {len(row) for row in rows.values()} == {7}
    rows["received"][0] = "13"
    rows["carried_out"][1] = "1"
    first = table.cells[0].name
    field(page, first).focus()
    text = "\r\n".join("\t".join(row) for row in rows.values())
    page.evaluate(PASTE, [first, {"text/plain": text}])
    page.locator("[data-paste-bar]").get_by_role("button", name="应用").click()
    saved(page)
    expect(page.locator("#checks .finding.bad, #checks .bad").first).to_be_visible()


def find_and_mend(page: Page) -> None:
    """Both slips are found, and mended one by one."""
    part = page.locator('[data-part="requests"]')
    expect(part).to_contain_text("处错误")
    field(page, "requests.received.natural_person").fill("12")
    field(page, "requests.carried_out.legal_person.company").fill("0")
    saved(page)
    expect(part).to_contain_text("完成")


def go_to_preview(page: Page) -> None:
    """The document as it will be printed, from the real worker; the browser draws every page."""
    page.locator("nav.parts").get_by_role("link", name="预览文件").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("预览文件")
    expect(page.locator("#preview-state")).to_contain_text(
        re.compile(r"第\d+版 · \d+ 页 · [\d.]+ 秒"), timeout=FIRST_DOCUMENT
    )
    pages = page.locator("ol.pages img")
    assert pages.count() >= 3
    for picture in pages.all():
        picture.scroll_into_view_if_needed()
        expect(picture).to_have_js_property("complete", True)
        assert picture.evaluate("image => image.naturalWidth") > 1000
    expect(page.locator("nav.places a").first).to_have_attribute("href", "#page-1")
