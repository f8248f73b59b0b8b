"""Eight processes write into one SQLite database, beside web, workers and sweeper."""

import json
import subprocess
import sys
import time

from storage.tables import Lane
from tests.bench.clerks import percentile
from tests.faults.conftest import Experiment
from tests.faults.house import House
from tests.faults.invariants import broken
from tests.faults.writer import LOCK_SECONDS

WRITERS = 8


def written(house: House, seconds: float, most: int, *guards: str) -> list[dict[str, list[float]]]:
    """What each of the writers said in the end; meanwhile the web takes reports in."""
    command = [sys.executable, "-P", "-m", "tests.faults.writer"]
    writers = [
        subprocess.Popen(
            [*command, f"临溪县第{number}组第", str(seconds), str(most), *guards],
            env=house.environment,
            stdout=subprocess.PIPE,
        )
        for number in range(WRITERS)
    ]
    answers = []
    while any(one.poll() is None for one in writers):
        if house.web:
            answers.append(house.hand_in(f"临溪县第{len(answers)}街道办事处").status)
        time.sleep(0.2)
    assert 500 not in answers
    told = [json.loads(one.communicate()[0]) for one in writers]
    house.accepted += [job for one in told for job in one["accepted"]]
    return told


def test_nobody_is_told_that_the_database_is_locked(experiment: Experiment, house: House) -> None:
    house.given = {} if experiment.full else {LOCK_SECONDS: "200"}
    house.open_web()
    house.sweep()
    house.hire(concurrency=2, seconds=0.05)
    house.hire(Lane.PREVIEW, seconds=0.05)
    told = written(house, *experiment.size((20, 6), (60, 1_000_000)))
    took = [seconds for one in told for seconds in one["took"]]
    drained = house.wait_until(house.is_drained)
    experiment.note(
        writers=WRITERS,
        writes=len(took),
        handed_in=len(house.accepted) - len(took),
        refused=sum(one["refused"] for one in told),
        workers_tried_again=house.told("database is locked"),
        p99_seconds=round(percentile(took, 0.99), 2),
        drained_seconds=round(drained, 1),
    )
    assert all(one["took"] for one in told)
    assert sum(one["refused"] for one in told) == 0
    assert house.web is not None
    assert not experiment.full or "database is locked" not in house.web.log.read_text()
    assert broken(house) == []


def test_without_begin_immediate_some_would_be_refused(house: House) -> None:
    for _ in range(10):
        if sum(one["refused"] for one in written(house, 20, 20, "immediate_begin")):
            return
    raise AssertionError("nobody was refused")
