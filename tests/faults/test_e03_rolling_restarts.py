"""Workers, sweeper and web are asked to leave (SIGTERM) and replaced, one after the other, all through a batch."""

import subprocess

from storage.settings import Settings
from storage.tables import Lane
from tests.faults.conftest import Builder, Experiment
from tests.faults.invariants import broken


def replaced(leaving: subprocess.Popen[bytes]) -> int:
    """Somebody is asked to leave, and goes when his work is done."""
    leaving.terminate()
    return leaving.wait(240)


def test_who_leaves_finishes_first_and_nothing_is_made_twice(
    experiment: Experiment, build: Builder, settings: Settings
) -> None:
    # Nobody dies here: who is slow, on a busy machine, must not be taken for dead.
    house = build(settings, stale_seconds=60.0)
    reports, restarts = experiment.size((16, 2), (300, 30))
    house.open_web()
    house.order(f"临溪县第{number}局" for number in range(reports))
    sweeper = house.sweep()
    workers = [house.hire(seconds=0.8), house.hire(seconds=0.8)]
    house.hire(Lane.PREVIEW)
    for number in range(restarts):
        # In the middle of a document, and spread over the batch.
        house.wait_until(lambda done=number * reports * 4 // (restarts * 5): house.count("done") >= done)
        house.wait_until(lambda: house.converters() != [] or house.is_drained())
        workers.append(house.hire(seconds=0.8))
        assert replaced(workers.pop(0)) == 0
        if number % 2:
            assert replaced(sweeper) == 0
            sweeper = house.sweep()
        else:
            assert house.web is not None
            assert house.web.stop() == 0
            house.web.close()
            house.open_web()
        assert house.hand_in(f"临溪县第{number}街道办事处").status == 202
    drained = house.wait_until(house.is_drained)
    again = house.executions() - len(house.accepted)
    experiment.note(
        reports=len(house.accepted),
        restarts=restarts,
        lost=house.losses(),
        made_again=again,
        drained_seconds=round(drained, 1),
    )
    assert broken(house) == []
    assert (house.count("done"), house.losses(), again) == (len(house.accepted), 0, 0)
