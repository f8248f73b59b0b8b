"""The first page of a supervising office says who is missing and what to do, for three units and for three thousand."""

import io
from collections.abc import Iterator
from datetime import timedelta

import pytest
from python_calamine import load_workbook
from sqlalchemy import select

from reports.states import Move
from service.deadlines import today
from storage.filing.steps import take
from storage.filing.submissions import submit
from storage.post import reminders
from storage.post.reminders import Letter
from storage.session import session_scope
from storage.tables import Campaign, Report, Role, RosterEntry, Unit
from tests.orders import CLERK, RECIPE
from tests.people import ARCHIVES, MARKET, ordinary_report, read
from tests.service.conftest import Office
from tests.service.visitors import Browser, Page
from tests.units import OFFICE, collect, person_with

REVIEWER = "account:limin"


@pytest.fixture
def campaign(office: Office) -> Campaign:
    """The reports of both units for 2025 are expected in ten days."""
    with session_scope(office.engine) as session:
        return collect(session, office.units.office, office.units.archives, office.units.market)


def entry(office: Office, name: str, **changed: object) -> None:
    with session_scope(office.engine) as session:
        found = session.scalars(select(RosterEntry).join(Unit).where(Unit.name == name)).one()
        for field, value in changed.items():
            setattr(found, field, value)


def sent(office: Office, name: str, *moves: Move) -> None:
    with session_scope(office.engine) as session:
        report = submit(session, read(ordinary_report(name, 2025)), CLERK, RECIPE).report
        for move in moves:
            take(session, session.get_one(Report, report.id), move, REVIEWER, remark="请改")


def listed(page: Page) -> list[str]:
    return [" ".join(one.text_content().split()) for one in page.all("//table[@class='roll']/tbody/tr/th")]


def legend(page: Page) -> dict[str, str]:
    pairs = [one.text_content().split() for one in page.all("//ul[contains(@class, 'legend')]/li")]
    return {word: many for word, many in pairs}  # noqa: C416 - they are lists


def test_a_reviewer_without_a_campaign_is_led_to_the_first_steps(reviewer: Browser) -> None:
    assert reviewer.get("/").answer.location == "/overview"
    page = reviewer.get("/overview")
    assert [link.get("href") for link in page.all("//section//a")] == ["/units", "/campaigns/new"]


def test_whoever_is_missing_stands_there_with_telephone_day_and_last_reminder(
    office: Office, reviewer: Browser, campaign: Campaign
) -> None:
    with session_scope(office.engine) as session:
        session.get_one(Unit, office.units.market.id).contact = "周文静 0571-8800"
        letter = Letter(office.units.market, ["a@b.cn"], "请报送", "请报送")
        reminders.post(session, campaign, [letter], REVIEWER)
    page = reviewer.get("/overview")
    assert listed(page) == [ARCHIVES, MARKET]
    [_archives, market] = page.all("//table[@class='roll']/tbody/tr")
    words = " ".join(market.text_content().split())
    for said in ("未填报", campaign.due_on.isoformat(), "周文静 0571-8800", "等待发送"):
        assert said in words
    assert legend(page) == {"已通过": "0", "待审核": "0", "退回待改": "0", "填报中": "0", "未填报": "2"}


def test_every_state_is_counted_once_and_found_by_its_chip(
    office: Office, reviewer: Browser, campaign: Campaign
) -> None:
    sent(office, MARKET, Move.RETURN)
    entry(office, ARCHIVES, exempt_because="并入档案馆")
    page = reviewer.get("/overview")
    assert "已报送 0 / 1 另有 1 个免报" in page.words
    assert legend(page)["退回待改"] == "1"
    assert listed(reviewer.get("/overview?part=returned")) == [MARKET]
    assert listed(reviewer.get("/overview?part=exempt")) == [f"{ARCHIVES}并入档案馆"]
    assert listed(reviewer.get("/overview?part=approved")) == []


def test_the_main_button_is_what_presses_most(office: Office, reviewer: Browser, campaign: Campaign) -> None:
    def main() -> list[str]:
        return [one.get("href").partition("?")[0] for one in reviewer.get("/overview").all("//a[@class='btn main']")]

    assert main() == ["/reminders"]
    sent(office, MARKET)
    entry(office, ARCHIVES, exempt_because="并入档案馆")
    assert main() == ["/review"]
    with session_scope(office.engine) as session:
        take(session, session.scalars(select(Report)).one(), Move.APPROVE, REVIEWER)
    assert len(main()) == 1
    assert main() != ["/review"]


