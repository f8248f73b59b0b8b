"""The sweeper tells of a few jobs at a time, and survives whatever is away."""

import signal
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from storage.clock import seconds_from_now
from storage.making import losses, presence
from storage.making.losses import LOSSES_BEFORE_QUARANTINE
from storage.session import session_scope
from storage.settings import Settings
from storage.tables import JobState, Lane
from tests.orders import arrived, claimed, fall_silent, job_now
from tests.people import MARKET
from tests.servers import PostgresServer
from tests.workers.conftest import Office
from workers.sweeper import Sweeper, run_forever, run_once

PER_SLOT = Settings().messages_per_slot


def waiting_room(office: Office, jobs: int) -> list[int]:
    return [office.order(f"{MARKET}第{number}分局") for number in range(jobs)]


def test_of_many_jobs_only_the_first_few_are_told(office: Office) -> None:
    job_ids = waiting_room(office, 3 * PER_SLOT)
    assert office.sweeper.dispatch() == job_ids[:PER_SLOT]
    assert office.sweeper.dispatch() == []


def test_more_workers_are_told_of_more(office: Office) -> None:
    job_ids = waiting_room(office, 3 * PER_SLOT)
    arrived(office.engine, "one")
    arrived(office.engine, "two")
    assert office.sweeper.dispatch() == job_ids[: 2 * PER_SLOT]


def test_what_the_workers_took_is_topped_up(office: Office) -> None:
    job_ids = waiting_room(office, 3 * PER_SLOT)
    patient = Sweeper(office.settings.model_copy(update={"republish_seconds": 3600.0}))
    patient.dispatch()
    office.redis.client.rpop("nianbao:batch")
    assert patient.dispatch() == [job_ids[PER_SLOT]]
    patient.close()


def test_a_job_nobody_took_is_not_told_without_end(office: Office) -> None:
    waiting_room(office, 2)
    office.run_until(lambda: office.redis.client.llen("nianbao:batch") >= PER_SLOT)
    office.tick()
    assert office.redis.client.llen("nianbao:batch") == PER_SLOT


def test_in_quarantine_jobs_run_one_at_a_time(office: Office) -> None:
    first, second = waiting_room(office, 2)
    for job_id in [first, second] * LOSSES_BEFORE_QUARANTINE:
        claimed(office.engine, job_id, "victim")
        with session_scope(office.engine) as session:
            losses.take_back_from(session, ["victim"])
    assert office.sweeper.dispatch() == [first]
    office.redis.client.delete(f"nianbao:{Lane.QUARANTINE}")
    claimed(office.engine, first, "worker")
    assert office.sweeper.dispatch() == []


def test_one_round_sweeps_and_tells(office: Office) -> None:
    [job_id] = waiting_room(office, 1)
    claimed(office.engine, job_id, "never arrived")
    run_once(office.settings)
    assert job_now(office.engine, job_id).lost_count == 1
    assert office.redis.client.llen("nianbao:batch") == 1


def test_after_the_database_was_away_workers_have_time_to_be_heard(
    province_office: Office, postgres_server: PostgresServer
) -> None:
    office = province_office
    badge = arrived(office.engine, "worker")
    [job_id] = waiting_room(office, 1)
    claimed(office.engine, job_id, "worker")
    with postgres_server.away():
        office.sweeper.round()
    office.engine.dispose()
    fall_silent(office.engine, "worker", seconds=600)
    office.sweeper.round()
    assert job_now(office.engine, job_id).state is JobState.RUNNING
    with session_scope(office.engine) as session:
        presence.beat(session, badge)
    office.sweeper.sweep()
    assert job_now(office.engine, job_id).lost_count == 0


def test_a_silent_workers_job_is_taken_back_in_a_round(office: Office) -> None:
    arrived(office.engine, "worker")
    [job_id] = waiting_room(office, 1)
    claimed(office.engine, job_id, "worker")
    fall_silent(office.engine, "worker", seconds=600)
    office.sweeper.round()
    assert job_now(office.engine, job_id).lost_count == 1


@pytest.mark.parametrize(("jumps", "lost"), [(True, 0), (False, 1)])
def test_nobody_is_missed_because_the_databases_clock_jumped(
    office: Office, monkeypatch: pytest.MonkeyPatch, *, jumps: bool, lost: int
) -> None:
    arrived(office.engine, "worker")
    [job_id] = waiting_room(office, 1)
    claimed(office.engine, job_id, "worker")
    with closing(Sweeper(office.settings.model_copy(update={"sweep_seconds": 1e-6}))) as sweeper:
        sweeper.round()
        # What was heard just now was heard two hours ago, by a clock that goes two hours ahead.
        fall_silent(office.engine, "worker", seconds=7200)
        if jumps:
            monkeypatch.setattr("workers.sweeper.now", lambda: seconds_from_now(7200))
        sweeper.round()
    assert job_now(office.engine, job_id).lost_count == lost


def test_without_redis_lost_jobs_are_still_taken_back(office: Office) -> None:
    [job_id] = waiting_room(office, 1)
    claimed(office.engine, job_id, "never arrived")
    away = office.settings.model_copy(update={"redis_url": f"redis+socket://{office.settings.data_dir}/nobody"})
    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}

    def stop_when_it_is_taken_back() -> None:
        # Whoever sweeps can also be told to stop: until then a signal would end the tests themselves.
        office.wait_until(lambda: job_now(office.engine, job_id).lost_count == 1)
        signal.raise_signal(signal.SIGTERM)

    with ThreadPoolExecutor(1) as pool:
        stopped = pool.submit(stop_when_it_is_taken_back)
        run_forever(away)
        stopped.result()
    for number, handler in handlers.items():
        signal.signal(number, handler)
