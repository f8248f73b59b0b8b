"""The auditor finds, takes along and proves what was done; nobody else sees it, and nobody changes it."""

import csv
import io
import re

import pytest
from python_calamine import load_workbook
from sqlalchemy import select, text

from reports.faces.spreadsheets import harmless
from service.admin import trail_export
from service.admin.audit_words import ACTIONS, GROUPS, action_in_words, actions_of, detail_in_words, groups
from storage import audit
from storage.session import reading_scope, session_scope
from storage.tables import AuditEvent, Role
from tests.people import MARKET, as_json, ordinary_report
from tests.service.conftest import Office
from tests.service.visitors import Browser, Page, Program


@pytest.fixture
def auditor(office: Office) -> Browser:
    """Who has the duty of auditing."""
    return office.visitor("shenji", (Role.AUDIT, None))


@pytest.fixture
def full(office: Office, program: Program, clerk: Browser) -> Office:
    """A unit has sent in a report, and a clerk has signed in."""
    program.hand_in(as_json(ordinary_report()))
    return office


def events(page: Page) -> list[str]:
    return [" ".join(one.text_content().split()) for one in page.all("//table[contains(@class, 'events')]//tbody/tr")]


def taken(auditor: Browser, page: Page, kind: str) -> bytes:
    """The file that the form for taking along leads to."""
    [form] = page.all("//form[@action='/audit/export']")
    hidden = {one.get("name"): one.get("value", "") for one in form.xpath(".//input[@type='hidden']")}
    return auditor.client.post("/audit/export", data={**hidden, "kind": kind}, buffered=True).get_data()


def test_every_act_is_told_in_words_with_who_and_what(auditor: Browser, full: Office) -> None:
    told = events(auditor.get("/audit"))
    assert any("接口密钥 教育局系统" in one and "报送" in one and f"{MARKET} 2024年度" in one for one in told), told
    assert any("wangfang先生（wangfang）" in one and "登录" in one for one in told)
    assert any("分配职责" in one and "职责 clerk；单位 " + MARKET in one for one in told)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("who=wangfang", {"登录"}),
        ("group=report", {"报送", "填报"}),
        ("what=市场监督", {"报送", "填报"}),
        ("who=nobody", {"没有符合的记录。"}),
        ("group=key", {"新建接口密钥"}),
        ("since=2020-01-01&until=2020-12-31", {"没有符合的记录。"}),
        ("group=report&who=wangfang", {"没有符合的记录。"}),
    ],
)
def test_each_filter_shows_what_was_asked_for(auditor: Browser, full: Office, asked: str, found: set[str]) -> None:
    told = events(auditor.get(f"/audit?{asked}"))
    assert told
    for one in told:
        assert any(word in one for word in found), one


def test_a_day_that_is_none_is_refused_in_words(auditor: Browser) -> None:
    page = auditor.get("/audit?since=2026-02-30")
    assert (page.status, "“2026-02-30”不是日期" in page.words) == (422, True)
    assert page.all("//input[@id='since']/@value") == ["2026-02-30"]


def test_pages_go_on_where_the_last_ended(auditor: Browser, office: Office) -> None:
    with session_scope(office.engine) as session:
        for number in range(120):
            audit.record(session, "account:wang", "report.filled", "report:x", fields=["a"] * number)
    seen, address = [], "/audit?who=account:wang"
    while address:
        page = auditor.get(address)
        seen += [re.search(r"第 (\d+) 条", one)[1] for one in events(page)]
        address = next(iter(page.all("//a[@rel='next']/@href")), "")
    assert len(seen) == 120
    assert len(set(seen)) == 120


