"""The converter hangs on one document in twenty."""

from storage.settings import Settings
from tests.faults.conftest import Builder, Experiment
from tests.faults.invariants import broken
from tests.faults.worker import HANGS


def test_it_is_killed_and_the_others_are_made(experiment: Experiment, build: Builder, settings: Settings) -> None:
    reports = experiment.size(20, 200)
    house = build(settings, batch_seconds=experiment.size(8.0, 20.0))
    hanging = {f"{HANGS}第{number}科" for number in range(reports // 20)}
    house.order(sorted(hanging))
    house.order(f"临溪县第{number}局" for number in range(reports - len(hanging)))
    house.sweep()
    house.hire(concurrency=2)
    house.wait_until(house.is_drained)
    experiment.note(
        reports=reports, hung=len(hanging), killed=house.count("failed"), left_running=len(house.converters())
    )
    assert house.converters() == []
    assert house.count("failed") == len(hanging)
    assert broken(house, may_fail=hanging) == []
