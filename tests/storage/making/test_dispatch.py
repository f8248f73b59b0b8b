"""The oldest due jobs of a lane are told first, and not told again too soon."""

from sqlalchemy import Engine

from storage.making import dispatch, jobs
from storage.making.jobs import Failure
from storage.session import session_scope
from storage.tables import Job, Lane
from tests.orders import arrived, claimed, ordered

REPUBLISH = 60.0


def waiting(engine: Engine, lane: Lane = Lane.BATCH, limit: int = 10, republish: float = REPUBLISH) -> list[int]:
    with session_scope(engine) as session:
        return list(dispatch.waiting(session, lane, republish, limit))


def batch(engine: Engine, units: int) -> list[int]:
    return [ordered(engine, f"第{number}街道办事处", Lane.BATCH) for number in range(units)]


def publish(engine: Engine, job_ids: list[int]) -> None:
    with session_scope(engine) as session:
        dispatch.mark_published(session, job_ids)


def test_the_oldest_jobs_come_first_and_no_more_than_asked_for(engine: Engine) -> None:
    job_ids = batch(engine, 5)
    assert waiting(engine, limit=3) == job_ids[:3]


def test_a_preview_is_not_behind_the_batch(engine: Engine) -> None:
    batch(engine, 3)
    preview = ordered(engine, lane=Lane.PREVIEW)
    assert waiting(engine, Lane.PREVIEW) == [preview]


def test_a_published_job_is_not_published_again_at_once(engine: Engine) -> None:
    first, second = batch(engine, 2)
    publish(engine, [first])
    assert waiting(engine) == [second]


def test_a_published_job_nobody_took_is_published_again(engine: Engine) -> None:
    job_ids = batch(engine, 1)
    publish(engine, job_ids)
    assert waiting(engine, republish=-1) == job_ids


def test_a_job_that_waits_for_its_next_attempt_is_not_due(engine: Engine) -> None:
    [job_id] = batch(engine, 1)
    claim = claimed(engine, job_id, "worker")
    with session_scope(engine) as session:
        jobs.fail(session, claim, Failure("disk_full", "", "", retry=True), [10.0])
    assert waiting(engine) == []


def test_a_running_job_waits_for_nobody(engine: Engine) -> None:
    [job_id] = batch(engine, 1)
    claimed(engine, job_id, "worker")
    assert waiting(engine) == []
    with session_scope(engine) as session:
        assert dispatch.running(session, Lane.BATCH) == 1
        assert dispatch.running(session, Lane.PREVIEW) == 0


def test_slots_are_the_living_workers_of_a_lane(engine: Engine) -> None:
    arrived(engine, "one", Lane.BATCH)
    arrived(engine, "two", Lane.BATCH)
    arrived(engine, "three", Lane.PREVIEW)
    with session_scope(engine) as session:
        assert dispatch.slots(session, [Lane.BATCH], stale_seconds=20) == 2
        assert dispatch.slots(session, [Lane.BATCH], stale_seconds=-1) == 0


def test_a_job_on_hold_is_told_to_nobody(engine: Engine) -> None:
    first, second = batch(engine, 2)
    with session_scope(engine) as session:
        session.get_one(Job, first).on_hold = True
    assert waiting(engine) == [second]
