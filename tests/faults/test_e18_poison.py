"""Documents that always kill their process, among sound ones."""

from storage.making.losses import LOSSES_BEFORE_QUARANTINE, POISON
from tests.faults.conftest import Experiment
from tests.faults.house import House
from tests.faults.invariants import broken
from tests.faults.worker import KILLS


def test_they_are_given_up_by_name_and_all_others_are_made(experiment: Experiment, house: House) -> None:
    reports, poisonous = experiment.size((20, 1), (297, 3))
    poison = {f"{KILLS}第{number}科" for number in range(poisonous)}
    poison_ids = house.order(sorted(poison))
    house.order(f"临溪县第{number}局" for number in range(reports))
    house.sweep()
    house.hire(concurrency=2)
    house.wait_until(house.is_drained)
    tries = [len(list((house.settings.data_dir / "began").glob(f"job-{job_id}-*"))) for job_id in poison_ids]
    experiment.note(reports=reports, poison=poisonous, tries=tries, executions=house.executions())
    codes = {row[0] for row in house.ask("SELECT error_code FROM job WHERE state = 'failed'")}
    assert (codes, house.count("failed")) == ({POISON}, poisonous)
    # Never once more; once less, should a process have been taken for dead before it came to it.
    assert all(1 < count <= LOSSES_BEFORE_QUARANTINE + 1 for count in tries)
    assert broken(house, may_fail=poison) == []
