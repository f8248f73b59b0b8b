"""A worker dies of kill -9 while its converter runs."""

import time

from tests.faults.conftest import Experiment
from tests.faults.house import House
from tests.faults.invariants import broken

LONG = 30.0


def converting_when_its_worker_is_killed(house: House) -> None:
    """Kill the process of the pool that waits for a converter."""
    house.wait_until(lambda: house.converters() != [])
    known = {one.pid for one in house.workers()}
    parents = {one.parent for one in house.converters()} & known
    house.kill(one for one in house.workers() if one.pid in parents)


def test_the_converter_dies_with_it(experiment: Experiment, house: House) -> None:
    rounds = experiment.size(3, 100)
    house.order(f"临溪县第{number}局" for number in range(rounds))
    house.sweep()
    gone = []
    for _ in range(rounds):
        house.kill(house.workers())
        house.hire(seconds=LONG)
        converting_when_its_worker_is_killed(house)
        house.kill(house.workers())
        gone.append(house.wait_until(lambda: house.converters() == [], seconds=LONG / 2))
    house.hire(concurrency=2)
    house.wait_until(house.is_drained)
    experiment.note(rounds=rounds, slowest_seconds=round(max(gone), 2), executions=house.executions())
    assert broken(house) == []


def test_without_the_death_signal_it_would_go_on(house: House) -> None:
    house.order(["临溪县第一局"])
    house.sweep()
    house.hire(seconds=LONG, without="death_signal")
    converting_when_its_worker_is_killed(house)
    house.kill(house.workers())
    time.sleep(1)
    assert house.converters() != []
