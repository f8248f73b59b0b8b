"""A backup is taken in mid-batch, the house burns down, another goes on from the backup; three forgeries are named."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import text

from storage.files import DocumentFiles
from storage.making.templates import upload
from storage.session import session_scope
from storage.settings import Settings
from storage.tables import Lane
from tests.faults.conftest import Builder, Experiment
from tests.faults.house import House
from tests.faults.invariants import broken
from tests.people import annual
from tests.servers import PostgresServer

_numbers = count(1)


@pytest.fixture
def elsewhere(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """An empty place of the same kind as the house that this test has."""
    place = tmp_path / "elsewhere"
    if request.node.callspec.params["database"] == "house":
        yield Settings(data_dir=place)
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    name = f"drill_{next(_numbers)}"
    yield Settings(data_dir=place, database_url=server.create(name))
    server.drop(name)


def command(house: House, *words: str, **given: str) -> subprocess.CompletedProcess[str]:
    """One of our commands, as an operator gives it."""
    told = [sys.executable, "-P", "-m", "service.cli", *words]
    environment = house.environment | given
    return subprocess.run(told, env=environment, capture_output=True, text=True, timeout=600, check=False)


def made(house: House) -> dict[object, object]:
    """What is done, by the number of its job and its fence."""
    return {row[:2]: row[2] for row in house.ask("SELECT job_id, format, sha256 FROM document")}


@pytest.mark.parametrize("database", ["house", "province_house"])
def test_what_was_accepted_before_the_backup_is_all_made_in_another_house(
    experiment: Experiment,
    build: Builder,
    database: str,
    elsewhere: Settings,
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> None:
    house: House = request.getfixturevalue(database)
    reports = experiment.size(16, 200)
    house.open_web()
    house.order(f"临溪县第{number}局" for number in range(reports))
    # For these there is nobody before the fire: however quick the machine, the backup is of an unfinished day.
    house.order((f"临溪县第{number}街道办事处" for number in range(3)), Lane.PREVIEW)
    house.sweep()
    house.hire(concurrency=2, seconds=0.5)
    house.wait_until(lambda: house.count("done") > 2)
    before, there = list(house.accepted), made(house)
    backup = command(house, "backup", "--out", str(tmp_path / "backups"), "--check")
    assert backup.returncode == 0, backup.stderr
    file = Path(backup.stdout.splitlines()[0])
    # What comes afterwards is what a burning house costs.
    assert house.hand_in("临溪县后来局").status == 202
    house.kill_everybody()
    begun = time.monotonic()
    restore = command(
        house, "restore", str(file), "--into", str(elsewhere.data_dir), NIANBAO_DATABASE_URL=elsewhere.database_url
    )
    seconds = time.monotonic() - begun
    assert restore.returncode == 0, restore.stderr + restore.stdout
    unfinished = json.loads(subprocess.check_output(["unzip", "-p", str(file), "manifest.json"]))["unfinished_jobs"]
    assert unfinished > 0
    other = build(elsewhere)
    other.accepted = before
    other.sweep()
    other.hire(concurrency=2)
    other.hire(Lane.PREVIEW)
    drained = other.wait_until(other.is_drained)
    experiment.note(
        reports=len(before),
        unfinished_in_the_backup=unfinished,
        restored_seconds=round(seconds, 1),
        drained_seconds=round(drained, 1),
    )
    assert there.items() <= made(other).items()
    assert broken(other) == []
    assert other.count("done") == len(before)


def test_each_of_three_forgeries_is_named(experiment: Experiment, house: House) -> None:
    house.order(f"临溪县第{number}局" for number in range(3))
    house.sweep()
    house.hire()
    house.wait_until(house.is_drained)
    word = house.settings.data_dir / "template.docx"
    word.write_bytes(b"PK a template of our own")
    with session_scope(house.engine) as session:
        template = upload(session, DocumentFiles(house.settings), annual(), word, "模板.docx", "operator:李明")
    assert command(house, "scan").returncode == 0
    assert command(house, "audit", "check").returncode == 0
    documents = house.settings.documents_dir
    [(key,)] = house.ask("SELECT storage_key FROM document WHERE job_id = 2 AND format = 'pdf'")
    for name in (str(key), template.storage_key):
        flip_one_bit(documents / name)
    scan = command(house, "scan")
    assert scan.returncode == 1
    assert {str(key), template.storage_key} == {line.split()[0] for line in scan.stdout.splitlines() if "损坏" in line}
    forge_history(house, number=2)
    check = command(house, "audit", "check")
    assert check.returncode == 1
    assert "第 2 条" in check.stdout
    experiment.note(forgeries=3, named=3)


def flip_one_bit(file: Path) -> None:
    contents = bytearray(file.read_bytes())
    contents[len(contents) // 2] ^= 1
    file.write_bytes(contents)


def forge_history(house: House, number: int) -> None:
    """Somebody who owns the file takes the guard away, changes a line, and puts the guard back."""
    with session_scope(house.engine) as session:
        find = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_event'"
        guards = session.execute(text(find)).all()
        assert guards != []
        for name, _ in guards:
            session.execute(text(f"DROP TRIGGER {name}"))
        session.execute(
            text("UPDATE audit_event SET actor = 'operator:nobody' WHERE number = :number"), {"number": number}
        )
        for _, how in guards:
            session.execute(text(how))
