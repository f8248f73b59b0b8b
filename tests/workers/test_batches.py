"""The sweeper notes the end of a batch, and starts the one of each year at its hour."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import select

from storage.batches import moves
from storage.session import reading_scope, session_scope
from storage.tables import Batch, BatchState, Campaign
from tests.batches import REVIEWER, campaign_of, jobs_of, make, now_in, started
from tests.workers.conftest import Office
from workers.batches import start_due_batches

CHINA = timezone(timedelta(hours=8))


def batches(office: Office) -> list[Batch]:
    with reading_scope(office.engine) as session:
        return list(session.scalars(select(Batch).order_by(Batch.id)))


def due_an_hour_ago(office: Office) -> str:
    """The hour of China that was an hour ago, and a campaign of the year before it."""
    hour = datetime.now(UTC).astimezone(CHINA) - timedelta(hours=1)
    with session_scope(office.engine) as session:
        for campaign in session.scalars(select(Campaign)):
            campaign.year = hour.year - 1
    return hour.strftime("%m-%d %H:%M")


def test_the_end_of_a_batch_is_noted_in_a_round(either_office: Office) -> None:
    office = either_office
    batch = started(office.engine, campaign_of(office.engine, approved=2))
    office.sweeper.sweep()
    assert now_in(office.engine, batch).state is BatchState.RUNNING
    make(office.engine, jobs_of(office.engine, batch))
    office.sweeper.sweep()
    assert now_in(office.engine, batch).state is BatchState.FINISHED


def test_a_batch_is_made_by_real_workers_to_its_end(office: Office) -> None:
    batch = started(office.engine, campaign_of(office.engine, approved=3))
    office.hire(concurrency=2)
    office.run_until(lambda: now_in(office.engine, batch).state is BatchState.FINISHED)
    assert office.is_done(*jobs_of(office.engine, batch))


def test_real_workers_begin_nothing_of_a_batch_that_pauses(office: Office) -> None:
    batch = started(office.engine, campaign_of(office.engine, approved=2))
    with session_scope(office.engine) as session:
        moves.pause(session, session.get_one(Batch, batch.id), REVIEWER)
    office.hire()
    beside = office.order("临溪县档案局")
    office.run_until(lambda: office.is_done(beside))
    assert [office.begun(job_id) for job_id in jobs_of(office.engine, batch)] == [0, 0]
    with session_scope(office.engine) as session:
        moves.resume(session, session.get_one(Batch, batch.id), REVIEWER)
    office.run_until(lambda: now_in(office.engine, batch).state is BatchState.FINISHED)


def test_the_batch_of_the_year_starts_at_its_hour_and_once(office: Office) -> None:
    campaign_of(office.engine, approved=2)
    settings = office.settings.model_copy(update={"batch_at": due_an_hour_ago(office)})
    for _ in range(2):
        start_due_batches(office.engine, settings)
    [batch] = batches(office)
    assert batch.started_by == "program:timetable"


@pytest.mark.parametrize("at", ["", "another"])
def test_nothing_starts_at_another_hour(office: Office, at: str) -> None:
    campaign_of(office.engine, approved=2)
    due_an_hour_ago(office)
    now = datetime.now(UTC).astimezone(CHINA)
    at = at and (now + timedelta(days=40)).strftime("%m-") + "15 12:00"
    start_due_batches(office.engine, office.settings.model_copy(update={"batch_at": at}))
    assert batches(office) == []


def test_a_campaign_whose_definition_was_taken_away_stops_nobody(office: Office) -> None:
    campaign_of(office.engine, approved=1)
    campaign_of(office.engine, approved=1)
    at = due_an_hour_ago(office)
    with session_scope(office.engine) as session:
        session.scalars(select(Campaign).order_by(Campaign.id)).first().edition = "1999"  # type: ignore[union-attr]
    start_due_batches(office.engine, office.settings.model_copy(update={"batch_at": at}))
    assert len(batches(office)) == 1
