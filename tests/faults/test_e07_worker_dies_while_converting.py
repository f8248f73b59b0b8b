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


def given_up_after_six(house: House) -> list[str]:
    """The units whose document was under way at six deaths: the oldest is always begun first."""
    lost = """
        SELECT unit.name FROM job JOIN revision ON revision.id = job.revision_id
        JOIN report ON report.id = revision.report_id JOIN unit ON unit.id = report.unit_id
        WHERE job.error_code = 'poison' AND job.lost_count > 5
    """
    return [str(unit) for (unit,) in house.ask(lost)]


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
    poisoned = given_up_after_six(house)
    experiment.note(
        rounds=rounds, slowest_seconds=round(max(gone), 2), executions=house.executions(), given_up=len(poisoned)
    )
    assert broken(house, may_fail=poisoned) == []


def test_without_the_death_signal_it_would_go_on(house: House) -> None:
    house.order(["临溪县第一局"])
    house.sweep()
    house.hire(seconds=LONG, without="death_signal")
    converting_when_its_worker_is_killed(house)
    house.kill(house.workers())
    time.sleep(1)
    assert house.converters() != []
