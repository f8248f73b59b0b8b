"""A nudge follows the commit, never comes before it, and never stands in a person's way."""

from collections.abc import Iterator

import pytest

from storage.filing.submissions import submit
from storage.session import make_engine, session_scope
from storage.settings import Settings
from storage.tables import Lane, Unit
from tests.orders import CLERK, RECIPE, answers_of, job_now
from tests.servers import RedisServer
from workers.queue import SERVED_BY, STAFFED, JobQueue


class Counter:
    """Where clerks submit."""

    def __init__(self, settings: Settings) -> None:
        self.engine = make_engine(settings)
        self.queue = JobQueue(settings)

    def submit(self, *, and_then: Exception | None = None) -> int:
        with session_scope(self.engine) as session:
            job = submit(session, answers_of(), CLERK, RECIPE).job
            self.queue.nudge_after_commit(session, job)
            if and_then:
                raise and_then
        return job.id


@pytest.fixture
def counter(either: Settings, redis_server: RedisServer) -> Iterator[Counter]:
    redis_server.client.flushall()
    counter = Counter(either.model_copy(update={"redis_url": redis_server.url}))
    yield counter
    counter.engine.dispose()


def test_a_submission_is_told_once_it_is_committed(counter: Counter) -> None:
    told = [counter.submit()]
    # Redis has a moment to listen; on a busy machine one moment may be too short.
    while counter.queue.length(Lane.PREVIEW) == 0 and len(told) < 5:
        told.append(counter.submit())
    assert counter.queue.length(Lane.PREVIEW) == 1
    assert job_now(counter.engine, told[-1]).published_at is not None


def test_a_submission_that_is_rolled_back_is_not_told(counter: Counter) -> None:
    with pytest.raises(ZeroDivisionError):
        counter.submit(and_then=ZeroDivisionError())
    assert counter.queue.length(Lane.PREVIEW) == 0


def test_a_savepoint_is_no_commit(counter: Counter) -> None:
    with session_scope(counter.engine) as session:
        counter.queue.nudge_after_commit(session, submit(session, answers_of(), CLERK, RECIPE).job)
        with session.begin_nested():
            session.add(Unit(name="水务局"))
        assert counter.queue.length(Lane.PREVIEW) == 0
    assert counter.queue.length(Lane.PREVIEW) == 1


def test_a_submission_is_accepted_while_redis_does_not_answer(counter: Counter, redis_server: RedisServer) -> None:
    redis_server.pause()
    try:
        # Who waited for Redis would wait for ever: it is not resumed before this returns.
        job_id = counter.submit()
    finally:
        redis_server.resume()
    assert job_now(counter.engine, job_id).published_at is None


def test_a_submission_is_accepted_while_there_is_no_redis(counter: Counter, redis_server: RedisServer) -> None:
    redis_server.kill()
    try:
        job_id = counter.submit()
    finally:
        redis_server.start()
    assert job_now(counter.engine, job_id).published_at is None
    counter.queue.tell(job_id, Lane.PREVIEW)
    assert counter.queue.length(Lane.PREVIEW) == 1


def test_every_lane_is_served_by_somebody_who_is_started_as_a_rule() -> None:
    assert {lane for serving in STAFFED for lane in SERVED_BY[serving]} == set(Lane)
