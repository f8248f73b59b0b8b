"""What a dead worker held goes back; what kills worker after worker is set apart, and then given up."""

from datetime import timedelta

from sqlalchemy import Engine, update

from storage.clock import now
from storage.making import dispatch, jobs, losses, presence
from storage.making.losses import LOSSES_BEFORE_QUARANTINE, Lost
from storage.session import session_scope
from storage.tables import Job, JobState, Lane
from tests.orders import arrived, claimed, fall_silent, job_now, ordered
from tests.people import MARKET

STALE, HARD = 20.0, 240.0


def swept(engine: Engine) -> list[Lost]:
    with session_scope(engine) as session:
        return losses.take_back_stale(session, STALE, HARD)


def lose(engine: Engine, job_id: int, times: int) -> None:
    for _ in range(times):
        claimed(engine, job_id, "victim")
        with session_scope(engine) as session:
            losses.take_back_from(session, ["victim"])


def test_a_silent_workers_job_is_queued_again_and_the_loss_counted(engine: Engine) -> None:
    arrived(engine, "worker")
    claim = claimed(engine, ordered(engine), "worker")
    fall_silent(engine, "worker")
    assert swept(engine) == [Lost(claim.job_id, JobState.QUEUED, 1)]
    job = job_now(engine, claim.job_id)
    assert (job.state, job.owner, job.fail_count) == (JobState.QUEUED, None, 0)


def test_who_was_last_heard_before_the_clock_went_back_counts_as_silent(engine: Engine) -> None:
    arrived(engine, "worker")
    claim = claimed(engine, ordered(engine), "worker")
    fall_silent(engine, "worker", seconds=-7200)
    assert [lost.job_id for lost in swept(engine)] == [claim.job_id]


def test_a_job_whose_worker_is_unknown_is_queued_again(engine: Engine) -> None:
    claim = claimed(engine, ordered(engine), "never arrived")
    assert [lost.job_id for lost in swept(engine)] == [claim.job_id]


def test_a_beating_workers_job_is_left_alone(engine: Engine) -> None:
    badge = arrived(engine, "worker")
    claim = claimed(engine, ordered(engine), "worker")
    fall_silent(engine, "worker")
    with session_scope(engine) as session:
        presence.beat(session, badge)
    assert swept(engine) == []
    assert job_now(engine, claim.job_id).state is JobState.RUNNING


def test_a_job_that_runs_past_the_hard_limit_is_queued_again_though_its_worker_beats(engine: Engine) -> None:
    arrived(engine, "worker")
    claim = claimed(engine, ordered(engine), "worker")
    with session_scope(engine) as session:
        long_ago = session.scalars(now().select()).one() - timedelta(seconds=HARD + 60)
        session.execute(update(Job).values(claimed_at=long_ago))
    assert [lost.job_id for lost in swept(engine)] == [claim.job_id]


def test_finished_and_waiting_jobs_are_nobodys_loss(engine: Engine) -> None:
    claim = claimed(engine, ordered(engine), "gone")
    with session_scope(engine) as session:
        jobs.finish(session, claim, [])
    ordered(engine, MARKET)
    assert swept(engine) == []


def lanes_with_work(engine: Engine) -> list[Lane]:
    with session_scope(engine) as session:
        return [lane for lane in Lane if dispatch.waiting(session, lane, 60, limit=9)]


def test_after_five_losses_a_job_waits_in_quarantine(engine: Engine) -> None:
    job_id = ordered(engine)
    lose(engine, job_id, LOSSES_BEFORE_QUARANTINE - 1)
    assert lanes_with_work(engine) == [Lane.PREVIEW]
    lose(engine, job_id, 1)
    assert lanes_with_work(engine) == [Lane.QUARANTINE]


def test_a_message_from_before_quarantine_gets_nobody_the_job(engine: Engine) -> None:
    job_id = ordered(engine)
    lose(engine, job_id, LOSSES_BEFORE_QUARANTINE)
    with session_scope(engine) as session:
        assert jobs.claim(session, job_id, "somebody with an old message", [Lane.PREVIEW]) is None
        assert jobs.claim(session, job_id, "who serves quarantine", [Lane.BATCH, Lane.QUARANTINE])


def test_a_loss_in_quarantine_is_the_last(engine: Engine) -> None:
    job_id = ordered(engine)
    lose(engine, job_id, LOSSES_BEFORE_QUARANTINE + 1)
    job = job_now(engine, job_id)
    assert (job.state, job.error_code) == (JobState.FAILED, "poison")
    assert job.error_for_person
    assert job.finished_at is not None


def test_a_job_that_survives_quarantine_is_done(engine: Engine) -> None:
    job_id = ordered(engine)
    lose(engine, job_id, LOSSES_BEFORE_QUARANTINE)
    claim = claimed(engine, job_id, "worker")
    with session_scope(engine) as session:
        assert jobs.finish(session, claim, [])
    assert job_now(engine, job_id).state is JobState.DONE
