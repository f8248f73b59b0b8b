"""A batch is paused, resumed, cancelled, tried again and closed, each once; whoever waits for a preview is spared."""

from collections.abc import Callable

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from storage.batches import moves
from storage.filing.submissions import submit
from storage.making import dispatch, jobs, losses
from storage.session import reading_scope, session_scope
from storage.tables import AuditEvent, Batch, BatchState, Job, JobState, Lane, Report, Unit
from tests.batches import REVIEWER, campaign_of, fail, jobs_of, make, now_in, started, states
from tests.orders import CLERK, RECIPE, answers_of, claimed, job_now
from tests.racing import race

RUNNERS = 8


def do(engine: Engine, batch: Batch, move: Callable[..., object], *details: object) -> object:
    with session_scope(engine) as session:
        return move(session, session.get_one(Batch, batch.id), REVIEWER, *details)


def close(engine: Engine, batch: Batch) -> bool:
    with session_scope(engine) as session:
        return moves.close_if_through(session, session.get_one(Batch, batch.id))


def waiting(engine: Engine) -> list[int]:
    with reading_scope(engine) as session:
        return list(dispatch.waiting(session, Lane.BATCH, 60.0, 100))


def acts(engine: Engine) -> list[str]:
    with reading_scope(engine) as session:
        of_batches = AuditEvent.action.like("batch.%")
        return list(session.scalars(select(AuditEvent.action).where(of_batches).order_by(AuditEvent.number)))


def wants_a_preview(engine: Engine, job_id: int) -> None:
    with session_scope(engine) as session:
        revision = session.get_one(jobs.Revision, session.get_one(Job, job_id).revision_id)
        jobs.order(session, revision, RECIPE, Lane.PREVIEW)


@pytest.fixture
def batch(engine: Engine) -> Batch:
    """A batch of three."""
    return started(engine, campaign_of(engine, approved=3))


def test_while_a_batch_pauses_nothing_of_it_is_told_nor_claimed(engine: Engine, batch: Batch) -> None:
    assert do(engine, batch, moves.pause)
    assert now_in(engine, batch).state is BatchState.PAUSED
    assert waiting(engine) == []
    with session_scope(engine) as session:
        assert jobs.claim(session, jobs_of(engine, batch)[0], "worker") is None


def test_what_was_being_made_when_it_was_paused_is_finished(engine: Engine, batch: Batch) -> None:
    claim = claimed(engine, jobs_of(engine, batch)[0], "worker")
    do(engine, batch, moves.pause)
    with session_scope(engine) as session:
        assert jobs.finish(session, claim, [])
    assert states(engine, batch) == [JobState.DONE, JobState.QUEUED, JobState.QUEUED]


def test_what_comes_back_during_a_pause_waits_with_the_others(engine: Engine, batch: Batch) -> None:
    first, second, third = jobs_of(engine, batch)
    released, lost = claimed(engine, first, "worker"), claimed(engine, second, "victim")
    do(engine, batch, moves.pause)
    with session_scope(engine) as session:
        assert jobs.release(session, released)
        losses.take_back_from(session, ["victim"])
    assert waiting(engine) == []
    do(engine, batch, moves.resume)
    assert waiting(engine) == [first, second, third]
    assert lost.job_id == second


def test_after_a_pause_it_goes_on_and_its_pace_is_measured_anew(engine: Engine, batch: Batch) -> None:
    do(engine, batch, moves.pause)
    assert do(engine, batch, moves.resume)
    resumed = now_in(engine, batch)
    assert (resumed.state, resumed.resumed_at > batch.resumed_at) == (BatchState.RUNNING, True)
    make(engine, jobs_of(engine, batch))


def test_who_waits_for_a_preview_does_not_wait_for_the_end_of_a_pause(engine: Engine, batch: Batch) -> None:
    job_id = jobs_of(engine, batch)[0]
    do(engine, batch, moves.pause)
    wants_a_preview(engine, job_id)
    assert job_now(engine, job_id).lane is Lane.PREVIEW
    make(engine, [job_id])


def test_what_somebody_waits_for_already_is_neither_put_on_hold_nor_cancelled(engine: Engine, batch: Batch) -> None:
    job_id = jobs_of(engine, batch)[0]
    wants_a_preview(engine, job_id)
    do(engine, batch, moves.pause)
    assert not job_now(engine, job_id).on_hold
    do(engine, batch, moves.cancel)
    assert states(engine, batch) == [JobState.QUEUED, JobState.CANCELLED, JobState.CANCELLED]


def test_when_it_is_cancelled_what_is_made_stays_and_what_is_being_made_is_finished(
    engine: Engine, batch: Batch
) -> None:
    first, second, _ = jobs_of(engine, batch)
    make(engine, [first])
    claim = claimed(engine, second, "worker")
    assert do(engine, batch, moves.cancel)
    with session_scope(engine) as session:
        assert jobs.finish(session, claim, [])
    assert states(engine, batch) == [JobState.DONE, JobState.DONE, JobState.CANCELLED]
    cancelled = now_in(engine, batch)
    assert (cancelled.state, cancelled.finished_at is None) == (BatchState.CANCELLED, False)


def test_a_batch_that_paused_can_be_cancelled_and_the_next_one_makes_its_rest(engine: Engine) -> None:
    campaign = campaign_of(engine, approved=2)
    batch = started(engine, campaign)
    do(engine, batch, moves.pause)
    do(engine, batch, moves.cancel)
    make(engine, jobs_of(engine, started(engine, campaign)))


