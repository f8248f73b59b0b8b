"""The disk fills up while documents, the database and the log are written; then there is room again."""

import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.settings import Settings
from tests.faults.conftest import Builder, Experiment
from tests.faults.house import House
from tests.faults.invariants import broken, one_visible_result
from tests.faults.steps import Steps
from tests.faults.test_e21_crash_points import PACE, brought_to_its_end, ordered

MEBIBYTE = 1024 * 1024
# A document that finds no room is tried again until somebody has made some.
TRIES = (1.0,) * 30


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 24 megabytes."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", disk]
    if subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("a disk of its own takes the right to mount one")
    yield disk
    subprocess.run(["umount", "--lazy", disk], check=True)


def fill(disk: Path) -> Path:
    """Leave no byte."""
    filler = disk / "filler"
    with filler.open("ab", buffering=0) as file:
        for size in (MEBIBYTE, 4096, 1):
            try:
                while True:
                    file.write(b"x" * size)
            except OSError:
                continue
    return filler


def test_no_half_document_is_seen_and_all_are_made_once_there_is_room(
    experiment: Experiment, build: Builder, small_disk: Path, sqlite_pattern: Path
) -> None:
    shutil.copy(sqlite_pattern, small_disk / "nianbao.sqlite3")
    house = build(Settings(data_dir=small_disk), retry_seconds=TRIES, **_LIMITS)
    reports, times = experiment.size((20, 2), (200, 10))
    house.order(f"临溪县第{number}局" for number in range(reports))
    house.sweep()
    house.hire(concurrency=2)
    suffered = 0
    for _ in range(times):
        before = house.count("done")
        house.wait_until(lambda before=before: house.count("done") > before or house.is_drained())
        filler = fill(small_disk)
        suffered += not house.is_drained()
        end = time.monotonic() + 3
        while time.monotonic() < end:
            assert list(one_visible_result(house)) == []
        filler.unlink()
    drained = house.wait_until(house.is_drained)
    [(integrity,)] = house.ask("PRAGMA integrity_check")
    experiment.note(reports=reports, filled=suffered, executions=house.executions(), drained_seconds=round(drained, 1))
    assert integrity == "ok"
    assert broken(house) == []
    assert house.count("done") == reports


# What a worker could not even note is taken from it in time.
_LIMITS = {
    "preview_seconds": 12.0,
    "batch_seconds": 12.0,
    "task_soft_seconds": 15.0,
    "task_hard_seconds": 18.0,
    "job_hard_seconds": 22.0,
}


def test_at_whichever_write_sync_or_rename_there_is_no_room_the_job_is_tried_again(
    experiment: Experiment, house: House
) -> None:
    house.settings = house.settings.model_copy(update=PACE)
    steps = Steps(house.settings.data_dir, house.environment)
    job_id, _ = ordered(house)
    known = [label for label in steps.take("worker", job_id).passed if "before" in label and _touches_disk(label)]
    for label in known:
        job_id, _ = ordered(house)
        assert steps.take("worker", job_id, full_at=label).code == 0
        [(state, code)] = house.ask("SELECT state, error_code FROM job WHERE id = :id", id=job_id)
        assert (state, code) == ("queued", "disk_full"), label
        assert list(one_visible_result(house)) == []
        assert not list((house.settings.data_dir / "documents").rglob(f"*job-{job_id}-*")), label
        brought_to_its_end(house, steps, job_id)
    steps.close()
    experiment.note(points=len(known))
    assert len(known) >= 7
    assert broken(house) == []


def _touches_disk(label: str) -> bool:
    return any(what in label for what in ("write", "fsync", "rename"))


def test_with_the_row_before_the_files_a_full_disk_would_show_a_report_without_them(house: House) -> None:
    steps = Steps(house.settings.data_dir, house.environment, "files_first")
    job_id, _ = ordered(house)
    steps.take("worker", job_id, full_at="before write")
    steps.close()
    assert len(list(one_visible_result(house))) == 2
