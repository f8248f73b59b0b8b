"""A campaign expects reports of its here, until its day or a unit's own later one, and is opened once."""

from datetime import date

import pytest
from sqlalchemy import Engine, select

from storage.roster import campaigns
from storage.roster.campaigns import CampaignExists, campaigns_for, close_campaign, due_of, expected, find_campaign
from storage.session import reading_scope, session_scope
from storage.tables import Campaign, RosterEntry, Unit
from tests.people import annual
from tests.racing import race
from tests.units import County

OPERATOR = "operator:root"
DUE, PUBLISH = date(2025, 1, 26), date(2025, 1, 31)


def opened(engine: Engine, here: County, year: int = 2024) -> Campaign:
    with session_scope(engine) as session:
        expects = [here.archives, here.market]
        return campaigns.open_campaign(session, here.office, annual(), year, DUE, PUBLISH, expects, OPERATOR)


def years_for(engine: Engine, unit: Unit) -> list[int]:
    with reading_scope(engine) as session:
        return [campaign.year for campaign, _entry in expected(session, unit)]


def test_a_campaign_concerns_the_units_on_its_roster_and_no_others(engine: Engine, here: County) -> None:
    opened(engine, here)
    assert years_for(engine, here.market) == [2024]
    assert years_for(engine, here.elsewhere) == years_for(engine, here.office) == []


def test_the_newest_year_comes_first_and_each_unit_has_its_own_place(engine: Engine, here: County) -> None:
    opened(engine, here, 2023)
    opened(engine, here, 2024)
    with reading_scope(engine) as session:
        found = campaigns_for(session, [here.archives.id, here.market.id])
    assert [campaign.year for campaign, _ in found] == [2024, 2024, 2023, 2023]
    assert [entry.unit_id for _, entry in found] == [here.archives.id, here.market.id] * 2


def test_a_closed_campaign_concerns_nobody_any_more(engine: Engine, here: County) -> None:
    campaign = opened(engine, here)
    for closes in (True, False):
        with session_scope(engine) as session:
            found = find_campaign(session, campaign.public_id)
            assert found is not None
            assert close_campaign(session, found, OPERATOR) is closes
    assert years_for(engine, here.market) == []


def test_a_unit_with_a_later_day_of_its_own_is_in_time_until_then(engine: Engine, here: County) -> None:
    campaign = opened(engine, here)
    later = date(2025, 2, 10)
    with session_scope(engine) as session:
        entry = session.scalars(select(RosterEntry).where(RosterEntry.unit_id == here.market.id)).one()
        entry.extended_to = later
    with reading_scope(engine) as session:
        days = [due_of(one, entry) for one, entry in campaigns_for(session, [here.archives.id, here.market.id])]
    assert days == [DUE, later]
    assert due_of(campaign, None) == DUE


def test_an_office_collects_one_kind_of_report_once_a_year(engine: Engine, here: County) -> None:
    opened(engine, here)
    with pytest.raises(CampaignExists, match="2024年度"):
        opened(engine, here)


def test_of_many_who_open_the_same_campaign_one_does(engine: Engine, here: County) -> None:
    def run(_runner: int) -> bool:
        try:
            opened(engine, here)
        except CampaignExists:
            return False
        return True

    assert sorted(race(8, run)) == [False] * 7 + [True]
