"""A report is opened once and begun once; what somebody typed is never written over by a start."""

from datetime import date

import pytest
from sqlalchemy import Engine, func, select

from reports.admitting import Change
from storage.filing import fields, starts
from storage.filing.fields import NotOpen, fields_of
from storage.filing.starts import NotExpected, fill_nil
from storage.roster import campaigns
from storage.session import reading_scope, session_scope
from storage.tables import AuditEvent, Campaign, Report, ReportState, RosterEntry, Start
from tests.people import annual
from tests.racing import race
from tests.units import County

CLERK = "account:wang"
CELL, OTHER = "requests.carried_in.natural_person", "requests.received.natural_person"
OPENERS = 20


@pytest.fixture
def campaign(engine: Engine, here: County) -> Campaign:
    """This year's campaign, which expects a report of the market bureau alone."""
    days = (date(2025, 1, 26), date(2025, 1, 31))
    with session_scope(engine) as session:
        return campaigns.open_campaign(session, here.office, annual(), 2024, *days, [here.market], CLERK)


@pytest.fixture
def report(engine: Engine, campaign: Campaign, here: County) -> Report:
    """The market bureau's report, opened and not begun."""
    return opened(engine, campaign, here)


def opened(engine: Engine, campaign: Campaign, here: County) -> Report:
    with session_scope(engine) as session:
        return starts.open_report(session, campaign, here.market, CLERK)


def begun(engine: Engine, report: Report, how: Start = Start.LAST_YEAR, **values: str) -> bool:
    with session_scope(engine) as session:
        carried = {name.replace("__", "."): value for name, value in values.items()}
        return starts.start(session, session.get_one(Report, report.id), how, CLERK, carried)


def kept(engine: Engine, report: Report) -> dict[str, str]:
    with reading_scope(engine) as session:
        return {name: field.value for name, field in fields_of(session, report).items()}


def acts(engine: Engine, action: str) -> int:
    with reading_scope(engine) as session:
        return session.scalars(select(func.count()).where(AuditEvent.action == action)).one()


def test_a_report_is_opened_as_a_draft_that_nobody_has_begun(report: Report) -> None:
    assert (report.state, report.started, report.year) == (ReportState.DRAFT, None, 2024)


def test_twenty_threads_that_open_a_report_open_one(engine: Engine, campaign: Campaign, here: County) -> None:
    found = race(OPENERS, lambda _: opened(engine, campaign, here).id)
    assert len(set(found)) == 1
    assert acts(engine, "report.opened") == 1


def test_no_report_is_opened_for_a_unit_that_none_is_expected_of(
    engine: Engine, campaign: Campaign, here: County
) -> None:
    with pytest.raises(NotExpected), session_scope(engine) as session:
        starts.open_report(session, campaign, here.archives, CLERK)


def test_no_report_is_opened_for_a_unit_that_is_exempt(engine: Engine, campaign: Campaign, here: County) -> None:
    with session_scope(engine) as session:
        session.scalars(select(RosterEntry)).one().exempt_because = "已撤并"
    with pytest.raises(NotExpected):
        opened(engine, campaign, here)


def test_no_report_is_opened_after_the_campaign_is_closed(engine: Engine, campaign: Campaign, here: County) -> None:
    with session_scope(engine) as session:
        campaigns.close_campaign(session, session.get_one(Campaign, campaign.id), CLERK)
    with pytest.raises(NotExpected), session_scope(engine) as session:
        starts.open_report(session, session.get_one(Campaign, campaign.id), here.market, CLERK)


def test_a_start_with_last_year_puts_its_figures_into_the_form(engine: Engine, report: Report) -> None:
    assert begun(engine, report, requests__carried_in__natural_person="3")
    assert kept(engine, report) == {CELL: "3"}
    with reading_scope(engine) as session:
        assert session.get_one(Report, report.id).started is Start.LAST_YEAR


def test_what_is_typed_already_stays(engine: Engine, report: Report) -> None:
    with session_scope(engine) as session:
        fields.save(session, report, [Change(CELL, "5")], CLERK, annual())
    begun(engine, report, requests__carried_in__natural_person="3", requests__received__natural_person="1")
    assert kept(engine, report) == {CELL: "5", OTHER: "1"}


def test_a_report_is_begun_once(engine: Engine, report: Report) -> None:
    assert begun(engine, report, Start.BLANK)
    assert not begun(engine, report, requests__carried_in__natural_person="3")
    assert kept(engine, report) == {}


def test_of_twenty_threads_that_begin_one_does(engine: Engine, report: Report) -> None:
    begins = race(OPENERS, lambda runner: begun(engine, report, requests__carried_in__natural_person=f"{runner}"))
    assert sum(begins) == 1
    assert len(kept(engine, report)) == 1
    assert acts(engine, "report.started") == 1


def test_zeros_go_into_every_blank_cell_and_nowhere_else(engine: Engine, report: Report) -> None:
    with session_scope(engine) as session:
        fields.save(session, report, [Change(CELL, "3"), Change(OTHER, " ")], CLERK, annual())
    with session_scope(engine) as session:
        written, left = fill_nil(session, report, annual(), CLERK)
    assert left == (CELL,)
    assert len(written) == 24 * 6 + 12 - 1
    values = kept(engine, report)
    assert values[CELL] == "3"
    assert values[OTHER] == "0"
    assert {name.split(".")[0] for name in values} == {"requests", "disputes"}


def test_zeros_that_are_there_already_are_neither_written_nor_left(engine: Engine, report: Report) -> None:
    for _ in range(2):
        with session_scope(engine) as session:
            written, left = fill_nil(session, report, annual(), CLERK)
    assert (written, left) == ((), ())


def test_a_report_that_was_sent_is_not_filled(engine: Engine, report: Report) -> None:
    with session_scope(engine) as session:
        session.get_one(Report, report.id).state = ReportState.SUBMITTED
    with pytest.raises(NotOpen), session_scope(engine) as session:
        fill_nil(session, report, annual(), CLERK)


def test_a_nil_return_while_somebody_types_writes_over_nothing(engine: Engine, report: Report) -> None:
    names = [name for name in annual().cells if name.startswith("requests.") and not annual().cells[name].total]

    def run(runner: int) -> None:
        with session_scope(engine) as session:
            mine = session.get_one(Report, report.id)
            if runner == 0:
                starts.start(session, mine, Start.BLANK, CLERK, {})
                fill_nil(session, mine, annual(), CLERK)
            else:
                changes = [Change(name, f"{runner}") for name in names[runner::7]]
                fields.save(session, mine, changes, f"account:{runner}", annual())

    race(7, run)
    values = kept(engine, report)
    for runner in range(1, 7):
        assert {values[name] for name in names[runner::7]} == {f"{runner}"}
    assert {values[name] for name in names[0::7]} == {"0"}
