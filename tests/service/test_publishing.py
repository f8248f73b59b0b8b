"""The office opens to everybody what was approved, mends and closes it; and tells how far the year has come."""

from datetime import date, timedelta

import pytest
from lxml import etree
from sqlalchemy import select

from reports.states import Move
from storage.session import reading_scope, session_scope
from storage.tables import AuditEvent, Campaign, Publication, Role
from tests.people import ARCHIVES, LANJIANG, MARKET, but, nil_return, ordinary_report
from tests.service.conftest import Office
from tests.service.drafts import exempt
from tests.service.published import approved, closed, moved, opened, sent
from tests.service.visitors import Browser, Page
from tests.units import collect

BETTER = but(ordinary_report(), texts={"overview.proactive": "2024年，全年主动公开政府信息15条。"})


@pytest.fixture
def campaign(office: Office) -> Campaign:
    """The reports of both units for 2024."""
    units = office.units
    with session_scope(office.engine) as session:
        return collect(session, units.office, units.market, units.archives, year=2024)


def overdue(office: Office, campaign: Campaign) -> None:
    """The legal day was yesterday."""
    with session_scope(office.engine) as session:
        session.get_one(Campaign, campaign.id).publish_by = date.today() - timedelta(days=2)


def states(page: Page) -> dict[str, list[str]]:
    rows = page.all("//table[contains(@class,'board')]/tbody/tr")
    return {
        " ".join(row.find("th").text_content().split()): [tag.text for tag in row.xpath("td[1]//span")] for row in rows
    }


def publish(reviewer: Browser, *reports: str, go: str = "chosen") -> Page:
    page = reviewer.get("/publishing")
    [form] = page.all("//form[@id='bulk']")
    hidden = {one.get("name"): one.get("value") for one in form.xpath(".//input[@type='hidden']")}
    return reviewer.post("/publishing", {**hidden, "go": go, "report": list(reports)})


def test_an_office_without_a_campaign_is_told_how_it_begins(reviewer: Browser) -> None:
    assert "还没有年度填报" in reviewer.get("/publishing").words
    assert "还没有年度填报" in reviewer.get("/publishing/statement").words


def test_every_expected_unit_has_a_line_that_says_where_it_stands(
    office: Office, reviewer: Browser, campaign: Campaign
) -> None:
    report = approved(office)
    assert states(reviewer.get("/publishing")) == {MARKET: ["待公布"], ARCHIVES: ["未通过审核"]}
    assert "已公布 1 份报告" in publish(reviewer, report).words
    page = reviewer.get("/publishing")
    assert states(page)[MARKET] == ["已公布"]
    assert f"/public/reports/{report}" in page.all("//td//a/@href")
    drawing = reviewer.client.get(f"/publishing/reports/{report}/qr.svg")
    assert drawing.content_type == "image/svg+xml"
    assert etree.fromstring(drawing.data).tag == "{http://www.w3.org/2000/svg}svg"
    assert states(reviewer.get("/publishing?place=open")) == {ARCHIVES: ["未通过审核"]}


def test_all_are_published_and_what_is_not_keeps_its_reason(
    office: Office, reviewer: Browser, campaign: Campaign
) -> None:
    approved(office)
    archives = sent(office, nil_return(ARCHIVES))
    assert "已公布 1 份报告" in publish(reviewer, go="all").words
    refused = publish(reviewer, archives)
    assert f"{ARCHIVES}：还没有审核通过，不能公布。" in refused.words
    assert "公布全部" not in refused.words


def test_what_is_not_approved_or_not_ones_own_is_not_published(
    office: Office, reviewer: Browser, campaign: Campaign
) -> None:
    mine, other = sent(office), approved(office, ordinary_report(LANJIANG))
    assert publish(reviewer, other).status == 422
    assert "不能公布" in publish(reviewer, mine, other).words
    assert publish(reviewer).status == 422
    with reading_scope(office.engine) as session:
        assert session.scalars(select(Publication)).all() == []


def test_a_correction_needs_a_word_and_what_was_typed_is_kept(
    office: Office, reviewer: Browser, campaign: Campaign
) -> None:
    report = opened(office)
    moved(office, report, Move.REOPEN)
    assert "正在更正" in reviewer.get("/publishing").words
    approved(office, BETTER)
    page = reviewer.get("/publishing")
    assert states(page)[MARKET] == ["待更正"]
    path = f"/publishing/reports/{report}/correct"
    silent = reviewer.send(page, path, correction="  ")
    assert silent.status == 422
    assert "请写明更正了什么" in silent.words
    assert reviewer.send(silent, path, correction="更正条数").answer.location.startswith("/publishing?campaign=")
    page = reviewer.get("/publishing")
    assert "第 2 版已公布" in page.words
    assert states(page)[MARKET] == ["已公布"]
    assert "更正条数" in reviewer.get(f"/public/reports/{report}").words


