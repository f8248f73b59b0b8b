"""The data folder as it is at any moment is started from: everybody stands still, a copy is made, everybody goes on."""

import os
import shutil
import signal
import sqlite3
import time
from contextlib import closing, suppress
from pathlib import Path

from storage.files import DocumentFiles
from storage.migrations import is_current
from storage.safekeeping.scan import Trouble, scan
from storage.session import make_engine
from storage.settings import Settings
from storage.tables import Lane
from tests.faults.conftest import Builder, Experiment
from tests.faults.house import House
from tests.faults.invariants import broken


def photographed(house: House, target: Path) -> list[str]:
    """The data folder of one moment; what had been accepted by then."""
    standing = [one.pid for one in house.alive()]
    for pid in standing:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGSTOP)
    # Whoever was started in this very moment by somebody who now stands still.
    later = [one.pid for one in house.alive() if one.pid not in standing]
    for pid in later:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGSTOP)
    try:
        shutil.copytree(house.settings.data_dir, target, ignore=shutil.ignore_patterns("photos", "*.log"))
        return list(house.accepted)
    finally:
        for pid in (*standing, *later):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)


def wrong_with(folder: Path, accepted: list[str]) -> list[str]:
    """What does not hold in a photograph: the database, the tables, a file of a row, a report that was accepted."""
    settings = Settings(data_dir=folder)
    with closing(sqlite3.connect(folder / "nianbao.sqlite3")) as database:
        [integrity] = database.execute("PRAGMA integrity_check").fetchone()
        there = {public_id for (public_id,) in database.execute("SELECT public_id FROM job")}
    engine = make_engine(settings)
    current, found = is_current(engine), list(scan(engine, DocumentFiles(settings), 0))
    engine.dispose()
    wrong = [f"{one.trouble}: {one.storage_key}" for one in found if one.trouble is not Trouble.ORPHAN]
    wrong += [f"job {one} is gone" for one in accepted if one not in there]
    return wrong + ([] if integrity == "ok" else [integrity]) + ([] if current else ["not current"])


def test_from_every_moment_it_starts_again_and_nothing_that_was_accepted_is_gone(
    experiment: Experiment, build: Builder, settings: Settings, tmp_path: Path
) -> None:
    house = build(settings)
    photos, started = experiment.size((5, 1), (200, 10))
    album = tmp_path / "photos"
    house.open_web()
    house.sweep()
    house.hire(concurrency=2, seconds=0.05)
    house.hire(Lane.PREVIEW, seconds=0.05)
    wrong, taken = [], []
    for number in range(photos):
        house.order(f"临溪县第{number}组第{one}局" for one in range(3))
        assert house.hand_in(f"临溪县第{number}街道办事处").status == 202
        time.sleep(experiment.dice.uniform(0, 0.4))
        accepted = photographed(house, album / str(number))
        taken.append(accepted)
        wrong += [f"photo {number}: {one}" for one in wrong_with(album / str(number), accepted)]
        if number >= started and not wrong:
            shutil.rmtree(album / str(number))
    house.wait_until(house.is_drained)
    assert wrong == []
    assert broken(house) == []
    house.close()
    for number in range(started):
        goes_on(build, album / str(number), taken[number])
    experiment.note(photos=photos, started_from=started, reports=len(house.accepted))


def goes_on(build: Builder, folder: Path, accepted: list[str]) -> None:
    """The service starts from a photograph, and makes what was unfinished."""
    house = build(Settings(data_dir=folder))
    house.accepted = accepted
    house.sweep()
    house.hire(concurrency=2, seconds=0.05)
    house.hire(Lane.PREVIEW, seconds=0.05)
    house.wait_until(house.is_drained)
    assert broken(house) == []
    assert house.count("done") == len(accepted)
