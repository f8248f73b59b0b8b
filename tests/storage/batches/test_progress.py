"""Progress is counted, never kept: whatever happens to jobs, done does not fall and nothing passes the total."""

import random

import pytest
from sqlalchemy import Engine, event, update

from storage.batches import moves
from storage.batches.progress import LOOK_BACK_SECONDS, Progress, progress, stage_seconds
from storage.clock import seconds_ago
from storage.making import jobs, losses
from storage.making.jobs import Claim, Failure
from storage.session import reading_scope, session_scope
from storage.tables import Batch, BatchState, Job, JobState, Stage
from tests.batches import REVIEWER, campaign_of, fail, jobs_of, make, started
from tests.orders import claimed

MOVES = 160


def counted(engine: Engine, batch: Batch) -> Progress:
    with reading_scope(engine) as session:
        return progress(session, session.get_one(Batch, batch.id))


def long_ago(engine: Engine, batch: Batch, seconds: float) -> None:
    """As if the batch had begun to move so long ago."""
    with session_scope(engine) as session:
        session.execute(update(Batch).where(Batch.id == batch.id).values(resumed_at=seconds_ago(seconds)))


def test_every_job_is_counted_once_under_what_became_of_it(engine: Engine) -> None:
    batch = started(engine, campaign_of(engine, approved=5, sent=1, silent=1))
    first, second, third, fourth, _ = jobs_of(engine, batch)
    make(engine, [first])
    fail(engine, [second])
    claimed(engine, third, "worker")
    fail(engine, [fourth], waits=[60.0])
    now = counted(engine, batch)
    assert (now.done, now.failed, now.running, now.waiting, now.retrying) == (1, 1, 1, 2, 1)
    assert (now.total, now.to_do, now.left_out, now.reused) == (5, 3, 2, 0)


def test_it_is_one_statement(engine: Engine) -> None:
    batch = started(engine, campaign_of(engine, approved=3))
    statements: list[str] = []
    with reading_scope(engine) as session:
        batch = session.get_one(Batch, batch.id)
        event.listen(engine, "before_cursor_execute", lambda *told: statements.append(told[2]))
        progress(session, batch)
    assert len(statements) == 1


def test_at_first_nobody_can_say_how_long_it_will_take(engine: Engine) -> None:
    batch = started(engine, campaign_of(engine, approved=5))
    make(engine, jobs_of(engine, batch)[:4])
    assert (counted(engine, batch).a_minute, counted(engine, batch).seconds_left) == (None, None)


def test_then_it_is_told_by_the_pace_of_the_last_minutes(engine: Engine) -> None:
    batch = started(engine, campaign_of(engine, approved=6))
    make(engine, jobs_of(engine, batch)[:4])
    long_ago(engine, batch, 30)
    now = counted(engine, batch)
    assert now.a_minute == pytest.approx(8, rel=0.2)
    assert now.seconds_left == pytest.approx(15, rel=0.2)


def test_what_was_finished_long_ago_says_nothing_about_the_pace_of_now(engine: Engine) -> None:
    batch = started(engine, campaign_of(engine, approved=6))
    make(engine, jobs_of(engine, batch)[:4])
    long_ago(engine, batch, 7200)
    with session_scope(engine) as session:
        session.execute(update(Job).values(finished_at=seconds_ago(3600)))
    now = counted(engine, batch)
    assert (now.lately, now.seconds, now.a_minute) == (0, LOOK_BACK_SECONDS, None)


def test_what_was_taken_over_is_not_counted_as_pace(engine: Engine) -> None:
    campaign = campaign_of(engine, approved=4)
    first = started(engine, campaign)
    make(engine, jobs_of(engine, first))
    with session_scope(engine) as session:
        moves.close_if_through(session, session.get_one(Batch, first.id))
    second = started(engine, campaign)
    long_ago(engine, second, 60)
    assert (counted(engine, second).reused, counted(engine, second).lately) == (4, 0)


def test_the_stages_are_told_on_the_average(engine: Engine) -> None:
    batch = started(engine, campaign_of(engine, approved=3))
    with reading_scope(engine) as session:
        assert stage_seconds(session, batch) == {}
    make(engine, jobs_of(engine, batch)[:2])
    with reading_scope(engine) as session:
        told = stage_seconds(session, batch)
    assert (told[Stage.FILL], told[Stage.CONVERT], told[Stage.STORE]) == (0.25, 0.5, 0.0)


class Night:
    """Whatever can happen to the jobs of a batch, one thing after the other."""

    def __init__(self, engine: Engine, batch: Batch, dice: random.Random) -> None:
        self.engine, self.batch, self.dice = engine, batch, dice
        self.jobs = jobs_of(engine, batch)
        self.held: list[Claim] = []

    def happens(self) -> None:
        with session_scope(self.engine) as session:
            batch = session.get_one(Batch, self.batch.id)
            job_id = self.dice.choice(self.jobs)
            what = self.dice.choice(
                ["claim"] * 4 + ["finish"] * 3 + ["fail", "release", "lose", "retry", "hold", "see"]
            )
            claim = self.held.pop(self.dice.randrange(len(self.held))) if self.held and what in ENDS else None
            if what == "claim" and (got := jobs.claim(session, job_id, "worker")):
                self.held.append(got)
            elif what == "finish" and claim:
                jobs.finish(session, claim, [])
            elif what == "fail" and claim:
                waits = self.dice.choice([(), (-1.0, -1.0)])
                jobs.fail(session, claim, Failure("broken", "不能。", "cannot", retry=True), waits)
            elif what == "release" and claim:
                jobs.release(session, claim)
            elif what == "lose" and self.dice.random() < 0.3:
                losses.take_back_from(session, ["worker"])
            elif what == "retry":
                moves.retry(session, batch, REVIEWER)
            elif what == "hold":
                move = moves.resume if batch.state is BatchState.PAUSED else moves.pause
                move(session, batch, REVIEWER)
            elif what == "see":
                moves.close_if_through(session, batch)


ENDS = ("finish", "fail", "release")


@pytest.mark.parametrize("seed", range(4))
def test_whatever_happens_done_never_falls_and_never_passes_the_total(engine: Engine, seed: int) -> None:
    batch = started(engine, campaign_of(engine, approved=6, silent=1))
    night, done = Night(engine, batch, random.Random(seed)), 0
    for _ in range(MOVES // 2):
        night.happens()
        now = counted(engine, batch)
        assert (now.total, now.left_out) == (6, 1)
        assert done <= now.done <= now.total
        done = now.done


def test_the_nights_of_these_tests_bring_everything_about(engine: Engine) -> None:
    batch = started(engine, campaign_of(engine, approved=4))
    night, seen = Night(engine, batch, random.Random(7)), set[JobState]()
    for _ in range(MOVES):
        night.happens()
        with reading_scope(engine) as session:
            seen |= {session.get_one(Job, job_id).state for job_id in jobs_of(engine, batch)}
    assert seen == set(JobState) - {JobState.CANCELLED}


def test_what_belongs_to_another_batch_is_not_counted(engine: Engine) -> None:
    first = started(engine, campaign_of(engine, approved=2))
    started(engine, campaign_of(engine, approved=3))
    assert counted(engine, first).total == 2
