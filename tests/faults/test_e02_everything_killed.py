"""Kill -9 all workers, the sweeper and the web at once, again and again, and start them again."""

from storage.tables import Lane
from tests.faults.conftest import Experiment
from tests.faults.house import House
from tests.faults.invariants import broken


def test_after_every_end_of_the_world_the_rest_is_made(experiment: Experiment, house: House) -> None:
    reports, ends = experiment.size((24, 2), (500, 10))
    house.order(f"临溪县第{number}局" for number in range(reports))
    for end in range(ends):
        house.open_web()
        house.sweep()
        house.hire(concurrency=2, seconds=experiment.size(0.3, 0.6))
        assert house.hand_in(f"临溪县第{end}街道办事处").status == 202
        # Spread over the batch: a document that is under way at six ends one after the other is held for poison.
        before = max(house.count("done"), end * reports * 4 // (ends * 5))
        house.wait_until(lambda before=before: house.count("done") > before)
        house.kill_everybody()
        # A killed process takes a moment to be gone.
        house.wait_until(lambda: house.alive() == [])
    house.open_web()
    house.sweep()
    house.hire(concurrency=2)
    house.hire(Lane.PREVIEW)
    drained = house.wait_until(house.is_drained)
    experiment.note(reports=reports + ends, ends=ends, executions=house.executions(), drained_seconds=round(drained, 1))
    assert broken(house) == []
