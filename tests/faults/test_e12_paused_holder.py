"""A worker is stopped in the middle of a document for longer than it may be silent, then goes on."""

import os
import signal

import pytest

from tests.faults.conftest import Experiment
from tests.faults.house import House
from tests.faults.invariants import broken, isolation, no_stale_write
from tests.faults.processes import Process


def holder(house: House) -> Process:
    """The process of a pool that has started a converter."""
    holders: list[Process] = []

    def is_converting() -> bool:
        parents = {one.parent for one in house.converters()}
        holders[:] = [one for one in house.workers() if one.pid in parents]
        return holders != []

    house.wait_until(is_converting)
    return holders[0]


def paused_until_another_has_finished(house: House) -> None:
    """Stop the holder, let another worker finish its job, and wake it up."""
    paused = holder(house)
    os.kill(paused.pid, signal.SIGSTOP)
    house.hire()
    house.wait_until(house.is_drained)
    os.kill(paused.pid, signal.SIGCONT)


def broken_by_a_stale_write(house: House) -> bool:
    return [*isolation(house, ()), *no_stale_write(house)] != []


@pytest.mark.parametrize("database", ["house", "province_house"])
def test_what_the_paused_one_brings_is_refused(
    experiment: Experiment, database: str, request: pytest.FixtureRequest
) -> None:
    house: House = request.getfixturevalue(database)
    rounds = experiment.size(1, 50)
    house.sweep()
    for number in range(rounds):
        house.kill(house.workers())
        house.hire(seconds=3)
        house.order([f"临溪县第{number}局"])
        refused = house.told("job_passed_on", "job_failed")
        paused_until_another_has_finished(house)
        house.wait_until(lambda refused=refused: house.told("job_passed_on", "job_failed") > refused)
    experiment.note(rounds=rounds, refused=house.told("job_passed_on", "job_failed"), executions=house.executions())
    assert broken(house) == []


def test_without_the_fence_it_would_be_accepted(house: House) -> None:
    house.sweep()
    house.hire(seconds=3, without="fence")
    house.order(["临溪县第一局"])
    paused_until_another_has_finished(house)
    # What the other has finished is declared failed, or a second result appears beside its own.
    house.wait_until(lambda: broken_by_a_stale_write(house))
