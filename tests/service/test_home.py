"""The first page tells whoever answers for a unit what is wanted, until when, how far it is, and what comes next."""

import re
from datetime import date
from typing import Any

import pytest
from sqlalchemy import event, select

from reports.states import Move
from service.deadlines import deadline
from storage.session import session_scope
from storage.tables import Report, ReportState, Role, RosterEntry, Unit
from tests.people import ARCHIVES, MARKET, as_json, nil_return, ordinary_report, read
from tests.service.conftest import Office
from tests.service.drafts import (
    call_for,
    exempt,
    job_of,
    ready,
    retype,
    send,
    send_back,
    state_of,
    take,
    this_year,
    typed,
)
from tests.service.visitors import Browser, Page, Program
from tests.units import OFFICE

CARRIED_IN = "requests.carried_in.natural_person"


def tasks(page: Page) -> dict[str, str]:
    """The sections on the list, and how far each is."""
    return {
        one.xpath("string(span)"): one.xpath("string(*[contains(@class, 'tag')])")
        for one in page.all("//a[@class='task']")
    }


def begin(browser: Browser, way: str) -> Page:
    """Press one of the buttons to start."""
    page = browser.get("/")
    [form] = page.all(f"//form[.//input[@name='way'][@value='{way}']]")
    held = {one.get("name"): one.get("value") for one in form.xpath(".//input")}
    return browser.post(form.get("action"), held)


def test_when_nothing_is_called_for_the_page_says_so_and_whom_to_ask(clerk: Browser) -> None:
    page = clerk.get("/")
    assert page.heading == MARKET
    assert "现在没有要填的年度报告" in page.words
    assert OFFICE in page.words
    assert "王敏 0571-8800" in page.words
    assert not page.all("//form[contains(@action, '/start')]")


def test_three_ways_to_start_say_what_they_bring(office: Office, clerk: Browser, program: Program) -> None:
    program.hand_in(as_json(ordinary_report(year=2024)))
    call_for(office, office.units.market)
    page = clerk.get("/")
    assert [one.text for one in page.all("//section[contains(@class, 'start')]//h3")] == [
        "沿用上年",
        "本年无政府信息公开申请，本年无复议、诉讼",
        "从空白开始",
    ]
    assert "“行政规范性文件”行“现行有效件数”列 9" in page.words
    assert "“二、上年结转”行“自然人”列 1" in page.words
    assert "共 156 格里空着的全部填 0" in page.words


def test_last_year_is_not_offered_where_there_is_none(office: Office, clerk: Browser) -> None:
    call_for(office, office.units.market)
    page = clerk.get("/")
    assert "系统里没有本单位2024年的报告" in page.words
    assert page.all("//button[@aria-label='沿用上年']/@disabled")


def test_starting_from_last_year_brings_what_goes_on_from_it(office: Office, clerk: Browser, program: Program) -> None:
    program.hand_in(as_json(ordinary_report(year=2024)))
    call_for(office, office.units.market)
    answer = begin(clerk, "last_year").answer
    assert answer.status_code == 303
    assert answer.location.endswith("/fill/overview")
    page = clerk.get(answer.location.replace("overview", "requests"))
    assert page.all(f"//input[@id='{CARRIED_IN}']/@value") == ["1"]
    assert tasks(clerk.get("/"))["三、收到和处理政府信息公开申请情况"] == "填写中"


def test_a_nil_return_fills_in_zeros_and_says_what_it_left(office: Office, clerk: Browser, program: Program) -> None:
    program.hand_in(as_json(ordinary_report(year=2024)))
    call_for(office, office.units.market)
    assert begin(clerk, "nil").status == 303
    page = clerk.get("/")
    assert "已在空白处填 150 个 0" in page.words
    assert "有 1 格已经填了别的数，没有改：“二、上年结转”行“自然人”列 1。" in page.words
    assert "已在空白处" not in clerk.get("/").words, "said once"
    assert tasks(page)["四、政府信息公开行政复议、行政诉讼情况"] == "完成"