def test_only_what_can_be_done_is_done(engine: Engine, batch: Batch) -> None:
    assert not do(engine, batch, moves.resume)
    assert do(engine, batch, moves.cancel)
    for move in (moves.pause, moves.resume, moves.cancel, moves.retry):
        assert not do(engine, batch, move)
    assert acts(engine) == ["batch.started", "batch.cancelled"]


def test_it_is_closed_when_nothing_waits_or_is_being_made(engine: Engine, batch: Batch) -> None:
    first, second, third = jobs_of(engine, batch)
    make(engine, [first])
    fail(engine, [second])
    claim = claimed(engine, third, "worker")
    assert not close(engine, batch)
    with session_scope(engine) as session:
        jobs.finish(session, claim, [])
    with reading_scope(engine) as session:
        assert [one.id for one in moves.through(session)] == [batch.id]
    assert close(engine, batch)
    closed = now_in(engine, batch)
    assert (closed.state, closed.finished_at) == (BatchState.FINISHED, job_now(engine, third).finished_at)


def test_of_many_who_see_the_end_one_notes_it(engine: Engine, batch: Batch) -> None:
    make(engine, jobs_of(engine, batch))
    assert race(RUNNERS, lambda number: close(engine, batch)).count(True) == 1
    assert acts(engine).count("batch.finished") == 1


def test_without_the_guard_every_one_of_them_would_note_it(
    engine: Engine, batch: Batch, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(engine, jobs_of(engine, batch))
    monkeypatch.setattr(moves, "OPEN", tuple(BatchState))
    assert race(RUNNERS, lambda number: close(engine, batch)).count(True) == RUNNERS


def test_a_paused_batch_with_nothing_left_is_closed_as_well(engine: Engine, batch: Batch) -> None:
    claims = [claimed(engine, job_id, "worker") for job_id in jobs_of(engine, batch)]
    do(engine, batch, moves.pause)
    for claim in claims:
        with session_scope(engine) as session:
            jobs.finish(session, claim, [])
    assert close(engine, batch)


def test_all_that_failed_begins_anew_and_a_finished_batch_runs_again(engine: Engine, batch: Batch) -> None:
    first, second, third = jobs_of(engine, batch)
    make(engine, [first])
    fail(engine, [second, third])
    close(engine, batch)
    assert do(engine, batch, moves.retry) == 2
    again = now_in(engine, batch)
    assert (again.state, again.finished_at) == (BatchState.RUNNING, None)
    assert states(engine, batch) == [JobState.DONE, JobState.QUEUED, JobState.QUEUED]
    assert (job_now(engine, second).error_code, job_now(engine, second).fail_count) == (None, 0)
    make(engine, [second, third])
    assert close(engine, batch)


def test_one_that_failed_begins_anew_alone(engine: Engine, batch: Batch) -> None:
    first, second, _ = jobs_of(engine, batch)
    fail(engine, [first, second])
    assert do(engine, batch, moves.retry, second) == 1
    assert states(engine, batch) == [JobState.FAILED, JobState.QUEUED, JobState.QUEUED]


def test_a_job_of_another_batch_is_not_begun_anew(engine: Engine, batch: Batch) -> None:
    other = started(engine, campaign_of(engine, approved=1))
    [foreign] = jobs_of(engine, other)
    fail(engine, [foreign])
    assert do(engine, batch, moves.retry, foreign) == 0


def test_what_is_tried_again_during_a_pause_waits_for_its_end(engine: Engine, batch: Batch) -> None:
    fail(engine, jobs_of(engine, batch)[:1])
    do(engine, batch, moves.pause)
    assert do(engine, batch, moves.retry) == 1
    assert waiting(engine) == []
    do(engine, batch, moves.resume)
    assert waiting(engine) == jobs_of(engine, batch)


def test_an_old_batch_is_not_woken_while_another_is_at_work(engine: Engine) -> None:
    campaign = campaign_of(engine, approved=1)
    first = started(engine, campaign)
    fail(engine, jobs_of(engine, first))
    close(engine, first)
    second = started(engine, campaign)
    fail(engine, jobs_of(engine, second))
    assert do(engine, first, moves.retry) == 0
    assert now_in(engine, first).state is BatchState.FINISHED


def test_every_act_is_written_down_by_name(engine: Engine, batch: Batch) -> None:
    do(engine, batch, moves.pause)
    do(engine, batch, moves.resume)
    fail(engine, jobs_of(engine, batch))
    close(engine, batch)
    do(engine, batch, moves.retry)
    do(engine, batch, moves.cancel)
    said = ["started", "paused", "resumed", "finished", "retried", "cancelled"]
    assert acts(engine) == [f"batch.{word}" for word in said]


def test_a_report_sent_again_after_its_batch_was_cancelled_gets_its_documents(engine: Engine, batch: Batch) -> None:
    job_id = jobs_of(engine, batch)[0]
    do(engine, batch, moves.cancel)
    with session_scope(engine) as session:
        assert _sent_again(session, job_id) == job_id
    assert (job_now(engine, job_id).state, job_now(engine, job_id).lane) == (JobState.QUEUED, Lane.PREVIEW)


def _sent_again(session: Session, job_id: int) -> int:
    revision = session.get_one(jobs.Revision, session.get_one(Job, job_id).revision_id)
    unit = session.get_one(Unit, session.get_one(Report, revision.report_id).unit_id)
    return submit(session, answers_of(unit.name), CLERK, RECIPE).job.id
