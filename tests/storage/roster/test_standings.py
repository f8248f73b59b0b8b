"""Who has filed, who has not and who is late: one line for every unit on the roster, in the office's own order."""

from datetime import date, timedelta

import pytest
from sqlalchemy import Engine

from reports.states import Move
from storage.filing.steps import take
from storage.filing.submissions import submit, withdraw
from storage.roster.standings import Standing, standing_of, standings
from storage.session import reading_scope, session_scope
from storage.tables import Campaign, Report, RosterEntry, Unit
from tests.orders import CLERK, RECIPE
from tests.people import ARCHIVES, MARKET, ordinary_report, read
from tests.units import County, collect

REVIEWER = "account:li"
TOMORROW = timedelta(days=1)


@pytest.fixture
def campaign(engine: Engine, here: County) -> Campaign:
    """The reports of both units for 2024."""
    with session_scope(engine) as session:
        return collect(session, here.office, here.archives, here.market, year=2024)


def sent(engine: Engine, unit: str) -> Report:
    with session_scope(engine) as session:
        return submit(session, read(ordinary_report(unit)), CLERK, RECIPE).report


def of(engine: Engine, campaign: Campaign, name: str) -> Standing:
    with reading_scope(engine) as session:
        return {one.unit.name: one for one in standings(session, campaign)}[name]


def test_every_expected_unit_has_a_line_whether_it_has_begun_or_not(
    engine: Engine, here: County, campaign: Campaign
) -> None:
    sent(engine, MARKET)
    market, archives = of(engine, campaign, MARKET), of(engine, campaign, ARCHIVES)
    assert (market.has_filed, archives.has_filed) == (True, False)
    assert (archives.report, archives.submission) == (None, None)
    assert market.submission is not None


def test_the_lines_are_in_the_offices_own_order(engine: Engine, here: County, campaign: Campaign) -> None:
    with session_scope(engine) as session:
        session.get_one(Unit, here.market.id).position = -1
    with reading_scope(engine) as session:
        assert [one.unit.name for one in standings(session, campaign)] == [MARKET, ARCHIVES]


def test_what_was_withdrawn_or_returned_is_not_filed(engine: Engine, campaign: Campaign) -> None:
    report = sent(engine, MARKET)
    with session_scope(engine) as session:
        take(session, session.get_one(Report, report.id), Move.RETURN, REVIEWER)
    assert not of(engine, campaign, MARKET).has_filed
    taken_back = sent(engine, ARCHIVES)
    with session_scope(engine) as session:
        withdraw(session, session.get_one(Report, taken_back.id), CLERK)
    assert of(engine, campaign, ARCHIVES).submission is None


def test_a_unit_is_late_the_day_after_its_own_last_day(engine: Engine, here: County, campaign: Campaign) -> None:
    assert not of(engine, campaign, MARKET).is_late(campaign.due_on)
    assert of(engine, campaign, MARKET).is_late(campaign.due_on + TOMORROW)
    with session_scope(engine) as session:
        entry = session.query(RosterEntry).filter_by(unit_id=here.market.id).one()
        entry.extended_to = campaign.due_on + TOMORROW
    assert not of(engine, campaign, MARKET).is_late(campaign.due_on + TOMORROW)


def test_a_return_gives_the_day_it_names(engine: Engine, campaign: Campaign) -> None:
    report, again = sent(engine, MARKET), campaign.due_on + 3 * TOMORROW
    with session_scope(engine) as session:
        take(session, session.get_one(Report, report.id), Move.RETURN, REVIEWER, due_on=again)
    assert of(engine, campaign, MARKET).due == again


def test_nothing_is_expected_of_an_exempt_unit(engine: Engine, here: County, campaign: Campaign) -> None:
    with session_scope(engine) as session:
        session.query(RosterEntry).filter_by(unit_id=here.market.id).one().exempt_because = "已撤销"
    exempt = of(engine, campaign, MARKET)
    assert (exempt.is_exempt, exempt.is_late(date.max)) == (True, False)


def test_a_unit_that_is_not_expected_has_no_line(engine: Engine, here: County, campaign: Campaign) -> None:
    with reading_scope(engine) as session:
        assert standing_of(session, campaign, here.elsewhere) is None