def test_the_list_of_sections_is_honest(office: Office, clerk: Browser) -> None:
    public_id = ready(office, cells={"requests.received.natural_person": 13, "requests.received.total": 17})
    retype(office, public_id, "problems.improved", "")
    retype(office, public_id, "other.matters", "")
    page = clerk.get("/")
    words = list(tasks(page).values())
    assert [re.sub(r"^\d ", "", word) for word in words] == [
        *("完成", "完成", "处错误", "完成", "填写中", "未开始"),
        "处错误",
    ]
    assert "已完成 3 / 6" in page.words
    assert page.all("//a[contains(@class, 'main')][contains(@href, '/fill')]"), "going on is the main thing"


def test_zeros_can_be_filled_in_later_too(office: Office, clerk: Browser) -> None:
    public_id = ready(office)
    for name in ("disputes.cases.review.other", "disputes.cases.review.pending"):
        retype(office, public_id, name, "")
    page = clerk.get("/")
    assert "还空着的 2 格填 0" in page.words
    assert "本年无政府信息公开申请" not in page.words, "there are no blanks in that section"
    clerk.send(page, f"/reports/{public_id}/nil")
    page = clerk.get("/")
    assert "已在空白处填 2 个 0" in page.words
    assert "还空着" not in page.words


@pytest.mark.parametrize(
    ("moves", "heading", "possible"),
    [
        ((), "已报送，等待审核", "可以撤回修改"),
        ((Move.BEGIN_REVIEW,), "正在审核", "现在不能修改"),
        ((Move.BEGIN_REVIEW, Move.APPROVE), "审核已通过", "前向社会公布"),
    ],
)
def test_each_state_says_what_happens_next(
    office: Office, clerk: Browser, moves: tuple[Move, ...], heading: str, possible: str
) -> None:
    public_id = ready(office)
    send(clerk, public_id)
    if moves:
        take(office, public_id, *moves)
    page = clerk.get("/")
    assert heading in page.words
    assert possible in page.words
    assert bool(page.all(f"//form[@action='/reports/{public_id}/withdraw']")) is (moves == ())
    assert page.all("//a[contains(@href, '/receipt')]")
    assert not page.all("//a[contains(@href, '/send')]"), "it is sent"
    assert "个工作日" not in page.words, "nothing presses"


def test_a_returned_report_begins_with_the_reviewers_words(office: Office, clerk: Browser) -> None:
    public_id = ready(office)
    send(clerk, public_id)
    said = {CARRIED_IN: "上年结转是 2 件", "problems.improved": "与上年相同", "": "请附依据"}
    send_back(office, public_id, said, remark="请核对后再报", due_on=date(2026, 1, 22))
    page = clerk.get("/")
    words = page.words
    assert "已退回，请修改 3 处" in words
    assert "请于1月22日前重新报送" in words
    assert words.index("请核对后再报") < words.index("上年结转是 2 件") < words.index("6 个部分都已完成")
    links = page.all("//ol[@class='comments']//a/@href")
    assert links[0] == f"/reports/{public_id}/fill/requests#{CARRIED_IN}"
    assert links[1] == f"/reports/{public_id}/fill/problems#problems.improved"
    for link in links[:2]:
        assert clerk.get(link).all(f"//*[@id='{link.partition('#')[2]}']"), "the link leads to the place"
    assert page.all("//a[contains(@href, '/send')]")


