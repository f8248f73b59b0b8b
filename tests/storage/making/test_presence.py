"""Workers arrive, beat and leave; the silent are forgotten once they hold nothing."""

from sqlalchemy import Engine

from storage.making import presence
from storage.session import session_scope
from storage.tables import JobState, Lane, Stage, Worker
from tests.orders import arrived, claimed, job_now, ordered


def known(engine: Engine) -> list[str]:
    with session_scope(engine) as session:
        return sorted(worker.boot_id for worker in presence.on_host(session, Lane.BATCH, "office"))


def forget(engine: Engine) -> None:
    with session_scope(engine) as session:
        # Silent since a second from now: everybody is.
        presence.forget_silent(session, silent_seconds=-1)


def test_a_worker_is_known_from_its_arrival_until_it_leaves(engine: Engine) -> None:
    badge = arrived(engine, "worker")
    assert known(engine) == ["worker"]
    with session_scope(engine) as session:
        presence.leave(session, badge)
    assert known(engine) == []


def test_a_worker_that_leaves_gives_back_its_job_uncounted(engine: Engine) -> None:
    badge = arrived(engine, "worker")
    claim = claimed(engine, ordered(engine), "worker")
    with session_scope(engine) as session:
        presence.leave(session, badge)
    job = job_now(engine, claim.job_id)
    assert (job.state, job.lost_count) == (JobState.QUEUED, 0)


def test_a_beat_moves_the_time_a_worker_was_last_heard(engine: Engine) -> None:
    badge = arrived(engine, "worker")
    with session_scope(engine) as session:
        before = session.get_one(Worker, "worker").heartbeat_at
    with session_scope(engine) as session:
        presence.beat(session, badge)
    with session_scope(engine) as session:
        assert session.get_one(Worker, "worker").heartbeat_at > before


def test_a_worker_taken_for_dead_and_forgotten_is_known_again_when_it_beats(engine: Engine) -> None:
    badge = arrived(engine, "worker")
    forget(engine)
    assert known(engine) == []
    with session_scope(engine) as session:
        presence.beat(session, badge)
    assert known(engine) == ["worker"]


def test_a_silent_worker_is_remembered_while_it_holds_a_job(engine: Engine) -> None:
    arrived(engine, "worker")
    claimed(engine, ordered(engine), "worker")
    forget(engine)
    assert known(engine) == ["worker"]


def test_a_beat_tells_the_stage_of_the_document_and_that_there_is_none(engine: Engine) -> None:
    badge = arrived(engine, "worker")
    for stage in (Stage.CONVERT, None):
        with session_scope(engine) as session:
            presence.beat(session, badge, stage)
        with session_scope(engine) as session:
            assert session.get_one(Worker, "worker").stage is stage
