"""Many people are taken in by one list: looked at first, written whole or not at all, and each gets a link once."""

import io
import json
import re

import pytest
from python_calamine import load_workbook
from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage

from service.admin.account_sheet import HEADS
from storage.people.accounts import find_account
from storage.session import reading_scope
from storage.tables import Account, AuditEvent
from tests.people import ARCHIVES, MARKET
from tests.service.conftest import Office
from tests.service.visitors import Browser, Page
from tests.spreadsheets import sheet, with_member

HEAD = tuple(HEADS.values())
CHEN = ("chenjing", "陈静", "0571-1", "chenjing@linxi.gov.cn", MARKET, "填报人")
SUN = ("sunli", "孙莉", "", "", "", "审计管理员")


def look(administrator: Browser, data: bytes, name: str = "accounts.xlsx") -> Page:
    file = FileStorage(io.BytesIO(data), name)
    return administrator.send(administrator.get("/accounts/import"), "/accounts/import", file=file)


def of(*rows: tuple[object, ...]) -> bytes:
    return sheet(*rows, head=HEAD)


def accounts(office: Office) -> int:
    with reading_scope(office.engine) as session:
        return session.scalars(select(func.count()).select_from(Account)).one()


def links(page: Page) -> list[str]:
    return re.findall(r"http://localhost(/invitation\?token=[\w-]+)", page.words)


def test_the_blank_list_can_be_read_again(administrator: Browser) -> None:
    blank = administrator.client.get("/accounts/import/blank.xlsx", buffered=True).data
    assert load_workbook(io.BytesIO(blank)).get_sheet_by_index(0).to_python()[0] == list(HEAD)
    page = look(administrator, blank)
    assert "没有名为“（单位全称）”的单位" in page.words


def test_a_list_is_looked_at_then_written_and_everybody_gets_a_link_that_works(
    administrator: Browser, stranger: Browser, office: Office
) -> None:
    before = accounts(office)
    page = look(administrator, of(CHEN, (*CHEN[:4], ARCHIVES, "填报人"), SUN))
    assert (page.status, "新建 2 个账号，修改 0 个，不变 0 个" in page.words) == (200, True)
    assert accounts(office) == before
    done = administrator.send(page, "/accounts/import/carry-out")
    assert (done.status, accounts(office)) == (200, before + 2)
    assert "已写入：新建 2 个账号" in done.words
    assert f"填报人 {MARKET}；填报人 {ARCHIVES}" in done.words
    first, second = links(done)
    assert first != second
    assert "陈静，您好。您的账号是 chenjing" in stranger.get(first).words
    fields = {name: done.all(f"//input[@name='{name}']/@value")[-1] for name in ("csrf_token", "strips")}
    file = administrator.client.post("/accounts/invitations.xlsx", data=fields, buffered=True).get_data()
    told = load_workbook(io.BytesIO(file)).get_sheet_by_index(0).to_python()
    assert [row[0] for row in told] == ["账号", "chenjing", "sunli"]
    assert told[1][3].endswith(first)
    again = look(administrator, of(CHEN, SUN))
    assert "新建 0 个账号，修改 0 个，不变 2 个" in again.words
    assert "确认写入" not in again.words


def test_the_links_are_in_no_table(administrator: Browser, office: Office) -> None:
    done = administrator.send(look(administrator, of(CHEN)), "/accounts/import/carry-out")
    [link] = links(done)
    with office.engine.connect() as connection:
        for table in ("invitation", "audit_event", "account"):
            assert link.partition("=")[2] not in str(connection.exec_driver_sql(f"SELECT * FROM {table}").all())


def test_one_wrong_cell_and_nothing_is_written(administrator: Browser, office: Office) -> None:
    before = accounts(office)
    page = look(administrator, of(CHEN, ("x y", "", "", "", "没有这个局", "领导")))
    assert (page.status, "有 4 处不对，什么都没有写" in page.words) == (422, True)
    wrong = ("账号账号应是", "姓名新账号要填姓名", "单位名称没有名为“没有这个局”的单位", "职责没有“领导”这种职责")
    for said in (f"第 3 行 {one}" for one in wrong):
        assert said in page.words
    assert page.all("//input[@name='rows']") == []
    rows = json.dumps([[2, *CHEN], [3, "x y", "", "", "", "没有这个局", "领导"]])
    token = page.all("//input[@name='csrf_token']/@value")[0]
    refused = administrator.post("/accounts/import/carry-out", {"csrf_token": token, "rows": rows})
    assert (refused.status, accounts(office)) == (422, before)


