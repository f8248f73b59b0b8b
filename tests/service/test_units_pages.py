"""A reviewer keeps the office's units: one by one, in order, with their history, or from a spreadsheet shown before."""

import base64
import io
import zlib

import pytest
from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from storage.roster.units import find_unit
from storage.session import reading_scope, session_scope
from storage.tables import AuditEvent, Role, Unit
from tests.people import ARCHIVES, LANJIANG, MARKET
from tests.service.conftest import Office
from tests.service.visitors import Browser, Page
from tests.spreadsheets import sheet, with_member
from tests.units import OFFICE

CODE = "11990000000000001G"


@pytest.fixture
def system(office: Office) -> Browser:
    """Who runs the installation."""
    return office.visitor("root", (Role.SYSTEM, None))


def names(office: Office) -> list[str]:
    with reading_scope(office.engine) as session:
        under = select(Unit.name).where(Unit.supervisor_id == office.units.office.id)
        return list(session.scalars(under.order_by(Unit.position, Unit.id)))


def listed(page: Page) -> list[str]:
    return [one.text_content() for one in page.all("//table[@class='roll']/tbody/tr/th//a")]


def unit(office: Office, name: str) -> Unit:
    with reading_scope(office.engine) as session:
        found = find_unit(session, name)
    assert found is not None
    return found


def actions(office: Office) -> list[str]:
    with reading_scope(office.engine) as session:
        wanted = AuditEvent.action.like("unit%")
        return list(session.scalars(select(AuditEvent.action).where(wanted).order_by(AuditEvent.number)))


FACTS = {
    "name": "临溪县教育局",
    "code": CODE,
    "kind": "department",
    "short_name": "教育局",
    "email": "a@b.cn",
    "contact": "周文静",
}


def test_the_tree_shows_the_office_and_what_it_supervises_and_nothing_else(office: Office, reviewer: Browser) -> None:
    assert listed(reviewer.get("/units")) == [OFFICE, ARCHIVES, MARKET]
    assert LANJIANG not in reviewer.get("/units").words


def test_who_runs_the_installation_sees_all(office: Office, system: Browser) -> None:
    assert listed(system.get("/units")) == [OFFICE, ARCHIVES, MARKET, LANJIANG]


def test_a_unit_is_added_under_the_own_office_and_found_by_its_initials(office: Office, reviewer: Browser) -> None:
    assert reviewer.send(reviewer.get("/units/new"), "/units/new", **FACTS).status == 303
    assert names(office) == [ARCHIVES, MARKET, "临溪县教育局"]
    assert listed(reviewer.get("/units?like=lxxjyj")) == ["临溪县教育局"]
    assert listed(reviewer.get("/units?like=" + CODE)) == ["临溪县教育局"]
    assert actions(office) == ["unit.created"]


