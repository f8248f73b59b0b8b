"""The batch of each year starts once for every open campaign of the year before, whoever looks at the clock."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, update

from storage.batches import batches, moves, timetable
from storage.roster.campaigns import close_campaign
from storage.session import reading_scope, session_scope
from storage.tables import Batch, BatchState, Campaign, Scope
from tests.batches import REVIEWER, campaign_of, jobs_of, make, started
from tests.orders import RECIPE
from tests.racing import race

RUNNERS = 6
# The campaigns of these tests are of 2024.
SINCE = datetime(2025, 1, 20, 13, tzinfo=UTC)


def start(engine: Engine, campaign: Campaign, since: datetime = SINCE) -> Batch | None:
    with reading_scope(engine) as session:
        lines = batches.lines_of(session, campaign, Scope.APPROVED)
    with session_scope(engine) as session:
        return timetable.start_once(session, session.get_one(Campaign, campaign.id), since, RECIPE, lines)


def due(engine: Engine, since: datetime = SINCE) -> list[int]:
    with reading_scope(engine) as session:
        return [campaign.id for campaign in timetable.unstarted(session, since)]


def at(engine: Engine, batch: Batch, **moments: datetime) -> None:
    with session_scope(engine) as session:
        session.execute(update(Batch).where(Batch.id == batch.id).values(**moments))


def finished(engine: Engine, batch: Batch) -> None:
    make(engine, jobs_of(engine, batch))
    with session_scope(engine) as session:
        assert moves.close_if_through(session, session.get_one(Batch, batch.id))


def test_every_open_campaign_of_the_year_before_gets_its_batch(engine: Engine) -> None:
    first, second, over = (campaign_of(engine, approved=1) for _ in range(3))
    with session_scope(engine) as session:
        assert close_campaign(session, session.get_one(Campaign, over.id), REVIEWER)
    assert due(engine) == [first.id, second.id]
    assert due(engine, SINCE + timedelta(days=365)) == []
    batch = start(engine, first)
    assert batch is not None
    assert (batch.state, batch.scope, batch.started_by) == (BatchState.RUNNING, Scope.APPROVED, timetable.ACTOR)
    assert due(engine) == [second.id]


def test_it_is_not_started_a_second_time_when_the_first_is_over(engine: Engine) -> None:
    campaign = campaign_of(engine, approved=1)
    batch = start(engine, campaign)
    assert batch is not None
    finished(engine, batch)
    assert start(engine, campaign) is None
    assert due(engine) == []


BEFORE, AFTER = SINCE - timedelta(hours=2), SINCE + timedelta(minutes=5)


@pytest.mark.parametrize(
    ("began", "ended", "starts"),
    [(BEFORE, BEFORE, True), (BEFORE, AFTER, False), (AFTER, AFTER, False)],
    ids=["it was over before", "it was at work then", "it was started since"],
)
def test_where_a_person_had_a_batch_at_work_then_there_is_no_other(
    engine: Engine, began: datetime, ended: datetime, starts: bool
) -> None:
    campaign = campaign_of(engine, approved=1)
    batch = started(engine, campaign)
    finished(engine, batch)
    at(engine, batch, started_at=began, finished_at=ended)
    assert (start(engine, campaign) is not None) is starts


def start_many(engine: Engine, campaign: Campaign, look: Callable[[int], Batch | None]) -> int:
    return sum(batch is not None for batch in race(RUNNERS, look))


def test_of_many_sweepers_one_starts_it(engine: Engine) -> None:
    campaign = campaign_of(engine, approved=2)
    assert start_many(engine, campaign, lambda number: start(engine, campaign)) == 1


def test_without_the_guards_each_of_them_would(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    campaign = campaign_of(engine, approved=2)
    monkeypatch.setattr(timetable, "_at_work", lambda since: Batch.id < 0)
    monkeypatch.setattr(batches, "open_batch", lambda session, campaign: None)
    assert start_many(engine, campaign, lambda number: start(engine, campaign)) == RUNNERS
