"""One Word file through LibreOffice: what comes out, how it fails, and what it can see meanwhile."""

import json
import multiprocessing
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from tests.paper import Paper, a_report
from tests.printing import FAKES, text_of
from tests.workers.test_children import alive, wait_until
from workers.errors import DocumentFailed
from workers.fonts.chosen import Fonts
from workers.office.alone import to_pdf
from workers.office.failures import (
    OfficeCrashed,
    OfficeMissing,
    OfficeTimedOut,
    OfficeWroteNothing,
    OfficeWroteRubbish,
)
from workers.office.installed import Office, allocator, find_program

PROJECT = Path(__file__).parents[3]


@dataclass(frozen=True)
class Hanging:
    """An office that hangs, with processes that no other test starts."""

    program: Path
    mark: str

    def started(self) -> set[int]:
        return processes("sleep", self.mark)


@pytest.fixture
def hanging(tmp_path_factory: pytest.TempPathFactory) -> Hanging:
    mark = f"1000.{secrets.randbits(48)}"
    program = tmp_path_factory.mktemp("hanging") / "hangs"
    program.write_text((FAKES / "hangs").read_text().replace("1000", mark))
    program.chmod(0o755)
    return Hanging(program, mark)


@pytest.fixture
def docx(tmp_path: Path) -> Path:
    return a_report().save(tmp_path / "安平县水务局.docx")


def test_the_pdf_lies_beside_the_word_file_and_nothing_else(libreoffice: Office, docx: Path, tmp_path: Path) -> None:
    assert to_pdf(docx, tmp_path, office=libreoffice) == tmp_path / "安平县水务局.pdf"
    assert "全年主动公开信息" in text_of(tmp_path / "安平县水务局.pdf")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["安平县水务局.docx", "安平县水务局.pdf"]


@pytest.mark.parametrize(
    ("fake", "failure"),
    [
        ("crashes", OfficeCrashed),
        ("eats_memory", OfficeCrashed),
        ("says_all_is_well_and_writes_nothing", OfficeWroteNothing),
        ("writes_an_empty_file", OfficeWroteNothing),
        ("writes_half_a_file", OfficeWroteRubbish),
    ],
)
def test_an_office_that_fails_or_lies_is_found_out_by_what_it_left(
    fake: str, failure: type[DocumentFailed], libreoffice: Office, docx: Path, tmp_path: Path
) -> None:
    with pytest.raises(failure) as caught:
        to_pdf(docx, tmp_path, office=replace(libreoffice, program=FAKES / fake))
    assert caught.value.retry
    assert [file.name for file in tmp_path.iterdir()] == [docx.name]


def test_an_office_that_hangs_is_killed_with_all_that_it_started(
    libreoffice: Office, hanging: Hanging, docx: Path, tmp_path: Path
) -> None:
    with pytest.raises(OfficeTimedOut) as caught:
        to_pdf(docx, tmp_path, office=replace(libreoffice, program=hanging.program, seconds=1))
    assert caught.value.for_person == "转换 PDF 超时。"
    wait_until(lambda: not hanging.started())


def test_a_missing_office_is_missed_at_once(tmp_path: Path) -> None:
    with pytest.raises(OfficeMissing) as caught:
        find_program(tmp_path / "soffice")
    assert str(tmp_path) in caught.value.for_operator


def test_the_program_itself_is_found_behind_its_launcher() -> None:
    assert find_program(Path("/usr/bin/soffice")).name == "soffice.bin"
    assert find_program().name == "soffice.bin"


def test_four_offices_at_once_do_not_mix_up_their_documents(libreoffice: Office, tmp_path: Path) -> None:
    units = [f"第{number}实验单位" for number in "一二三四五六七八"]
    for unit in units:
        (tmp_path / unit).mkdir()
        Paper().write(unit).save(tmp_path / unit / "report.docx")

    with ThreadPoolExecutor(4) as pool:
        folders = [tmp_path / unit for unit in units]
        pdfs = pool.map(lambda folder: to_pdf(folder / "report.docx", folder, office=libreoffice), folders)
        found = {pdf.parent.name: [unit for unit in units if unit in text_of(pdf)] for pdf in pdfs}
    assert found == {unit: [unit] for unit in units}