@pytest.mark.parametrize(
    ("said", "field", "sentence"),
    [
        ({"name": MARKET}, "name", "已有名为"),
        ({"name": " "}, "name", "1 至 200 个字"),
        ({"code": "1"}, "code", "请核对 18 位字符"),
        ({"email": "x"}, "email", "不是电子邮件地址"),
        ({"supervisor": "somebody"}, "supervisor", "不能把单位放到那里"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field_and_what_was_typed_stays(
    office: Office, reviewer: Browser, said: dict[str, str], field: str, sentence: str
) -> None:
    page = reviewer.send(reviewer.get("/units/new"), "/units/new", **{**FACTS, **said})
    assert (page.status, sentence in page.words) == (422, True)
    assert page.all(f"//a[@href='#{field}']")
    assert page.all("//input[@id='contact']/@value") == ["周文静"]
    assert (names(office), actions(office)) == ([ARCHIVES, MARKET], [])


def test_a_unit_is_renamed_and_the_change_is_on_record(office: Office, reviewer: Browser) -> None:
    at = f"/units/{office.units.market.public_id}"
    page = reviewer.get(at)
    assert page.all("//input[@id='name']/@value") == [MARKET]
    assert reviewer.send(page, at, **{**FACTS, "name": "临溪县市场监管局"}).status == 303
    assert reviewer.get(at).heading == "临溪县市场监管局"
    assert actions(office) == ["unit.changed"]


def test_units_go_up_and_down(office: Office, reviewer: Browser) -> None:
    at = f"/units/{office.units.market.public_id}/place"
    reviewer.send(reviewer.get("/units"), at, step="-1")
    assert names(office) == [MARKET, ARCHIVES]
    reviewer.send(reviewer.get("/units"), at, step="1")
    assert names(office) == [ARCHIVES, MARKET]
    page = reviewer.get(f"/units/{office.units.market.public_id}")
    assert page.all("//input[@id='place']/@value") == ["2"]
    reviewer.send(page, at, place="1")
    assert names(office) == [MARKET, ARCHIVES]
    assert reviewer.send(reviewer.get("/units"), at, step="many", place="x").status == 303


def becomes(reviewer: Browser, one: Unit, how: str, **said: str) -> Page:
    at = f"/units/{one.public_id}"
    return reviewer.send(reviewer.get(at), f"{at}/{how}", **said)


def test_a_unit_is_merged_into_another_and_brought_back(office: Office, reviewer: Browser) -> None:
    refused = becomes(reviewer, office.units.archives, "merge", into=LANJIANG, on="2025-03-01")
    assert (refused.status, "没有名为" in refused.words) == (422, True)
    assert refused.all("//input[@id='into']/@value") == [LANJIANG]
    assert becomes(reviewer, office.units.archives, "merge", into=MARKET, on="2025-03-01").status == 303
    assert ARCHIVES not in listed(reviewer.get("/units"))
    assert ARCHIVES in listed(reviewer.get("/units?ended=1"))
    assert ARCHIVES in reviewer.get(f"/units/{office.units.market.public_id}").words
    becomes(reviewer, office.units.archives, "revive")
    assert ARCHIVES in listed(reviewer.get("/units"))


def test_a_unit_made_anew_takes_the_place(office: Office, reviewer: Browser) -> None:
    assert becomes(reviewer, office.units.archives, "anew", name="临溪县档案馆", code="", on="2025-03-01").status == 303
    assert listed(reviewer.get("/units")) == [OFFICE, "临溪县档案馆", MARKET]
    assert unit(office, "临溪县档案馆").predecessor_id == office.units.archives.id
    wrong_day = becomes(reviewer, office.units.market, "end", on="明天")
    assert (wrong_day.status, "请写一个日期" in wrong_day.words) == (422, True)


def test_nobody_ends_the_own_office(office: Office, reviewer: Browser) -> None:
    page = reviewer.get(f"/units/{office.units.office.public_id}")
    assert page.all("//form[contains(@action, '/end')]") == []
    [token] = set(page.all("//main//input[@name='csrf_token']/@value"))
    refused = reviewer.post(f"/units/{office.units.office.public_id}/end", {"csrf_token": token})
    assert (refused.status, "请系统管理员办理" in refused.words) == (422, True)


def test_another_offices_unit_is_not_there(office: Office, reviewer: Browser) -> None:
    at = f"/units/{office.units.elsewhere.public_id}"
    assert reviewer.get(at).status == 404
    [token] = set(reviewer.get("/units/new").all("//main//input[@name='csrf_token']/@value"))
    for path in (at, f"{at}/place", f"{at}/end", f"{at}/anew"):
        assert reviewer.post(path, {"csrf_token": token, **FACTS}).status == 404
    assert unit(office, LANJIANG).ended_on is None


def test_clerks_keep_no_units(clerk: Browser, head: Browser, administrator: Browser, office: Office) -> None:
    for somebody in (clerk, head, administrator):
        for path in ("/units", "/units/new", "/units/import", "/units/roster.xlsx"):
            assert somebody.get(path).status == 404
        assert somebody.get(f"/units/{office.units.market.public_id}").status == 404


# From a spreadsheet.


def brought(reviewer: Browser, data: bytes, name: str = "名单.xlsx") -> Page:
    file = FileStorage(io.BytesIO(data), name)
    return reviewer.send(reviewer.get("/units/import"), "/units/import", roster=file)


def sums(page: Page) -> list[int]:
    """How many are new, changed, unchanged, not in the file, wrong."""
    return [int(one.text_content()) for one in page.all("//ul[contains(@class, 'sums')]//b")]


def test_a_roster_is_shown_line_by_line_and_written_when_it_was_looked_at(office: Office, reviewer: Browser) -> None:
    page = brought(reviewer, sheet((MARKET, CODE, "部门", "", "", "a@b.cn", ""), ("临溪县教育局", "", "部门")))
    assert (names(office), actions(office)) == ([ARCHIVES, MARKET], [])
    assert sums(page) == [1, 1, 0, 1, 0]
    assert [one.text_content() for one in page.all("//ins")] == [CODE, "部门", "a@b.cn"]
    done = reviewer.send(page, "/units/import/apply")
    assert (done.status, names(office)) == (303, [ARCHIVES, MARKET, "临溪县教育局"])
    assert actions(office) == ["units.imported"]
    assert "新增 1 个，更改 1 个" in reviewer.get("/units").words


def test_what_is_wrong_is_told_by_row_and_column_and_there_is_nothing_to_press(
    office: Office, reviewer: Browser
) -> None:
    page = brought(reviewer, sheet(("甲局",), ("甲局",), ("乙局", "=1+1"), ("丙局", "", "机关")))
    assert "有 4 处不对，不能导入" in page.words
    assert ("第 4 行" in page.words, "这一格是公式" in page.words) == (True, True)
    assert page.all("//form[@action='/units/import/apply']") == []


def test_a_file_that_is_no_roster_is_refused_in_words(office: Office, reviewer: Browser) -> None:
    for data, said in (
        (b"a,b\n", "不是 xlsx 文件"),
        (with_member(sheet(("甲局",)), "xl/vbaProject.bin", b"x"), "文件里有宏"),
        (sheet(("甲局",), head=("名称",)), "没有“单位名称”这一列"),
    ):
        page = brought(reviewer, data)
        assert (page.status, said in page.words) == (422, True), said
    nothing = reviewer.send(reviewer.get("/units/import"), "/units/import")
    assert (nothing.status, "没有选择文件" in nothing.words) == (422, True)


def test_what_somebody_changed_meanwhile_is_shown_again(office: Office, reviewer: Browser) -> None:
    page = brought(reviewer, sheet(("临溪县教育局",)))
    with session_scope(office.engine) as session:
        session.get_one(Unit, office.units.market.id).contact = "别人刚改的"
    again = reviewer.send(page, "/units/import/apply")
    assert (again.status, "刚才有人改动了单位" in again.words) == (409, True)
    assert names(office) == [ARCHIVES, MARKET]
    assert reviewer.send(again, "/units/import/apply").status == 303


def test_what_the_page_carries_is_not_believed(office: Office, reviewer: Browser) -> None:
    page = brought(reviewer, sheet(("临溪县教育局",)))
    [digest] = page.all("//input[@name='digest']/@value")
    for rows in (
        "",
        "!!",
        base64.b64encode(b"x").decode(),
        base64.b64encode(zlib.compress(b"[1]")).decode(),
        base64.b64encode(zlib.compress(b"[[" * 100_000)).decode(),
        base64.b64encode(zlib.compress(bytes(40 * 1024 * 1024))).decode(),
    ):
        assert reviewer.send(page, "/units/import/apply", rows=rows).status == 400
    other = base64.b64encode(zlib.compress('[[2,{"name":"别的局"}]]'.encode())).decode()
    assert reviewer.send(page, "/units/import/apply", rows=other, digest=digest).status == 409
    assert names(office) == [ARCHIVES, MARKET]


def test_a_reviewer_cannot_bring_in_another_offices_units(office: Office, reviewer: Browser, system: Browser) -> None:
    page = brought(reviewer, sheet((LANJIANG, "", "", "改"), ("甲局", "", "", "", LANJIANG)))
    assert "由另一个主管单位管理" in page.words
    assert "不能把单位放到" in page.words
    everybody = brought(system, sheet((LANJIANG, "", "", "澜江"), ("甲局", "", "", "", LANJIANG)))
    assert system.send(everybody, "/units/import/apply").status == 303
    assert unit(office, LANJIANG).short_name == "澜江"


def test_the_roster_to_download_has_the_units_filled_in_and_goes_back_unchanged(
    office: Office, reviewer: Browser
) -> None:
    answer = reviewer.client.get("/units/roster.xlsx")
    assert "attachment" in answer.headers["Content-Disposition"]
    page = brought(reviewer, answer.data)
    assert sums(page) == [0, 0, 2, 0, 0]
    assert "没有要导入的" in page.words


def test_ten_thousand_rows_are_shown_and_written(office: Office, reviewer: Browser) -> None:
    page = brought(reviewer, sheet(*((f"临溪县第{n}村",) for n in range(10_000))))
    assert sums(page) == [10_000, 0, 0, 2, 0]
    assert "还有 9500 行没有列出" in page.words
    assert reviewer.send(page, "/units/import/apply").status == 303
    assert len(names(office)) == 10_002
    assert "第 1–100 个，共 10003 个" in reviewer.get("/units").words
