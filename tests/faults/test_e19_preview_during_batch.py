"""Somebody asks for one preview after the other while the reports of January wait."""

import time

from storage.tables import Lane
from tests.faults.conftest import Experiment
from tests.faults.house import House
from tests.faults.invariants import broken


def test_a_preview_is_never_behind_the_batch(experiment: Experiment, house: House) -> None:
    waiting, previews, pause = experiment.size((60, 3, 0.2), (3000, 120, 5))
    house.order(f"临溪县第{number}局" for number in range(waiting))
    house.open_web()
    house.sweep()
    house.hire(Lane.PREVIEW)
    house.hire(Lane.BATCH, seconds=0.4)
    house.wait_until(lambda: house.count("done") > 0)
    took, behind = [], 0
    for number in range(previews):
        assert house.hand_in(f"临溪县第{number}街道办事处").status == 202
        mine = house.accepted[-1]
        took.append(house.wait_until(lambda mine=mine: house.is_done(mine)))
        behind += house.is_drained()
        time.sleep(pause)
    took.sort()
    experiment.note(waiting=waiting, previews=previews, preview_p95_seconds=round(took[int(len(took) * 0.95) - 1], 2))
    # Each was done while most of the batch still waited.
    assert behind == 0
    house.hire(Lane.BATCH, concurrency=2, seconds=0.05)
    house.wait_until(house.is_drained)
    assert broken(house) == []