def test_locks_that_a_dead_office_left_hold_nobody_up(boxed: Office, docx: Path, tmp_path: Path) -> None:
    to_pdf(docx, tmp_path, office=boxed)
    locks = [
        folder / ".lock" for profile in (boxed.data_dir / "office").iterdir() for folder in (profile, profile / "user")
    ]
    for lock in locks:
        lock.write_text("[LockInfo]\nHost=elsewhere\n")
    assert to_pdf(docx, tmp_path, office=boxed).exists()
    for lock in locks:
        lock.unlink()


def test_a_worker_that_is_killed_takes_its_office_along(
    libreoffice: Office, hanging: Hanging, docx: Path, tmp_path: Path
) -> None:
    program = f"""
from pathlib import Path
from workers.fonts.chosen import Fonts
from workers.office.alone import to_pdf
from workers.office.installed import Office
office = Office(Path({str(hanging.program)!r}), Path({str(libreoffice.data_dir)!r}),
    Fonts(Path({str(libreoffice.data_dir)!r})), {libreoffice.boxed}, seconds=1000)
to_pdf(Path({str(docx)!r}), Path({str(tmp_path)!r}), office=office)
"""
    worker = subprocess.Popen([sys.executable, "-c", program], cwd=PROJECT)
    wait_until(lambda: len(hanging.started()) == 2)
    worker.kill()
    worker.wait()
    wait_until(lambda: not processes(str(hanging.program)))
    # What an office has started itself dies with it only in a box; that is what the box is for.
    if libreoffice.boxed:
        wait_until(lambda: not hanging.started())
    for pid in hanging.started():
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def test_inside_the_box_there_is_nothing_to_steal_and_nowhere_to_go(
    boxed: Office, docx: Path, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    seen = look_around(boxed, docx, tmp_path, tmp_path_factory)
    told = {"PATH", "HOME", "LANG", "TZ", "FONTCONFIG_FILE", *allocator()}
    assert seen["environment"].keys() - {"PWD"} == told
    assert (seen["secret"], seen["network"], seen["writable"]) == (False, False, [])
    assert len(seen["processes"]) <= 3


def test_without_the_box_there_is(
    boxed: Office, docx: Path, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    seen = look_around(replace(boxed, boxed=False), docx, tmp_path, tmp_path_factory)
    assert (seen["secret"], seen["network"]) == (True, True)
    assert seen["writable"] != []


@pytest.fixture
def home_of_nobody(boxed: Office) -> Iterator[Path]:
    """A data folder that a user without any rights can reach and owns."""
    home = Path(tempfile.mkdtemp())
    home.chmod(0o755)
    shutil.copytree(boxed.data_dir / "fonts", home / "fonts")
    a_report().save(home / "report.docx")
    os.chown(home, 65534, 65534)
    yield home
    shutil.rmtree(home)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_an_ordinary_user_makes_the_same_pdf(home_of_nobody: Path, libreoffice: Office) -> None:
    fork = multiprocessing.get_context("fork")
    worker = fork.Process(target=convert_as_nobody, args=(home_of_nobody, libreoffice))
    worker.start()
    worker.join()
    assert worker.exitcode == 0
    assert "全年主动公开信息" in text_of(home_of_nobody / "report.pdf")


def convert_as_nobody(home: Path, office: Office) -> None:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
    to_pdf(home / "report.docx", home, office=replace(office, data_dir=home, fonts=Fonts(home)))


def look_around(office: Office, docx: Path, folder: Path, factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What a curious office sees of this machine."""
    safe, fake = factory.mktemp("safe"), factory.mktemp("fake")
    (safe / "secret.key").write_text("canary")
    shutil.copy(FAKES / "looks_around", fake)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        asked = {
            "secret": str(safe / "secret.key"),
            "port": listener.getsockname()[1],
            "folders": ["/", "/usr", "/etc", str(safe), str(folder), str(fake)],
        }
        (fake / "asked.json").write_text(json.dumps(asked))
        pdf = to_pdf(docx, folder, office=replace(office, program=fake / "looks_around"))
    seen: dict[str, Any] = json.loads(pdf.read_text().removeprefix("%PDF-").removesuffix("%%EOF"))
    return seen


def processes(*words: str) -> set[int]:
    """The living processes whose command has all these words."""
    found = set()
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                command = (folder / "cmdline").read_bytes().decode(errors="replace")
            except OSError:
                continue
            if all(word in command for word in words) and alive(int(folder.name)):
                found.add(int(folder.name))
    return found
