"""A reviewer opens a year, freezes its roster, exempts and extends with reasons, and closes it; each is on record."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from reports.states import Move
from service.deadlines import today
from storage.filing.steps import take
from storage.filing.submissions import submit
from storage.session import reading_scope, session_scope
from storage.tables import AuditEvent, Campaign, Report, Role, RosterEntry, Unit
from tests.orders import CLERK, RECIPE
from tests.people import ANNUAL, ARCHIVES, LANJIANG, MARKET, ordinary_report, read
from tests.service.conftest import Office
from tests.service.visitors import Browser, Page
from tests.units import OFFICE, collect

NEW = "/campaigns/new"


@pytest.fixture
def campaign(office: Office) -> Campaign:
    """The report of one unit for 2025 is expected in ten days."""
    with session_scope(office.engine) as session:
        return collect(session, office.units.office, office.units.market)


def day(days: int) -> str:
    return (today() + timedelta(days=days)).isoformat()


def wish(office: Office, **said: object) -> dict[str, object]:
    chosen = [office.units.archives.public_id, office.units.market.public_id]
    return {
        "definition": ANNUAL,
        "year": str(today().year - 1),
        "due_on": f"{today().year}-01-26",
        "publish_by": f"{today().year}-01-31",
        "unit": chosen,
        "sure": "1",
        **said,
    }


def opened(reviewer: Browser, office: Office, **said: object) -> Page:
    return reviewer.send(reviewer.get(NEW), NEW, **wish(office, **said))


def actions(office: Office) -> list[str]:
    with reading_scope(office.engine) as session:
        theirs = (AuditEvent.actor == "account:limin") & AuditEvent.action.not_like("session.%")
        return list(session.scalars(select(AuditEvent.action).where(theirs).order_by(AuditEvent.number)))


def entry(office: Office, name: str) -> RosterEntry:
    with reading_scope(office.engine) as session:
        return session.scalars(select(RosterEntry).join(Unit).where(Unit.name == name)).one()


def test_a_campaign_is_opened_with_the_units_that_were_chosen(office: Office, reviewer: Browser) -> None:
    page = reviewer.get(NEW)
    ticked = page.all("//fieldset//input[@checked]/@value")
    assert ticked == [office.units.archives.public_id, office.units.market.public_id], "the office itself files none"
    made = opened(reviewer, office, unit=[office.units.market.public_id])
    assert made.status == 303
    shown = reviewer.get(made.answer.location)
    assert "已开始" in shown.words
    assert "填报名单（1 个单位）" in shown.words
    assert actions(office) == ["campaign.opened"]
    assert "进行中" in reviewer.get("/campaigns").words


@pytest.mark.parametrize(
    ("said", "field", "sentence"),
    [
        ({"due_on": "2099-01-01"}, "publish_by", "公布截止日早于报送截止日"),
        ({"due_on": "{year}-12-31"}, "due_on", "年度还没有结束"),
        ({"publish_by": "2099-01-31"}, "publish_by", "晚了一年以上"),
        ({"due_on": "明天"}, "due_on", "请写一个日期"),
        ({"year": "1999"}, "year", "年度应在"),
        ({"year": "很多"}, "year", "年度应在"),
        ({"definition": "nothing/1"}, "definition", "请选择报告种类"),
        ({"unit": []}, "unit", "至少选择一个单位"),
        ({"unit": ["nobody"]}, "unit", "至少选择一个单位"),
    ],
)
def test_what_contradicts_is_refused_at_its_field_and_what_was_typed_stays(
    office: Office, reviewer: Browser, said: dict[str, object], field: str, sentence: str
) -> None:
    told = {
        name: str(value).format(year=today().year - 1) if name == "due_on" else value for name, value in said.items()
    }
    page = opened(reviewer, office, **told)
    assert page.status == 422
    assert sentence in page.words
    assert page.all(f"//a[@href='#{field}']")
    assert page.all("//input[@id='publish_by']/@value") == [told.get("publish_by", f"{today().year}-01-31")]
    assert actions(office) == []


def test_days_after_january_are_asked_about_once_more(office: Office, reviewer: Browser) -> None:
    later = {"due_on": f"{today().year}-02-10", "publish_by": f"{today().year}-02-20"}
    page = opened(reviewer, office, sure="", **later)
    assert (page.status, actions(office)) == (422, [])
    assert "晚于" in page.words
    assert page.all("//input[@id='sure']")
    assert opened(reviewer, office, **later).status == 303


def test_the_same_year_is_not_opened_twice(office: Office, reviewer: Browser) -> None:
    opened(reviewer, office)
    page = opened(reviewer, office)
    assert (page.status, "不能再建一次" in page.words, actions(office)) == (409, True, ["campaign.opened"])


def test_another_offices_units_cannot_be_put_on_the_roster(office: Office, reviewer: Browser) -> None:
    opened(reviewer, office, unit=[office.units.market.public_id, office.units.elsewhere.public_id])
    with reading_scope(office.engine) as session:
        assert list(session.scalars(select(RosterEntry.unit_id))) == [office.units.market.id]


def change(reviewer: Browser, campaign: Campaign, unit: Unit, how: str, **said: str) -> Page:
    at = f"/campaigns/{campaign.public_id}/units/{unit.public_id}"
    return reviewer.send(reviewer.get(at), f"{at}/{how}", **said)


def test_a_unit_is_exempt_with_a_reason_and_expected_again(
    office: Office, reviewer: Browser, campaign: Campaign
) -> None:
    assert change(reviewer, campaign, office.units.market, "exempt", because=" ").status == 422
    assert change(reviewer, campaign, office.units.market, "exempt", because="并入档案局").status == 303
    assert entry(office, MARKET).exempt_because == "并入档案局"
    assert "免报：并入档案局" in reviewer.get(f"/campaigns/{campaign.public_id}").words
    change(reviewer, campaign, office.units.market, "expect")
    assert entry(office, MARKET).exempt_because is None
    assert actions(office) == ["roster.exempted", "roster.expected"]


def test_whoever_has_filed_is_not_exempt(office: Office, reviewer: Browser, campaign: Campaign) -> None:
    with session_scope(office.engine) as session:
        report = submit(session, read(ordinary_report(MARKET, 2025)), CLERK, RECIPE).report
    refused = change(reviewer, campaign, office.units.market, "exempt", because="并入")
    assert (refused.status, "已经报送，不能免报" in refused.words) == (422, True)
    with session_scope(office.engine) as session:
        take(session, session.get_one(Report, report.id), Move.RETURN, "account:limin")
    assert change(reviewer, campaign, office.units.market, "exempt", because="并入").status == 303


def test_one_unit_gets_a_later_day_with_a_reason(office: Office, reviewer: Browser, campaign: Campaign) -> None:
    for to, because, said in (
        (day(10), "系统故障", "延期应晚于大家的截止日"),
        (day(500), "系统故障", "延期超过一年"),
        (day(20), "", "请写明原因"),
        ("", "系统故障", "请写一个日期"),
    ):
        refused = change(reviewer, campaign, office.units.market, "extend", to=to, because=because)
        assert (refused.status, said in refused.words) == (422, True), said
        assert refused.all("//input[@id='why']/@value") == [because]
    assert change(reviewer, campaign, office.units.market, "extend", to=day(20), because="系统故障").status == 303
    assert entry(office, MARKET).extended_because == "系统故障"
    change(reviewer, campaign, office.units.market, "shorten")
    assert entry(office, MARKET).extended_to is None
    assert actions(office) == ["roster.extended", "roster.extension_ended"]


def test_a_unit_is_added_later_with_a_note(office: Office, reviewer: Browser, campaign: Campaign) -> None:
    at = f"/campaigns/{campaign.public_id}"

    def add(name: str, because: str) -> Page:
        return reviewer.send(reviewer.get(at), f"{at}/units", unit=name, because=because)

    for name, because, said in (
        (ARCHIVES, "", "请写明原因"),
        (MARKET, "漏列", "已经在名单里"),
        (LANJIANG, "漏列", "本办公室没有名为"),
        ("没有这个局", "漏列", "本办公室没有名为"),
    ):
        refused = add(name, because)
        assert (refused.status, said in refused.words) == (422, True), said
    assert add(ARCHIVES, "新设立").status == 303
    assert "后来列入：新设立" in reviewer.get(at).words
    assert actions(office) == ["roster.added"]


def test_the_days_of_everybody_can_be_moved_but_not_into_a_contradiction(
    office: Office, reviewer: Browser, campaign: Campaign
) -> None:
    at = f"/campaigns/{campaign.public_id}"
    moved = reviewer.send(reviewer.get(at), f"{at}/days", due_on=day(12), publish_by=day(30))
    assert moved.status == 303
    refused = reviewer.send(reviewer.get(at), f"{at}/days", due_on=day(40), publish_by=day(30))
    assert (refused.status, "早于报送截止日" in refused.words) == (422, True)
    assert refused.all("//input[@id='due_on']/@value") == [day(40)]
    assert actions(office) == ["campaign.rescheduled"]


def test_a_closed_campaign_is_only_looked_at(office: Office, reviewer: Browser, campaign: Campaign) -> None:
    at = f"/campaigns/{campaign.public_id}"
    page = reviewer.get(at)
    entry_page = reviewer.get(f"{at}/units/{office.units.market.public_id}")
    reviewer.send(page, f"{at}/close")
    closed = reviewer.get(at)
    assert "已结束" in closed.words
    assert closed.all("//main//form[@method='post']") == []
    late = reviewer.send(page, f"{at}/units", unit=ARCHIVES, because="漏列")
    assert (late.status, "已经结束" in late.words) == (422, True)
    exempt = f"{at}/units/{office.units.market.public_id}/exempt"
    assert reviewer.send(entry_page, exempt, because="并入").status == 422
    assert actions(office) == ["campaign.closed"]


def test_another_offices_campaign_is_not_there(office: Office, campaign: Campaign) -> None:
    other = office.visitor("other", (Role.REVIEWER, office.units.elsewhere))
    at = f"/campaigns/{campaign.public_id}"
    for path in (at, f"{at}/units/{office.units.market.public_id}"):
        assert other.get(path).status == 404
    assert OFFICE not in other.get("/campaigns").words
    [token] = set(other.get(NEW).all("//form[@action='/campaigns/new']/input[@name='csrf_token']/@value"))
    for path in ("close", "days", "units", f"units/{office.units.market.public_id}/exempt"):
        assert other.post(f"{at}/{path}", {"csrf_token": token, "because": "x"}).status == 404


def test_clerks_open_nothing(clerk: Browser, head: Browser, administrator: Browser, campaign: Campaign) -> None:
    for somebody in (clerk, head, administrator):
        for path in ("/campaigns", NEW, f"/campaigns/{campaign.public_id}"):
            assert somebody.get(path).status == 404