def test_what_was_found_is_taken_along_and_that_is_written_down(auditor: Browser, full: Office) -> None:
    page = auditor.get("/audit?group=report")
    answer = taken(auditor, page, "csv")
    rows = list(csv.reader(io.StringIO(answer.decode("utf-8-sig"))))
    assert rows[0][:4] == ["编号", "时间（北京）", "谁", "操作"]
    assert {row[3] for row in rows[1:]} == {"报送"}
    answer = taken(auditor, page, "xlsx")
    sheet = load_workbook(io.BytesIO(answer)).get_sheet_by_index(0).to_python()
    assert [[str(cell) for cell in row] for row in sheet] == rows
    with reading_scope(full.engine) as session:
        exported = select(AuditEvent.actor, AuditEvent.detail).where(AuditEvent.action == "audit.exported")
        told = [tuple(row) for row in session.execute(exported)]
    assert [actor for actor, _ in told] == ["account:shenji"] * 2
    assert '"group": "report"' in told[0][1]


def test_no_cell_of_an_export_is_a_formula(auditor: Browser, office: Office) -> None:
    nasty = ['=HYPERLINK("http://a.example")', "+1", "-1", "@SUM(A1)", "\tx", "\rx"]
    with session_scope(office.engine) as session:
        for one in nasty:
            audit.record(session, one, "report.send", one, remark=one)
    answer = taken(auditor, auditor.get("/audit"), "csv")
    for row in csv.reader(io.StringIO(answer.decode("utf-8-sig"))):
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row), row
    assert harmless("ordinary") == "ordinary"


def test_a_workbook_too_large_is_refused_before_anything_is_written(
    auditor: Browser, full: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trail_export, "MOST_IN_SHEET", 3)
    page = auditor.send(auditor.get("/audit"), "/audit/export", kind="xlsx")
    assert (page.status, "请缩小范围，或导出 CSV" in page.words) == (422, True)


def test_a_whole_chain_is_proved_and_its_last_number_told(auditor: Browser, full: Office) -> None:
    page = auditor.send(auditor.get("/audit"), "/audit/check")
    with reading_scope(full.engine) as session:
        checked = session.scalars(select(AuditEvent).where(AuditEvent.action == "audit.checked")).one()
    assert (page.status, "完好。" in page.words) == (200, True)
    assert checked.previous_sha256 in page.text
    assert '"result": "whole"' in checked.detail


def test_a_long_chain_is_proved_step_by_step(auditor: Browser, full: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    real = audit.verify_on
    monkeypatch.setattr(audit, "verify_on", lambda session, so_far: real(session, so_far, limit=4))
    page, steps = auditor.send(auditor.get("/audit"), "/audit/check"), 1
    while "继续核验" in page.words:
        page, steps = auditor.send(page, "/audit/check"), steps + 1
    assert steps > 2
    assert "没有一条被改动、删除或插入" in page.words


def test_nobody_goes_on_with_another_s_reading_or_an_invented_one(
    auditor: Browser, office: Office, full: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = audit.verify_on
    monkeypatch.setattr(audit, "verify_on", lambda session, so_far: real(session, so_far, limit=4))
    page = auditor.send(auditor.get("/audit"), "/audit/check")
    [token] = page.all("//input[@name='so_far']/@value")
    other = office.visitor("another", (Role.AUDIT, None))
    assert other.send(other.get("/audit"), "/audit/check", so_far=token).status == 404
    for invented in ("x", token + "x", '[999,"0",1]'):
        assert auditor.send(auditor.get("/audit"), "/audit/check", so_far=invented).status == 400


def test_a_breach_is_told_with_what_to_do(auditor: Browser, full: Office) -> None:
    with session_scope(full.engine) as session:
        session.execute(text("DROP TRIGGER audit_event_no_update"))
        session.execute(text("UPDATE audit_event SET actor = 'nobody' WHERE number = 2"))
    page = auditor.send(auditor.get("/audit"), "/audit/check")
    for said in ("记录被动过。", "第 2 条操作记录：内容被改动", "此前的 1 条完好", "保留现场"):
        assert said in page.words


def test_words_are_there_for_every_act_and_every_sort() -> None:
    assert all(action.partition(".")[0] in GROUPS for action in ACTIONS)
    assert {group for group, _ in groups()} <= GROUPS.keys()
    assert actions_of("nothing") == ()
    assert action_in_words("nothing.known") == "nothing.known"
    assert detail_in_words("not json") == "not json"
    assert detail_in_words('["a"]') == '["a"]'