def test_what_is_withdrawn_says_why_and_can_be_published_again(
    office: Office, reviewer: Browser, campaign: Campaign
) -> None:
    report = opened(office)
    path = f"/publishing/reports/{report}/withdraw"
    assert reviewer.send(reviewer.get("/publishing"), path, because=" ").status == 422
    reviewer.send(reviewer.get("/publishing"), path, because="含有个人信息")
    page = reviewer.get("/publishing")
    assert states(page)[MARKET] == ["已撤下"]
    assert "含有个人信息" in page.words
    assert reviewer.get(f"/public/reports/{report}").status == 410
    reviewer.send(page, f"/publishing/reports/{report}/correct", correction="核实无误，恢复公布")
    assert reviewer.get(f"/public/reports/{report}").status == 200
    with reading_scope(office.engine) as session:
        of_us = select(AuditEvent.action).where(AuditEvent.action.like("report.%publi%"))
        actions = session.scalars(of_us.order_by(AuditEvent.number)).all()
    assert list(actions) == ["report.published", "report.unpublished", "report.published"]


def test_what_was_never_published_need_not_be_withdrawn(office: Office, reviewer: Browser, campaign: Campaign) -> None:
    report = approved(office)
    token = reviewer.get("/publishing").all("//meta[@name='csrf-token']/@content")[0]
    page = reviewer.post(f"/publishing/reports/{report}/withdraw", {"csrf_token": token, "because": "原因"})
    assert page.status == 422
    assert "没有公布过" in page.words


def test_two_clicks_publish_once(office: Office, reviewer: Browser, campaign: Campaign) -> None:
    report = approved(office)
    page = reviewer.get("/publishing")
    [form] = page.all("//form[@id='bulk']")
    fields = {one.get("name"): one.get("value") for one in form.xpath(".//input[@type='hidden']")}
    both = [reviewer.post("/publishing", {**fields, "go": "chosen", "report": [report]}) for _ in range(2)]
    assert "已公布 1 份报告" in both[0].words
    assert "通过的这一版已经公布" in both[1].words


def test_the_day_that_has_passed_marks_who_is_late(office: Office, reviewer: Browser, campaign: Campaign) -> None:
    opened(office)
    overdue(office, campaign)
    page = reviewer.get("/publishing")
    assert states(page) == {MARKET: ["已公布", "逾期"], ARCHIVES: ["未通过审核", "逾期"]}
    assert "还有 1 个单位没有公布" in page.words
    assert len(states(reviewer.get("/publishing?place=late"))) == 2


def test_the_statement_counts_and_names_everybody(office: Office, reviewer: Browser, campaign: Campaign) -> None:
    opened(office)
    page = reviewer.get("/publishing/statement")
    assert page.heading == "2024年政府信息公开工作年度报告公布情况"
    assert "应公布2024年政府信息公开工作年度报告的共 2 个" in page.words
    assert "已公布 1 个，尚未公布 1 个" in page.words
    assert "按时公布率 50%" in page.words
    assert [one.text for one in page.all("//h2")] == ["按时公布的单位（1 个）", "尚未公布的单位（1 个）"]
    exempt(office, campaign, office.units.archives, "并入县政府办公室")
    page = reviewer.get("/publishing/statement")
    assert "按时公布率 100%" in page.words
    assert f"{ARCHIVES}（并入县政府办公室）" in page.words


def test_withdrawn_is_not_published(office: Office, reviewer: Browser, campaign: Campaign) -> None:
    closed(office, opened(office), "原因")
    page = reviewer.get("/publishing/statement")
    assert "尚未公布 2 个" in page.words
    assert f"{MARKET}（已撤下）" in page.words


def test_a_reviewer_of_another_office_finds_nothing_of_it(office: Office, campaign: Campaign) -> None:
    report = opened(office)
    other = office.visitor("elsewhere", (Role.REVIEWER, office.units.elsewhere))
    assert other.get(f"/publishing?campaign={campaign.public_id}").status == 404
    assert other.get(f"/publishing/statement?campaign={campaign.public_id}").status == 404
    token = other.get("/account").all("//meta[@name='csrf-token']/@content")[0]
    for act in ("correct", "withdraw"):
        told = {"csrf_token": token, "because": "x", "correction": "x"}
        assert other.post(f"/publishing/reports/{report}/{act}", told).status == 404
