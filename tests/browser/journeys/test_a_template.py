"""A new Word template, in a real browser and by the real worker: examined, tried, put in force, taken back."""

import re
from itertools import count
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from storage.filing.submissions import submit
from storage.people.passwords import hashed, set_password
from storage.session import session_scope
from storage.tables import Account, Role
from tests.browser.conftest import NewContext
from tests.browser.journeys.conftest import FIRST_DOCUMENT, PASSWORD, House
from tests.orders import RECIPE
from tests.people import ordinary_report, read
from tests.trying import DOCUMENT, changed, wider
from tests.units import person_with

pytestmark = pytest.mark.timeout(1200)

UNIT = "临溪县试排局"
TYPO = ("normative_documents.issued }}", "normative_documents.isued }}")
_numbers = count(1)


@pytest.fixture
def keeper(house: House, new_context: NewContext) -> Page:
    """The system administrator, signed in."""
    login, secret = f"xitong{next(_numbers)}", hashed(PASSWORD)
    with session_scope(house.engine) as session:
        person = person_with(session, login, (Role.SYSTEM, None))
        set_password(session, session.get_one(Account, person.account_id), secret, "operator:root")
    page = new_context(house.origin).new_page()
    page.goto("/")
    page.get_by_label("账号").fill(login)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.get_by_role("navigation", name="主要栏目").get_by_role("link", name="模板").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Word 模板")
    return page


def upload(page: Page, file: Path) -> None:
    page.get_by_label("文件（.docx）").set_input_files(file)
    page.get_by_role("button", name="上传并检查").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(r"模板 2021-\d+"))


def can_be_read_by_everybody(page: Page) -> None:
    found = Axe().run(page).response["violations"]
    assert [one["id"] for one in found if one["impact"] in ("serious", "critical")] == []


def test_a_template_is_examined_tried_put_in_force_and_taken_back(house: House, keeper: Page, tmp_path: Path) -> None:
    with session_scope(house.engine) as session:
        submit(session, read(ordinary_report(UNIT, 2024)), "operator:root", RECIPE)
    upload(keeper, changed(tmp_path, TYPO, part=DOCUMENT, name="typo.docx"))
    expect(keeper.locator("#template-state")).to_contain_text("未通过检查", timeout=FIRST_DOCUMENT)
    expect(keeper.locator("#template-state")).to_contain_text("没有“article_20_1.normative_documents.isued”这个名称")
    keeper.get_by_role("link", name="Word 模板").click()
    upload(keeper, wider(tmp_path, 680))
    name = (keeper.get_by_role("heading", level=1).text_content() or "").removeprefix("模板 ")
    expect(keeper.locator("#template-state")).to_contain_text("检查通过", timeout=FIRST_DOCUMENT)
    can_be_read_by_everybody(keeper)
    for box in keeper.get_by_role("checkbox").all():
        box.set_checked(False)
    keeper.get_by_role("checkbox", name=UNIT).check()
    keeper.get_by_role("button", name="试排所选的").click()
    row = keeper.get_by_role("row", name=UNIT)
    expect(row).to_contain_text("已生成", timeout=FIRST_DOCUMENT)
    row.get_by_role("link").click()
    expect(keeper.get_by_role("heading", level=1)).to_contain_text(UNIT)
    pages = keeper.locator(".sides img")
    assert pages.count() >= 3
    for picture in pages.all():
        picture.scroll_into_view_if_needed()
        expect(picture).to_have_js_property("complete", True)
        assert picture.evaluate("image => image.naturalWidth") > 1000
    can_be_read_by_everybody(keeper)
    keeper.get_by_role("navigation", name="位置").get_by_role("link", name=f"模板 {name}").click()
    keeper.get_by_text("启用这个版本…").click()
    keeper.get_by_role("button", name="确认启用").click()
    expect(keeper.get_by_role("listitem").filter(has_text=name).first).to_contain_text("启用")
    keeper.get_by_text("恢复使用…").click()
    keeper.get_by_role("button", name="确认恢复随附模板").click()
    expect(keeper.get_by_role("listitem").filter(has_text="随附模板").first).to_contain_text("启用")
    expect(keeper.get_by_role("listitem").filter(has_text=name).first).to_contain_text("已停用")
