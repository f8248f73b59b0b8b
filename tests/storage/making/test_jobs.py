"""A job has one holder at a time, and only its holder can settle it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from sqlalchemy import Engine, event

from storage.making import jobs, losses
from storage.making.jobs import Claim, Failure, Recipe
from storage.session import session_scope
from storage.tables import Job, JobState, Lane, Revision
from tests.orders import CLERK, RECIPE, arrived, claimed, job_now, ordered
from tests.racing import race

RUNNERS = 20
WAITS = (10.0, 60.0, 300.0)
FULL_DISK = Failure("disk_full", "磁盘已满。", "no space left on device", retry=True)
BAD_TEMPLATE = Failure("template_broken", "模板有误。", "unknown placeholder", retry=False)


def winners(engine: Engine) -> list[Claim]:
    """Twenty workers reach for one job."""
    job_id = ordered(engine)

    def reach(number: int) -> Claim | None:
        with session_scope(engine) as session:
            return jobs.claim(session, job_id, f"worker-{number}")

    return [claim for claim in race(RUNNERS, reach) if claim]


def finished(engine: Engine, claim: Claim) -> bool:
    with session_scope(engine) as session:
        return jobs.finish(session, claim, [])


def failed(engine: Engine, claim: Claim, failure: Failure) -> bool:
    with session_scope(engine) as session:
        return jobs.fail(session, claim, failure, WAITS)


def wait_no_longer(engine: Engine, job_id: int) -> None:
    with session_scope(engine) as session:
        session.get_one(jobs.Job, job_id).next_attempt_at = None


def test_of_twenty_workers_who_reach_for_one_job_exactly_one_gets_it(engine: Engine) -> None:
    assert len(winners(engine)) == 1


def test_without_its_guard_a_job_would_be_taken_many_times(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "_free", lambda job_id: jobs.Job.id == job_id)
    assert len(winners(engine)) == RUNNERS


def superseded(engine: Engine) -> Claim:
    """A worker holds a job, is taken for dead, and another claims the job."""
    job_id = ordered(engine)
    paused = claimed(engine, job_id, "paused")
    with session_scope(engine) as session:
        losses.take_back_from(session, ["paused"])
    claimed(engine, job_id, "second")
    return paused


def test_a_holder_who_was_given_up_cannot_finish(engine: Engine) -> None:
    paused = superseded(engine)
    assert not finished(engine, paused)
    assert job_now(engine, paused.job_id).owner == "second"


def test_a_holder_who_was_given_up_cannot_fail_or_release_the_job(engine: Engine) -> None:
    paused = superseded(engine)
    assert not failed(engine, paused, BAD_TEMPLATE)
    with session_scope(engine) as session:
        assert not jobs.release(session, paused)
    assert job_now(engine, paused.job_id).state is JobState.RUNNING


def test_without_its_fence_a_stale_holder_would_finish(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    paused = superseded(engine)
    monkeypatch.setattr(jobs, "_held", lambda claim: jobs.Job.id == claim.job_id)
    assert finished(engine, paused)


def test_a_job_that_was_finished_cannot_be_claimed_again(engine: Engine) -> None:
    claim = claimed(engine, ordered(engine), "worker")
    assert finished(engine, claim)
    with session_scope(engine) as session:
        assert jobs.claim(session, claim.job_id, "late") is None


def test_finishing_again_after_a_lost_answer_still_counts(engine: Engine) -> None:
    claim = claimed(engine, ordered(engine), "worker")
    assert finished(engine, claim)
    assert finished(engine, claim)


def test_an_error_that_may_pass_is_tried_again_later_and_not_before(engine: Engine) -> None:
    claim = claimed(engine, ordered(engine), "worker")
    assert failed(engine, claim, FULL_DISK)
    job = job_now(engine, claim.job_id)
    assert (job.state, job.fail_count, job.error_code) == (JobState.QUEUED, 1, "disk_full")
    assert job.error_for_person == "磁盘已满。稍后会自动重试。"
    with session_scope(engine) as session:
        assert jobs.claim(session, claim.job_id, "too early") is None


def test_after_three_retries_an_error_is_final(engine: Engine) -> None:
    job_id = ordered(engine)
    for _ in WAITS:
        assert failed(engine, claimed(engine, job_id, "worker"), FULL_DISK)
        wait_no_longer(engine, job_id)
    assert failed(engine, claimed(engine, job_id, "worker"), FULL_DISK)
    job = job_now(engine, job_id)
    assert (job.state, job.fail_count, job.lost_count) == (JobState.FAILED, 4, 0)
    assert job.error_for_person == "磁盘已满。"


def test_an_error_that_will_not_pass_is_final_at_once_and_says_why(engine: Engine) -> None:
    claim = claimed(engine, ordered(engine), "worker")
    assert failed(engine, claim, BAD_TEMPLATE)
    job = job_now(engine, claim.job_id)
    assert job.state is JobState.FAILED
    assert (job.error_code, job.error_for_person) == ("template_broken", "模板有误。")
    assert job.error_for_operator == "unknown placeholder"


def test_a_success_after_an_error_leaves_no_error_behind(engine: Engine) -> None:
    job_id = ordered(engine)
    failed(engine, claimed(engine, job_id, "worker"), FULL_DISK)
    wait_no_longer(engine, job_id)
    finished(engine, claimed(engine, job_id, "worker"))
    assert job_now(engine, job_id).error_code is None


def test_a_released_job_is_free_at_once_and_not_counted_as_lost(engine: Engine) -> None:
    claim = claimed(engine, ordered(engine), "worker")
    with session_scope(engine) as session:
        assert jobs.release(session, claim)
    assert claimed(engine, claim.job_id, "next").fence == 2
    assert job_now(engine, claim.job_id).lost_count == 0


def test_a_failed_job_begins_anew_when_somebody_asks(engine: Engine) -> None:
    claim = claimed(engine, ordered(engine), "worker")
    failed(engine, claim, BAD_TEMPLATE)
    with session_scope(engine) as session:
        assert jobs.requeue(session, claim.job_id, CLERK)
    job = job_now(engine, claim.job_id)
    assert (job.state, job.fail_count, job.error_code) == (JobState.QUEUED, 0, None)


@pytest.mark.parametrize(
    ("recipe", "is_the_same"),
    [
        (RECIPE, True),
        (replace(RECIPE, template_version="template-2"), False),
        (replace(RECIPE, renderer_version="renderer-2"), False),
    ],
)
def test_what_was_made_is_not_made_again_until_the_template_or_the_renderer_is_another(
    engine: Engine, recipe: Recipe, is_the_same: bool
) -> None:
    claim = claimed(engine, ordered(engine), "worker")
    finished(engine, claim)
    with session_scope(engine) as session:
        revision = session.get_one(Revision, claim.revision_id)
        again = jobs.order(session, revision, recipe, Lane.BATCH)
        assert (again.id == claim.job_id, again.state is JobState.DONE) == (is_the_same, is_the_same)


def test_a_job_that_has_not_failed_is_not_begun_anew(engine: Engine) -> None:
    claim = claimed(engine, ordered(engine), "worker")
    finished(engine, claim)
    with session_scope(engine) as session:
        assert not jobs.requeue(session, claim.job_id, CLERK)


def test_a_worker_that_leaves_gives_back_what_it_holds(engine: Engine) -> None:
    arrived(engine, "worker")
    claim = claimed(engine, ordered(engine), "worker")
    with session_scope(engine) as session:
        assert jobs.release_all(session, "worker") == 1
    assert job_now(engine, claim.job_id).state is JobState.QUEUED


def put_on_hold(engine: Engine, job_id: int) -> None:
    with session_scope(engine) as session:
        session.get_one(Job, job_id).on_hold = True


def cancel(engine: Engine, job_id: int) -> None:
    with session_scope(engine) as session:
        session.get_one(Job, job_id).state = JobState.CANCELLED


def test_a_job_on_hold_is_nobodys(engine: Engine) -> None:
    job_id = ordered(engine, lane=Lane.BATCH)
    put_on_hold(engine, job_id)
    with session_scope(engine) as session:
        assert jobs.claim(session, job_id, "worker") is None


def test_a_cancelled_job_is_nobodys(engine: Engine) -> None:
    job_id = ordered(engine, lane=Lane.BATCH)
    cancel(engine, job_id)
    with session_scope(engine) as session:
        assert jobs.claim(session, job_id, "worker") is None


def test_who_wants_a_preview_of_what_waits_in_a_batch_does_not_wait_with_it(engine: Engine) -> None:
    job_id = ordered(engine, lane=Lane.BATCH)
    put_on_hold(engine, job_id)
    assert ordered(engine, lane=Lane.PREVIEW) == job_id
    job = job_now(engine, job_id)
    assert (job.lane, job.on_hold, job.published_at) == (Lane.PREVIEW, False, None)
    with session_scope(engine) as session:
        assert jobs.claim(session, job_id, "worker", [Lane.PREVIEW])


def test_a_batch_does_not_slow_down_what_somebody_waits_for(engine: Engine) -> None:
    job_id = ordered(engine, lane=Lane.PREVIEW)
    assert ordered(engine, lane=Lane.BATCH) == job_id
    assert job_now(engine, job_id).lane is Lane.PREVIEW


@pytest.mark.parametrize("lane", [Lane.PREVIEW, Lane.BATCH])
def test_what_was_cancelled_is_made_when_somebody_wants_it_again(engine: Engine, lane: Lane) -> None:
    job_id = ordered(engine, lane=Lane.BATCH)
    cancel(engine, job_id)
    assert ordered(engine, lane=lane) == job_id
    job = job_now(engine, job_id)
    assert (job.state, job.lane) == (JobState.QUEUED, lane)


def test_what_is_being_made_is_not_disturbed_by_whoever_wants_it_too(engine: Engine) -> None:
    claim = claimed(engine, ordered(engine, lane=Lane.BATCH), "worker")
    ordered(engine, lane=Lane.PREVIEW)
    assert finished(engine, claim)


def test_how_long_each_stage_took_is_kept_with_a_job_that_is_done(engine: Engine) -> None:
    claim = claimed(engine, ordered(engine), "worker")
    with session_scope(engine) as session:
        assert jobs.finish(session, claim, [], {"convert": 0.25})
    assert job_now(engine, claim.job_id).seconds == '{"convert": 0.25}'


@contextmanager
def statements(engine: Engine) -> Iterator[list[str]]:
    """The statements of the block, each by its first word and table."""
    said: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            said.append(" ".join(statement.split()[:3]))

    event.listen(engine, "before_cursor_execute", note)
    yield said
    event.remove(engine, "before_cursor_execute", note)


def test_a_claim_and_a_finish_cost_one_statement_each_beside_the_documents(engine: Engine) -> None:
    job_id = ordered(engine, lane=Lane.BATCH)
    with session_scope(engine) as session, statements(engine) as claiming:
        claim = jobs.claim(session, job_id, "worker")
    assert claim
    with session_scope(engine) as session, statements(engine) as finishing:
        jobs.finish(session, claim, [], {"fill": 0.1, "convert": 0.2})
    assert (claiming, finishing) == (["UPDATE job SET"], ["UPDATE job SET"])
