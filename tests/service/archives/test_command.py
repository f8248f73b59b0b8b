"""`nianbao archive`: what the page does, by command; a full disk leaves nothing, and exit codes tell programs."""

import json
import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from service.archives import keeping
from service.cli import main
from storage.roster.units import find_unit
from storage.session import reading_scope, session_scope
from storage.tables import AuditEvent
from tests.archives import TOWN, Town
from tests.people import LANJIANG
from tests.units import collect

HERE = Path(__file__).parents[3]


@pytest.fixture(autouse=True)
def at_home(place: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NIANBAO_DATA_DIR", str(place.settings.data_dir))


def nianbao(*words: str | Path) -> Result:
    return CliRunner().invoke(main, ["archive", *map(str, words)])


def made(out: Path, *words: str) -> Result:
    return nianbao("make", "--year", "2024", "--out", out, *words)


def the_archive(out: Path) -> Path:
    [path] = out.iterdir()
    return path


def issued(place: Town) -> int:
    with reading_scope(place.engine) as session:
        return len(session.scalars(select(AuditEvent).where(AuditEvent.action == "archive.issued")).all())


def test_an_archive_is_made_and_checked(place: Town, tmp_path: Path) -> None:
    told = made(tmp_path / "out")
    assert told.exit_code == 0, told.output
    assert "不完整，缺 1 个单位" in told.output
    path = the_archive(tmp_path / "out")
    assert path.name.endswith("归档（不完整，缺 1）.zip")
    checked = nianbao("check", path)
    assert checked.exit_code == 0, checked.output
    assert "全部相符；这份归档本身不完整，缺 1 个单位" in checked.output
    assert "条操作记录" in checked.output
    assert issued(place) == 1


def test_a_complete_one_says_so(place: Town, tmp_path: Path) -> None:
    place.hand_in(TOWN)
    assert made(tmp_path / "out", "--only", "pdf").exit_code == 0
    checked = nianbao("check", the_archive(tmp_path / "out"))
    assert "全部相符，是完整的归档。" in checked.output


def test_what_is_wrong_is_named_and_ends_with_one(place: Town, tmp_path: Path) -> None:
    made(tmp_path / "out")
    path = the_archive(tmp_path / "out")
    data = path.read_bytes()
    path.write_bytes(data.replace(b"%pdf of job 2", b"%PDF of job 2"))
    checked = nianbao("check", path)
    assert checked.exit_code == 1
    assert "读不出：2-部门/临溪县教育局" in checked.output
    told = json.loads(nianbao("check", path, "--json").output)
    assert [one["fault"] for one in told["differences"]] == ["unreadable"]
    assert told["complete"] is False


def test_what_is_no_archive_ends_with_two(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(b"no")
    checked = nianbao("check", path)
    assert checked.exit_code == 2
    assert "不是完整的 ZIP" in checked.output


def test_without_a_database_the_list_alone_is_checked_and_no_database_is_made(
    place: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(tmp_path / "out")
    elsewhere = tmp_path / "elsewhere"
    monkeypatch.setenv("NIANBAO_DATA_DIR", str(elsewhere))
    checked = nianbao("check", the_archive(tmp_path / "out"))
    assert checked.exit_code == 0
    assert "本机没有数据库" in checked.output
    assert not elsewhere.exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--year", "1999"), "没有1999年度的填报"),
        (("--year", "2024", "--office", "没有的单位"), "“没有的单位”没有2024年度的填报"),
        (("--year", "2024", "--batch", "7"), "没有第 7 批"),
    ],
)
def test_what_is_not_there_is_said(tmp_path: Path, words: tuple[str, ...], said: str) -> None:
    told = nianbao("make", *words, "--out", tmp_path / "out")
    assert told.exit_code == 2
    assert said in told.output
    assert not (tmp_path / "out").exists()


def test_of_two_offices_one_has_to_be_named(place: Town, tmp_path: Path) -> None:
    with session_scope(place.engine) as session:
        other = find_unit(session, LANJIANG)
        assert other is not None
        collect(session, other, other, year=2024)
    told = made(tmp_path / "out")
    assert told.exit_code == 2
    assert "请用 --office 指定主管单位：临溪县人民政府办公室、澜江市人民政府" in told.output
    assert made(tmp_path / "out", "--office", "临溪县人民政府办公室").exit_code == 0


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 16 KiB."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("a disk of its own takes the right to mount one")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def a_large_report(place: Town) -> None:
    report, job = place.send(TOWN)
    place.approve(report)
    place.make(job, pdf=b"%PDF" + bytes(200_000))


def test_a_disk_that_is_too_small_is_refused_before_anything_is_written(place: Town, small_disk: Path) -> None:
    a_large_report(place)
    told = made(small_disk)
    assert told.exit_code == 1
    assert "放不下" in told.output
    assert "没有留下任何文件" in told.output
    assert list(small_disk.iterdir()) == []
    assert issued(place) == 0


def test_a_disk_that_fills_up_under_way_leaves_nothing(
    place: Town, small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_large_report(place)
    # There was room when it was asked, and then somebody else took it.
    real = keeping.shutil.disk_usage
    usages = iter([real("/")])
    monkeypatch.setattr(keeping.shutil, "disk_usage", lambda folder: next(usages, None) or real(folder))
    told = made(small_disk)
    assert told.exit_code == 1
    assert "放不下" in told.output
    assert list(small_disk.iterdir()) == []
    assert issued(place) == 0


def test_a_limit_on_the_size_of_files_leaves_nothing_as_well(place: Town, tmp_path: Path) -> None:
    a_large_report(place)
    command = [sys.executable, "-m", "service.cli", "archive", "make", "--year", "2024", "--out", str(tmp_path / "out")]
    told = subprocess.run(
        command,
        cwd=HERE,
        capture_output=True,
        text=True,
        check=False,
        # SQLite's log stays below it.
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, 150_000)),
    )
    assert told.returncode == 1
    assert "没有留下任何文件" in told.stderr
    assert "Traceback" not in told.stderr
    assert list((tmp_path / "out").iterdir()) == []


def test_an_archive_that_is_not_noted_gets_no_name(
    place: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr("service.commands.archive.record", fails)
    assert made(tmp_path / "out").exit_code == 1
    assert list((tmp_path / "out").iterdir()) == []