def test_what_was_made_meanwhile_is_found_out_and_nothing_is_doubled(administrator: Browser, office: Office) -> None:
    page = look(administrator, of(CHEN))
    administrator.send(look(administrator, of(CHEN)), "/accounts/import/carry-out")
    before = accounts(office)
    done = administrator.send(page, "/accounts/import/carry-out")
    assert (done.status, accounts(office), links(done)) == (200, before, [])


FORMULA = sheet(("=1+1", "陈静", "", "", MARKET, "填报人"), head=HEAD)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "没有选择文件"),
        (b"login,person", "不是 xlsx 文件"),
        (sheet(("a", "b"), head=("账号", "名字")), "缺少列：姓名、单位名称、职责"),
        (sheet((*CHEN, "x"), head=(*HEAD, "密码")), "不认识的列：密码"),
        (sheet(CHEN, head=("姓名", "单位名称", "职责", "a", "b", "c")), "没有“账号”这一列"),
        (of(), "表里没有账号"),
        (FORMULA, "A2 格是公式"),
        (with_member(of(CHEN), "xl/vbaProject.bin", b"x"), "文件里有宏"),
    ],
    ids=["nothing", "csv", "columns missing", "a column too many", "no heading", "empty", "formula", "macro"],
)
def test_a_file_that_is_no_list_is_refused_in_words(
    administrator: Browser, office: Office, data: bytes, said: str
) -> None:
    before = accounts(office)
    page = look(administrator, data, "accounts.xlsx" if data else "")
    assert (page.status, said in page.words) == (422, True), page.words
    assert accounts(office) == before


@pytest.mark.parametrize(
    "rows", ["", "{}", "[]", "[[1]]", '[["2","a","b","c","d","e","f"]]', "[[2,1,2,3,4,5,6]]", "null"]
)
def test_rows_that_no_page_of_ours_carried_are_refused(administrator: Browser, rows: str) -> None:
    page = administrator.get("/accounts/import")
    token = page.all("//input[@name='csrf_token']/@value")[0]
    answer = administrator.post("/accounts/import/carry-out", {"csrf_token": token, "rows": rows})
    assert answer.status == 400


def test_everybody_who_waits_is_invited_anew(administrator: Browser, stranger: Browser) -> None:
    done = administrator.send(look(administrator, of(CHEN)), "/accounts/import/carry-out")
    [old] = links(done)
    page = administrator.get("/accounts/import")
    fresh = links(administrator.send(page, "/accounts/invitations"))
    assert stranger.get(old).status == 410
    assert any(stranger.get(link).status == 200 for link in fresh)


def test_duties_stay_apart_on_the_page_as_well(administrator: Browser, office: Office) -> None:
    administrator.send(look(administrator, of(SUN)), "/accounts/import/carry-out")
    with reading_scope(office.engine) as session:
        account = find_account(session, "sunli")
        assert account is not None
    page = administrator.get("/accounts")
    refused = administrator.send(page, f"/accounts/{account.public_id}/appoint", role="system", unit="")
    assert (refused.status, "三员分立" in refused.words) == (422, True)
    [mine] = page.all("//b[text()='zhaoqiang先生']/ancestor::li//form[.//select]/@action")
    own = administrator.send(page, mine, role="system", unit="")
    assert (own.status, "不能给自己分配职责" in own.words) == (422, True)


def test_the_import_is_on_record(administrator: Browser, office: Office) -> None:
    administrator.send(look(administrator, of(CHEN)), "/accounts/import/carry-out")
    with reading_scope(office.engine) as session:
        told = session.scalars(select(AuditEvent.action).where(AuditEvent.actor == "account:zhaoqiang"))
        acts = [action for action in told if not action.startswith("session")]
    assert acts == ["account.created", "account.appointed", "account.imported", "account.invited"]
