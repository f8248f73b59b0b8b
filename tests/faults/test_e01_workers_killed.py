"""Kill -9 a random worker (main or child) again and again all through a batch, while a message may come twice."""

import time

import pytest

from storage.tables import Lane
from tests.faults.conftest import Experiment
from tests.faults.house import House
from tests.faults.invariants import broken, no_stale_write
from workers.queue import JobQueue


def units(count: int) -> list[str]:
    return [f"临溪县第{number}局" for number in range(1, count + 1)]


def is_busy(house: House, done: int, seconds: float) -> bool:
    """Whether so many are done; who was killed is replaced meanwhile."""
    if len(house.workers()) < 3:
        house.hire(concurrency=2, seconds=seconds)
    return house.count("done") >= done and len(house.workers()) >= 3


def told_twice(house: House, job_ids: list[int]) -> None:
    """As an at-least-once world does it."""
    queue = JobQueue(house.settings)
    for job_id in job_ids:
        queue.tell(job_id, Lane.BATCH)


@pytest.mark.parametrize("database", ["house", "province_house"])
def test_every_report_is_made_exactly_once(
    experiment: Experiment, database: str, seed: int, request: pytest.FixtureRequest
) -> None:
    house: House = request.getfixturevalue(database)
    reports, kills = experiment.size((18, 3), (500, 60))
    job_ids = house.order(units(reports))
    told_twice(house, experiment.dice.sample(job_ids, reports // 4))
    house.sweep()
    pace, killed = experiment.size(0.6, 1.5), 0
    for kill in range(kills):
        # By progress and not by the clock, and all in the first four fifths: on a quick machine the batch would be
        # over before the last kill, on a busy one while somebody new is hired.
        house.wait_until(lambda done=kill * reports * 4 // (kills * 5): is_busy(house, done, pace))
        time.sleep(experiment.dice.uniform(0, 1))
        victims = house.workers()
        house.kill([experiment.dice.choice(victims)] if victims else [])
        killed += not house.is_drained()
    house.hire(concurrency=2)
    drained = house.wait_until(house.is_drained)
    experiment.note(reports=reports, kills=killed, executions=house.executions(), drained_seconds=round(drained, 1))
    assert broken(house) == []
    assert house.count("done") == reports


def test_without_the_fence_two_results_of_one_report_would_be_seen(house: House) -> None:
    job_ids = house.order(units(4))
    house.hire(concurrency=2, without="fence")
    told_twice(house, job_ids * 2)
    house.wait_until(lambda: house.executions() >= 6 and house.is_drained())
    assert list(no_stale_write(house)) != []