def test_who_is_late_is_late_by_days(office: Office, reviewer: Browser, campaign: Campaign) -> None:
    with session_scope(office.engine) as session:
        session.get_one(Campaign, campaign.id).due_on = today() - timedelta(days=3)
    entry(office, ARCHIVES, extended_to=today() + timedelta(days=1), extended_because="系统故障")
    page = reviewer.get("/overview?part=late")
    assert listed(page) == [MARKET]
    assert "逾期 3 天" in page.words
    assert "延期：系统故障" in reviewer.get("/overview?part=all").words
    assert "1 个单位逾期没有报送" in page.words


@pytest.fixture
def crowd(office: Office, campaign: Campaign) -> Iterator[None]:
    """Three thousand more."""
    with session_scope(office.engine) as session:
        units = [
            Unit(name=f"临溪县第{n}村", initials=f"lxxd{n}c", supervisor_id=office.units.office.id, position=n)
            for n in range(3000)
        ]
        session.add_all(units)
        session.flush()
        session.add_all(RosterEntry(campaign_id=campaign.id, unit_id=unit.id) for unit in units)
    return


def test_three_thousand_are_turned_over_and_searched(reviewer: Browser, crowd: None) -> None:
    page = reviewer.get("/overview")
    assert len(listed(page)) == 50
    assert "第 1–50 个，共 3002 个" in page.words
    assert len(page.text) < 150_000
    [onward] = page.all("//a[@rel='next']/@href")
    assert "第 51–100 个" in reviewer.get(onward).words
    assert listed(reviewer.get("/overview?part=all&like=LXXD2999")) == ["临溪县第2999村"]
    assert listed(reviewer.get("/overview?part=all&like=2999村")) == ["临溪县第2999村"]
    assert "没有符合的单位" in reviewer.get("/overview?part=all&like=%25").words
    assert reviewer.get("/overview?from=999999999999999999999").status == 200


def test_the_whole_list_can_be_taken_along(office: Office, reviewer: Browser, campaign: Campaign) -> None:
    entry(office, ARCHIVES, exempt_because="=1+1")
    answer = reviewer.client.get("/overview/list.xlsx")
    assert "attachment" in answer.headers["Content-Disposition"]
    with load_workbook(io.BytesIO(answer.data)) as book:
        rows = book.get_sheet_by_index(0).to_python()
    assert [row[0] for row in rows] == ["单位", ARCHIVES, MARKET]
    assert (rows[1][2], rows[1][8]) == ("免报", "=1+1")
    assert rows[2][3] == campaign.due_on.isoformat()


def test_an_office_sees_its_own_units_only(office: Office, campaign: Campaign) -> None:
    other = office.visitor("other", (Role.REVIEWER, office.units.elsewhere))
    assert "还没有年度填报" in other.get("/overview").words
    assert other.get(f"/overview?campaign={campaign.public_id}").status == 404
    assert other.get(f"/overview/list.xlsx?campaign={campaign.public_id}").status == 404


def test_clerks_and_administrators_have_no_overview(clerk: Browser, head: Browser, administrator: Browser) -> None:
    for somebody in (clerk, head, administrator):
        assert somebody.get("/overview").status == 404
        assert "总览" not in somebody.get("/").words


def test_who_fills_in_as_well_keeps_the_own_desk_and_finds_the_overview(office: Office) -> None:
    both = office.visitor("both", (Role.REVIEWER, office.units.office), (Role.CLERK, office.units.office))
    page = both.get("/")
    assert page.status == 200
    assert "/overview" in page.all("//nav//a/@href")


def test_years_are_turned_over(office: Office, reviewer: Browser, campaign: Campaign) -> None:
    with session_scope(office.engine) as session:
        before = collect(session, office.units.office, office.units.market, year=2024)
    page = reviewer.get("/overview")
    assert f"/overview?campaign={before.public_id}" in page.all("//nav[@class='units']/a/@href")
    assert reviewer.get(f"/overview?campaign={before.public_id}").heading == "2024年度总览"


def test_names_and_reasons_cannot_bring_markup(office: Office, reviewer: Browser, campaign: Campaign) -> None:
    entry(office, ARCHIVES, exempt_because="<script>x</script>")
    with session_scope(office.engine) as session:
        session.get_one(Unit, office.units.market.id).contact = '"><img src=x>'
    assert "<script>x" not in reviewer.get("/overview?part=all").text
    assert "<img src=x>" not in reviewer.get("/overview?part=all").text


def test_the_person_whose_account_is_known_is_called_when_the_unit_names_nobody(
    office: Office, reviewer: Browser, campaign: Campaign
) -> None:
    with session_scope(office.engine) as session:
        person_with(session, "wang", (Role.CLERK, office.units.market))
    assert "wang先生" in reviewer.get("/overview").words
    assert OFFICE in reviewer.get("/overview").words
