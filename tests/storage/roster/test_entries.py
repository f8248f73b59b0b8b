"""A roster that was frozen changes only with a reason, and never into a contradiction."""

from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, func, select

from reports.states import Move
from storage.filing.steps import take
from storage.filing.submissions import submit
from storage.roster import entries
from storage.roster.campaigns import close_campaign
from storage.roster.entries import RosterNotChanged, contradictions, doubts, entry_of
from storage.session import reading_scope, session_scope
from storage.tables import Campaign, Report, RosterEntry, Unit
from tests.orders import CLERK, RECIPE
from tests.people import MARKET, ordinary_report, read
from tests.racing import race
from tests.units import County, collect

ACTOR = "account:li"
A_DAY = timedelta(days=1)


@pytest.fixture
def campaign(engine: Engine, here: County) -> Campaign:
    """One unit is expected."""
    with session_scope(engine) as session:
        return collect(session, here.office, here.market)


@pytest.mark.parametrize(
    ("due_on", "publish_by", "wrong"),
    [
        (date(2026, 1, 26), date(2026, 1, 31), []),
        (date(2026, 1, 26), date(2026, 1, 26), []),
        (date(2026, 1, 26), date(2026, 1, 25), ["publish_by"]),
        (date(2025, 12, 31), date(2026, 1, 31), ["due_on"]),
        (date(2026, 1, 26), date(2028, 1, 31), ["publish_by"]),
        (date(2025, 1, 26), date(2024, 1, 31), ["due_on", "publish_by"]),
    ],
)
def test_days_that_contradict_are_told_field_by_field(due_on: date, publish_by: date, wrong: list[str]) -> None:
    assert list(contradictions(2025, due_on, publish_by)) == wrong


def test_days_after_january_are_doubted() -> None:
    before = date(2026, 1, 5)
    assert doubts(2025, date(2026, 1, 31), date(2026, 1, 31), before) == []
    assert len(doubts(2025, date(2026, 2, 1), date(2026, 2, 3), before)) == 1
    assert len(doubts(2025, date(2026, 1, 20), date(2026, 2, 3), before)) == 1
    assert len(doubts(2025, date(2026, 1, 20), date(2026, 1, 31), date(2026, 1, 21))) == 1


def test_of_many_who_add_the_same_unit_it_is_there_once(engine: Engine, here: County, campaign: Campaign) -> None:
    def add(_runner: int) -> bool:
        try:
            with session_scope(engine) as session:
                archives = session.get_one(Unit, here.archives.id)
                entries.expect_too(session, session.get_one(Campaign, campaign.id), archives, "漏列", ACTOR)
        except RosterNotChanged:
            return False
        return True

    assert any(race(4, add))
    with reading_scope(engine) as session:
        mine = select(func.count()).where(RosterEntry.unit_id == here.archives.id)
        assert session.scalars(mine.select_from(RosterEntry)).one() == 1


def test_who_has_filed_is_expected_until_it_is_returned(engine: Engine, here: County, campaign: Campaign) -> None:
    with session_scope(engine) as session:
        report = submit(session, read(ordinary_report(MARKET, 2025)), CLERK, RECIPE).report

    def exempt() -> None:
        with session_scope(engine) as session:
            entry = entry_of(session, campaign, here.market)
            assert entry is not None
            entries.exempt(session, campaign, entry, "并入", ACTOR)

    with pytest.raises(RosterNotChanged, match="已经报送"):
        exempt()
    with session_scope(engine) as session:
        take(session, session.get_one(Report, report.id), Move.RETURN, ACTOR)
    exempt()
    with session_scope(engine) as session:
        entry = entry_of(session, campaign, here.market)
        assert entry is not None
        assert entry.exempt_because == "并入"
        assert entries.expect_again(session, campaign, entry, ACTOR)
        assert not entries.expect_again(session, campaign, entry, ACTOR)


def test_an_extension_is_later_than_everybodys_day_and_says_why(
    engine: Engine, here: County, campaign: Campaign
) -> None:
    for to, because in (
        (campaign.due_on, "故障"),
        (campaign.due_on + 400 * A_DAY, "故障"),
        (campaign.due_on + A_DAY, " "),
    ):
        with pytest.raises(RosterNotChanged), session_scope(engine) as session:
            entry = entry_of(session, campaign, here.market)
            assert entry is not None
            entries.extend(session, campaign, entry, to, because, ACTOR)
    with session_scope(engine) as session:
        entry = entry_of(session, campaign, here.market)
        assert entry is not None
        entries.extend(session, campaign, entry, campaign.due_on + A_DAY, "故障", ACTOR)
        assert entries.end_extension(session, campaign, entry, ACTOR)
        assert (entry.extended_to, entry.extended_because) == (None, "")


def test_a_closed_campaign_changes_no_more(engine: Engine, here: County, campaign: Campaign) -> None:
    with session_scope(engine) as session:
        close_campaign(session, session.get_one(Campaign, campaign.id), ACTOR)
    with session_scope(engine) as session:
        closed = session.get_one(Campaign, campaign.id)
        with pytest.raises(RosterNotChanged, match="已经结束"):
            entries.expect_too(session, closed, here.archives, "漏列", ACTOR)
        with pytest.raises(RosterNotChanged, match="已经结束"):
            entries.reschedule(session, closed, closed.due_on + A_DAY, closed.publish_by, ACTOR)


def test_a_unit_that_is_no_more_is_not_expected(engine: Engine, here: County, campaign: Campaign) -> None:
    with session_scope(engine) as session:
        archives = session.get_one(Unit, here.archives.id)
        archives.ended_on = date(2025, 3, 1)
        with pytest.raises(RosterNotChanged, match="已经撤销"):
            entries.expect_too(session, campaign, archives, "漏列", ACTOR)
