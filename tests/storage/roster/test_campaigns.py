"""A campaign expects reports of its units, until its day or a unit's own later one, and is opened once."""

from datetime import date

import pytest
from sqlalchemy import Engine, select

from storage.roster import campaigns
from storage.roster.campaigns import CampaignExists, campaigns_for, close_campaign, due_of, expected, find_campaign
from storage.session import reading_scope, session_scope
from storage.tables import Campaign, RosterEntry, Unit
from tests.people import annual
from tests.racing import race
from tests.units import County, county

OPERATOR = "operator:root"
DUE, PUBLISH = date(2025, 1, 26), date(2025, 1, 31)


@pytest.fixture
def units(engine: Engine) -> County:
    """临溪县 with its office and two units."""
    with session_scope(engine) as session:
        return county(session)


def opened(engine: Engine, units: County, year: int = 2024) -> Campaign:
    with session_scope(engine) as session:
        expects = [units.archives, units.market]
        return campaigns.open_campaign(session, units.office, annual(), year, DUE, PUBLISH, expects, OPERATOR)


def years_for(engine: Engine, unit: Unit) -> list[int]:
    with reading_scope(engine) as session:
        return [campaign.year for campaign, _entry in expected(session, unit)]


def test_a_campaign_concerns_the_units_on_its_roster_and_no_others(engine: Engine, units: County) -> None:
    opened(engine, units)
    assert years_for(engine, units.market) == [2024]
    assert years_for(engine, units.elsewhere) == years_for(engine, units.office) == []


def test_the_newest_year_comes_first_and_each_unit_has_its_own_place(engine: Engine, units: County) -> None:
    opened(engine, units, 2023)
    opened(engine, units, 2024)
    with reading_scope(engine) as session:
        found = campaigns_for(session, [units.archives.id, units.market.id])
    assert [campaign.year for campaign, _ in found] == [2024, 2024, 2023, 2023]
    assert [entry.unit_id for _, entry in found] == [units.archives.id, units.market.id] * 2


def test_a_closed_campaign_concerns_nobody_any_more(engine: Engine, units: County) -> None:
    campaign = opened(engine, units)
    for closes in (True, False):
        with session_scope(engine) as session:
            found = find_campaign(session, campaign.public_id)
            assert found is not None
            assert close_campaign(session, found, OPERATOR) is closes
    assert years_for(engine, units.market) == []


def test_a_unit_with_a_later_day_of_its_own_is_in_time_until_then(engine: Engine, units: County) -> None:
    campaign = opened(engine, units)
    later = date(2025, 2, 10)
    with session_scope(engine) as session:
        entry = session.scalars(select(RosterEntry).where(RosterEntry.unit_id == units.market.id)).one()
        entry.extended_to = later
    with reading_scope(engine) as session:
        days = [due_of(one, entry) for one, entry in campaigns_for(session, [units.archives.id, units.market.id])]
    assert days == [DUE, later]
    assert due_of(campaign, None) == DUE


def test_an_office_collects_one_kind_of_report_once_a_year(engine: Engine, units: County) -> None:
    opened(engine, units)
    with pytest.raises(CampaignExists, match="2024年度"):
        opened(engine, units)


def test_of_many_who_open_the_same_campaign_one_does(engine: Engine, units: County) -> None:
    def run(_runner: int) -> bool:
        try:
            opened(engine, units)
        except CampaignExists:
            return False
        return True

    assert sorted(race(8, run)) == [False] * 7 + [True]
