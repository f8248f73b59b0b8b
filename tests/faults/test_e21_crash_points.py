"""The process dies at each step by name: before and after each commit, write, sync, rename, removal and publish."""

import time
from itertools import count

import pytest

from tests.faults.conftest import Experiment
from tests.faults.house import House
from tests.faults.invariants import broken, one_visible_result
from tests.faults.steps import DIED, Steps

PACE = {"heartbeat_seconds": 0.2, "stale_seconds": 0.4, "republish_seconds": 0.3}
MUST_BE_AMONG = {
    "worker": ("commit of claim", "write", "fsync of a file", "rename", "fsync of a folder", "commit of finish"),
    "sweeper": ("commit of take_back_stale", "publish", "commit of mark_published"),
    "web": ("commit of submit", "publish", "commit of mark_published"),
}
numbers = count(1)


def brought_to_its_end(house: House, steps: Steps, job_id: int) -> None:
    """What others do when somebody has died."""

    def is_done() -> bool:
        assert steps.take("sweeper").code == 0
        if house.ask("SELECT id FROM job WHERE id = :id AND state = 'queued'", id=job_id):
            assert steps.take("worker", job_id).code == 0
        return house.ask("SELECT id FROM job WHERE id = :id AND state = 'done'", id=job_id) != []

    house.wait_until(is_done)


def ordered(house: House) -> tuple[int, str]:
    unit = f"临溪县第{next(numbers)}局"
    [job_id] = house.order([unit])
    return job_id, unit


def killed_at_every_point(house: House, steps: Steps, role: str, runs: int) -> list[str]:
    """The points at which a process of this role has died, each so many times."""

    def gone_through(dies_at: str = "") -> tuple[int, tuple[str, ...], int]:
        if role == "web":
            unit = f"临溪县第{next(numbers)}局"
            outcome = steps.take(role, unit=unit, dies_at=dies_at)
            # Who got no answer asks again.
            assert steps.take(role, unit=unit).code == 0
            [(job_id, public_id)] = house.ask(
                "SELECT job.id, job.public_id FROM job JOIN revision ON revision.id = revision_id "
                "JOIN report ON report.id = report_id JOIN unit ON unit.id = unit_id WHERE unit.name = :unit",
                unit=unit,
            )
            house.accepted.append(str(public_id))
            return outcome.code, outcome.passed, int(str(job_id))
        job_id, _ = ordered(house)
        if role == "sweeper":
            # Something to take back, from somebody who has died.
            assert steps.take("worker", job_id, dies_at="after commit of claim").code == DIED
            time.sleep(PACE["stale_seconds"] * 2)
        outcome = steps.take(role, job_id, dies_at=dies_at)
        return outcome.code, outcome.passed, job_id

    code, known, job_id = gone_through()
    assert code == 0
    brought_to_its_end(house, steps, job_id)
    for label in known:
        for _ in range(runs):
            code, _, job_id = gone_through(dies_at=label)
            assert code == DIED, f"{role} did not die {label}"
            assert list(one_visible_result(house)) == []
            brought_to_its_end(house, steps, job_id)
    return list(known)


@pytest.mark.parametrize("role", ["worker", "sweeper", "web"])
def test_whoever_dies_wherever_the_report_is_made_once(experiment: Experiment, house: House, role: str) -> None:
    house.settings = house.settings.model_copy(update=PACE)
    steps = Steps(house.settings.data_dir, house.environment)
    runs = experiment.size(1, 20)
    labels = killed_at_every_point(house, steps, role, runs)
    steps.close()
    experiment.note(role=role, points=len(labels), runs=len(labels) * runs)
    assert broken(house) == []
    for what in MUST_BE_AMONG[role]:
        assert any(label.startswith("before") and what in label for label in labels)
        assert any(label.startswith("after") and what in label for label in labels)


def test_with_the_row_before_the_files_a_crash_would_show_a_report_without_them(house: House) -> None:
    steps = Steps(house.settings.data_dir, house.environment, "files_first")
    job_id, _ = ordered(house)
    assert steps.take("worker", job_id, dies_at="before write").code == DIED
    steps.close()
    assert len(list(one_visible_result(house))) == 2
