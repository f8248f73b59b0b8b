"""Redis is emptied every few seconds, then so full that it takes nothing any more."""

import time

from storage.tables import Lane
from tests.faults.conftest import Experiment
from tests.faults.house import House
from tests.faults.invariants import broken


def test_nothing_is_dropped_in_silence(experiment: Experiment, house: House) -> None:
    reports, times, pause = experiment.size((24, 3, 1.5), (500, 8, 15))
    house.open_web()
    house.order(f"临溪县第{number}局" for number in range(reports))
    house.sweep()
    house.hire()
    house.hire(Lane.PREVIEW)
    for _ in range(times):
        house.redis.client.flushall()
        time.sleep(pause)
    house.redis.client.config_set("maxmemory", 1)
    taken_in = [house.hand_in(f"临溪县第{number}街道办事处").status for number in range(3)]
    # The alarm: the sweeper says that it cannot tell anybody of the jobs that wait.
    alarmed = house.wait_until(lambda: house.told("dispatch_failed"))
    house.redis.client.config_set("maxmemory", 0)
    drained = house.wait_until(house.is_drained)
    experiment.note(
        reports=len(house.accepted),
        emptied=times,
        executions=house.executions(),
        alarmed_seconds=round(alarmed, 1),
        drained_seconds=round(drained, 1),
    )
    assert taken_in == [202] * 3
    assert broken(house) == []