@pytest.mark.parametrize("way_back", [(Move.ASK_HEAD, Move.HAND_BACK), (Move.ASK_HEAD, Move.WITHDRAW)])
def test_the_reviewers_words_stay_until_it_is_sent_again(
    office: Office, clerk: Browser, way_back: tuple[Move, ...]
) -> None:
    public_id = ready(office)
    send(clerk, public_id)
    send_back(office, public_id, {CARRIED_IN: "上年结转是 2 件"}, remark="请核对后再报", due_on=date(2026, 1, 22))
    take(office, public_id, *way_back)
    words = clerk.get("/").words
    assert "上年结转是 2 件" in words
    assert "请于1月22日前重新报送" in words
    retype(office, public_id, "problems.improved", "逐条改过了。")
    send(clerk, public_id)
    assert "请于1月22日前重新报送" not in clerk.get("/").words


def test_a_report_opened_again_after_its_approval_is_told_why_and_not_of_older_returns(
    office: Office, clerk: Browser
) -> None:
    public_id = ready(office)
    send(clerk, public_id)
    send_back(office, public_id, {"": "旧批注"}, remark="旧意见", due_on=date(2026, 1, 22))
    send(clerk, public_id)
    take(office, public_id, Move.APPROVE, Move.REOPEN, remark="公布后发现收费数有误")
    for path in ("/", f"/reports/{public_id}/fill/overview"):
        page = clerk.get(path)
        told = " ".join(one.text_content() for one in page.all("//section[h2[@id='returned' or @id='comments-title']]"))
        assert "公布后发现收费数有误" in told
        assert "旧" not in told
        assert "1月22日" not in page.words


def test_every_step_is_on_record_the_last_first(office: Office, clerk: Browser) -> None:
    public_id = ready(office)
    send(clerk, public_id)
    take(office, public_id, Move.BEGIN_REVIEW, Move.RETURN, remark="请核对")
    page = clerk.get("/")
    assert [one.text for one in page.all("//ol[@class='steps']//b")] == ["退回修改", "开始审核", "报送"]
    assert page.all("//ol[@class='steps']/li[1]/blockquote/text()") == ["请核对"]
    assert page.all("//ol[@class='steps']/li[3]//span/text()") == ["wangfang先生"], "by name, not by account"


def test_an_exempt_unit_is_told_why(office: Office, clerk: Browser) -> None:
    exempt(office, call_for(office, office.units.market), office.units.market, "职能并入县委政法委")
    page = clerk.get("/")
    assert "本年度免报" in page.words
    assert "职能并入县委政法委" in page.words
    assert not page.all("//form[contains(@action, '/start')]")


def test_who_answers_for_several_units_chooses(office: Office) -> None:
    units = office.units
    call_for(office, units.market)
    both = office.visitor("sunli", (Role.CLERK, units.archives), (Role.CLERK, units.market))
    page = both.get("/")
    assert page.heading == MARKET, "what is called for comes first"
    [other] = page.all("//nav[@class='units']/a[not(@aria-current)]/@href")
    assert both.get(other).heading == ARCHIVES
    assert both.get(f"/?unit={units.elsewhere.public_id}").status == 404


def statements(office: Office, browser: Browser) -> list[str]:
    """What the database is asked for the first page."""
    asked: list[str] = []

    def listen(_connection: Any, _cursor: Any, statement: str, *_others: Any) -> None:
        asked.append(statement)

    event.listen(office.engine, "before_cursor_execute", listen)
    assert browser.get("/").status == 200
    event.remove(office.engine, "before_cursor_execute", listen)
    return asked


def test_who_answers_for_many_units_does_not_have_all_their_reports_read(office: Office) -> None:
    with session_scope(office.engine) as session:
        more = [Unit(name=f"临溪县第{n}中学", supervisor_id=office.units.office.id) for n in range(6)]
        session.add_all(more)
    call = call_for(office, *more)
    for unit in more:
        typed(office, call, unit, read(this_year(unit.name)))
    few, many = (
        statements(office, office.visitor(f"for{number}", *((Role.CLERK, unit) for unit in more[:number])))
        for number in (2, 6)
    )
    assert sum("field.value" in one for one in few) == sum("field.value" in one for one in many)
    assert len(many) - len(few) <= 2 * 4


