"""A reviewer brings the office's list in and reminds who is missing, in a real browser, to a real mail server."""

import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from storage.people.passwords import hashed, set_password
from storage.session import make_engine, session_scope
from storage.settings import Settings
from storage.tables import Account, Role, Unit
from tests.browser.conftest import NewPage
from tests.browser.test_every_screen import obstacles
from tests.mail_servers import Mailbox, mail_server
from tests.people import ARCHIVES, MARKET
from tests.service.web_server import WebServer
from tests.spreadsheets import sheet
from tests.units import collect, county, person_with
from workers.post import run_once

PASSWORD = "Lin-Xi 2025 nian bao"


@dataclass(frozen=True)
class Desk:
    """A reviewer's office, and the mailbox of whoever is written to."""

    origin: str
    settings: Settings
    mailbox: Mailbox


@pytest.fixture
def desk(tmp_path: Path, sqlite_pattern: Path) -> Iterator[Desk]:
    """临溪县, whose two units are expected; one of them can be written to."""
    shutil.copy(sqlite_pattern, tmp_path / "nianbao.sqlite3")
    mailbox, secret = Mailbox(), hashed(PASSWORD)
    with mail_server(mailbox) as port:
        mail = {"host": "127.0.0.1", "port": str(port), "security": "none", "from": "zwgk@linxi.example"}
        told = {f"smtp_{name}": value for name, value in mail.items()} | {"quiet_hours": "", "smtp_seconds": "120"}
        settings = Settings(data_dir=tmp_path, **told)  # type: ignore[arg-type]
        engine = make_engine(settings)
        with session_scope(engine) as session:
            units = county(session)
            session.get_one(Unit, units.market.id).email = "a@b.example"
            collect(session, units.office, units.archives, units.market)
            person = person_with(session, "limin", (Role.REVIEWER, units.office))
            set_password(session, session.get_one(Account, person.account_id), secret, "operator:root")
        engine.dispose()
        with closing(WebServer(settings, **{f"NIANBAO_{key.upper()}": value for key, value in told.items()})) as web:
            yield Desk(f"http://127.0.0.1:{web.port}", settings, mailbox)


def signed_in(new_page: NewPage, desk: Desk) -> Page:
    page = new_page(desk.origin, "/sign-in")
    page.fill("[name=login]", "limin")
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/overview")
    return page


def test_a_list_is_brought_in_after_it_was_looked_at(new_page: NewPage, desk: Desk) -> None:
    page = signed_in(new_page, desk)
    page.get_by_role("link", name="单位", exact=True).click()
    page.get_by_role("link", name="从 Excel 导入").click()
    data = sheet((MARKET, "", "部门"), ("临溪县教育局", "", "部门"), (ARCHIVES,))
    page.set_input_files("#roster", {"name": "名单.xlsx", "mimeType": "application/octet-stream", "buffer": data})
    page.get_by_role("button", name="上传并对照").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("导入前对照")
    expect(page.locator("ins")).to_have_text(["部门"])
    expect(page.locator("main")).to_contain_text("次序按表中先后重排")
    assert obstacles(page) == []
    page.get_by_role("button", name="导入", exact=True).click()
    expect(page.locator("[role=status]")).to_contain_text("新增 1 个，更改 1 个")
    units = page.locator("table.roll tbody th a")
    expect(units).to_have_text(["临溪县人民政府办公室", MARKET, "临溪县教育局", ARCHIVES])


def test_a_reminder_goes_from_the_overview_to_the_mailbox(new_page: NewPage, desk: Desk) -> None:
    page = signed_in(new_page, desk)
    expect(page.locator("table.roll tbody th")).to_have_count(2)
    page.locator("main .btn.main").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("催报")
    page.get_by_label("正文").fill("{单位}：请于{截止日}前报送。")
    page.get_by_role("button", name="预览").click()
    expect(page.locator("pre")).to_contain_text(f"{MARKET}：请于")
    expect(page.locator("main")).to_contain_text("1 个单位没有邮箱")
    page.get_by_role("button", name="回去修改").click()
    expect(page.get_by_label("正文")).to_have_value("{单位}：请于{截止日}前报送。")
    page.get_by_role("button", name="全选或全不选").click()
    expect(page.locator(".pick input:checked")).to_have_count(0)
    page.get_by_role("button", name="全选或全不选").click()
    page.get_by_role("button", name="预览").click()
    page.get_by_role("button", name="发送 1 封").click()
    expect(page.locator("#log")).to_be_visible()
    expect(page.locator("table.roll")).to_contain_text("等待发送")
    assert run_once(desk.settings) == 1
    page.reload()
    expect(page.locator("table.roll")).to_contain_text("已发出")
    [arrived] = desk.mailbox.messages
    assert arrived.get_content().startswith(f"{MARKET}：请于")