def test_earlier_years_are_there_with_their_documents(office: Office, clerk: Browser, program: Program) -> None:
    for year in (2023, 2024):
        job = program.hand_in(as_json(ordinary_report(year=year))).get_json()["job"]["id"]
        office.make(job)
    call_for(office, office.units.market)
    page = clerk.get("/")
    assert [one.text for one in page.all("//ul[@class='years']//b")] == ["2024", "2023"]
    assert len(page.all("//ul[@class='years']//a[contains(@href, '/documents/')]")) == 4


def test_an_approved_report_offers_its_documents(office: Office, clerk: Browser) -> None:
    public_id = ready(office)
    send(clerk, public_id)
    job = job_of(office, public_id)
    office.make(job)
    take(office, public_id, Move.APPROVE)
    assert {f"/documents/{job}.pdf", f"/documents/{job}.docx"} <= set(clerk.get("/").all("//section//a/@href"))


def test_a_reviewer_is_led_to_the_list_and_others_to_their_duties(
    office: Office, reviewer: Browser, administrator: Browser
) -> None:
    assert reviewer.get("/").answer.location == "/overview"
    page = administrator.get("/")
    assert "账号" in page.words
    assert "/accounts" in page.all("//main//a/@href")
    assert "没有分配给任何单位" in office.visitor("nobody").get("/").words


def test_nobody_starts_a_report_that_is_not_wanted(office: Office, clerk: Browser, program: Program) -> None:
    units = office.units
    campaign = call_for(office, units.archives)
    page = clerk.get("/")
    token = page.all("//meta[@name='csrf-token']/@content")[0]
    for unit in (units.market, units.archives):
        asked = {"csrf_token": token, "unit": unit.public_id, "way": "blank"}
        assert clerk.post(f"/campaigns/{campaign.public_id}/start", asked).status == 404
    with session_scope(office.engine) as session:
        assert session.scalars(select(Report)).all() == []


def test_starting_twice_begins_once(office: Office, clerk: Browser, program: Program) -> None:
    program.hand_in(as_json(nil_return(MARKET, year=2024)))
    call_for(office, office.units.market)
    page = clerk.get("/")
    for way in ("last_year", "blank"):
        [form] = page.all(f"//form[.//input[@value='{way}']]")
        held = {one.get("name"): one.get("value") for one in form.xpath(".//input")}
        assert clerk.post(form.get("action"), held).status == 303
    with session_scope(office.engine) as session:
        [report] = session.scalars(select(Report).where(Report.year == 2025))
        assert report.started == "last_year"
    assert state_of(office, report.public_id) is ReportState.DRAFT


A_FRIDAY = date(2026, 3, 20)


@pytest.mark.parametrize(
    ("due", "number", "words", "look"),
    [
        (date(2026, 3, 31), "8", "个工作日", ""),
        (date(2026, 3, 24), "3", "个工作日", "ask"),
        (A_FRIDAY, "今天", "截止", "ask words"),
        (date(2026, 3, 19), "1", "个工作日，已逾期", "bad"),
        (date(2026, 3, 13), "5", "个工作日，已逾期", "bad"),
    ],
)
def test_the_days_are_counted_as_offices_count_them(due: date, number: str, words: str, look: str) -> None:
    told = deadline(A_FRIDAY, due, None)
    assert (told.number, told.words, told.look) == (number, words, look)


def test_a_unit_with_a_later_day_is_told_its_own(office: Office, clerk: Browser) -> None:
    campaign = call_for(office, office.units.market, days=-10)
    assert "已逾期" in clerk.get("/").words
    with session_scope(office.engine) as session:
        entry = session.scalars(select(RosterEntry).where(RosterEntry.campaign_id == campaign.id)).one()
        entry.extended_to = date(2099, 1, 22)
    page = clerk.get("/")
    assert "1月22日前报送" in page.words
    assert "已逾期" not in page.words
