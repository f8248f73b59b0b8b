"""A LibreOffice that stays warm: what it saves, what it forgets, how it fails, and how it ends."""

import errno
import json
import multiprocessing
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from tests.paper import Paper, a_report
from tests.printing import FAKES, text_of
from tests.workers.test_children import alive, wait_until
from workers import children
from workers import libreoffice as door
from workers.libreoffice import Offices
from workers.office.alone import prepared_profile
from workers.office.alone import to_pdf as alone
from workers.office.failures import OfficeCrashed, OfficeTimedOut
from workers.office.installed import Office, allocator, find_python
from workers.office.warm import WarmOffice
from workers.verify import check_pdf, check_word

PROJECT = Path(__file__).parents[3]
DATE = re.compile(rb"<xmp:CreateDate>.*?</xmp:CreateDate>|/CreationDate \(.*?\)")


@pytest.fixture(scope="module")
def python(prepared: Office) -> Path:
    """The Python that can talk to LibreOffice."""
    found = find_python(prepared.program, prepared.data_dir)
    assert found, "these tests need python3-uno"
    return found


Opened = Callable[..., Offices]


@pytest.fixture
def opened(python: Path) -> Iterator[Opened]:
    """Opens offices, and closes them after the test."""
    made: list[Offices] = []

    def open_offices(office: Office, bridge: Path = python, **limits: int) -> Offices:
        made.append(Offices(office, bridge, **limits))
        return made[-1]

    yield open_offices
    for one in made:
        one.close()
    # Killed with its box, an office takes a moment to be gone; the next test must not see it.
    wait_until(lambda: not running("soffice.bin"))


@pytest.fixture
def warm(opened: Opened, libreoffice: Office) -> Offices:
    """The offices of this process."""
    return opened(libreoffice)


@pytest.fixture
def docx(tmp_path: Path) -> Path:
    return a_report().save(tmp_path / "安平县水务局.docx")


# --- What it makes ---------------------------------------------------------------------------------------


def test_one_document_after_the_other_is_made_by_the_same_office(warm: Offices, docx: Path, tmp_path: Path) -> None:
    assert warm.to_pdf(docx, tmp_path) == tmp_path / "安平县水务局.pdf"
    first = running("soffice.bin")
    warm.to_pdf(docx, tmp_path)
    assert running("soffice.bin") == first
    assert len(first) >= 1
    assert sorted(file.name for file in tmp_path.iterdir()) == ["安平县水务局.docx", "安平县水务局.pdf"]
    warm.close()
    wait_until(lambda: not running("soffice.bin"))


def test_its_pdf_is_proven_like_any_other_and_is_the_same(
    warm: Offices, libreoffice: Office, docx: Path, tmp_path: Path
) -> None:
    (tmp_path / "alone").mkdir()
    check_pdf(warm.to_pdf(docx, tmp_path), check_word(docx, ["1024"]), warm.fonts)
    pdfs = [tmp_path / "安平县水务局.pdf", alone(docx, tmp_path / "alone", office=libreoffice)]
    assert undated(pdfs[0]) == undated(pdfs[1])


def test_a_document_carries_nothing_over_into_the_next(opened: Opened, boxed: Office, tmp_path: Path) -> None:
    plain = Paper().write("无。").save(tmp_path / "plain.docx")
    rich = a_report("前一单位")
    rich.document.core_properties.comments = rich.document.core_properties.category = "前一单位"
    rich.document.sections[0].header.paragraphs[0].text = "前一单位"
    fresh = undated(opened(boxed).to_pdf(plain, tmp_path))
    used = opened(boxed)
    used.to_pdf(rich.save(tmp_path / "rich.docx"), tmp_path)
    assert undated(used.to_pdf(plain, tmp_path)) == fresh


def test_four_threads_have_an_office_each_and_do_not_mix_up_their_documents(warm: Offices, tmp_path: Path) -> None:
    units = [f"第{number}实验单位" for number in "一二三四五六七八"]
    for unit in units:
        (tmp_path / unit).mkdir()
        Paper().write(unit).save(tmp_path / unit / "report.docx")

    with ThreadPoolExecutor(4) as pool:
        folders = [tmp_path / unit for unit in units]
        pdfs = list(pool.map(lambda folder: warm.to_pdf(folder / "report.docx", folder), folders))
        assert len(running("soffice.bin", "--accept")) == 4
    assert {pdf.parent.name: [unit for unit in units if unit in text_of(pdf)] for pdf in pdfs} == {
        unit: [unit] for unit in units
    }


def test_a_forked_process_has_its_own_and_leaves_its_parents_alone(
    opened: Opened, boxed: Office, docx: Path, tmp_path: Path
) -> None:
    warm = opened(boxed)
    (tmp_path / "forked").mkdir()
    warm.to_pdf(docx, tmp_path)
    before = running("soffice.bin")

    def convert_and_close() -> None:
        warm.to_pdf(docx, tmp_path / "forked")
        assert running("soffice.bin")
        warm.close()

    forked = multiprocessing.get_context("fork").Process(target=convert_and_close)
    forked.start()
    forked.join()
    assert forked.exitcode == 0
    assert undated(tmp_path / "forked" / "安平县水务局.pdf") == undated(tmp_path / "安平县水务局.pdf")
    warm.to_pdf(docx, tmp_path)
    assert running("soffice.bin") == before


def test_without_the_bridge_each_document_gets_an_office_of_its_own(boxed: Office, docx: Path, tmp_path: Path) -> None:
    cold = Offices(boxed, None)
    assert "全年主动公开信息" in text_of(cold.to_pdf(docx, tmp_path))
    wait_until(lambda: not running("soffice.bin"))


def test_a_python_that_cannot_talk_to_libreoffice_is_not_taken(
    boxed: Office, python: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert python == Path("/usr/bin/python3")
    no = children.Finished(1, False, "", "ModuleNotFoundError: No module named 'uno'")
    monkeypatch.setattr(children, "run", lambda *_, **__: no)
    assert find_python(boxed.program, boxed.data_dir) is None


# --- When it is replaced ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("limit", "made_by"), [({"documents": 2}, 2), ({"memory": 1}, 4), ({}, 1)])
def test_an_office_is_replaced_after_so_many_documents_or_when_it_has_grown_too_large(
    limit: dict[str, int],
    made_by: int,
    opened: Opened,
    boxed: Office,
    docx: Path,
    tmp_path: Path,
    started: list[WarmOffice],
) -> None:
    warm = opened(boxed, **limit)
    for _ in range(4):
        assert "全年主动公开信息" in text_of(warm.to_pdf(docx, tmp_path))
    assert len(started) == made_by
    assert all(one.memory > children.MEBIBYTE for one in started)


def test_an_office_that_died_between_two_documents_is_replaced(
    warm: Offices, docx: Path, tmp_path: Path, started: list[WarmOffice], log: list[str]
) -> None:
    warm.to_pdf(docx, tmp_path)
    kill(running("bridge.py"))
    wait_until(lambda: started[0].is_gone)
    warm.to_pdf(docx, tmp_path)
    assert [one.made for one in started] == [1, 1]
    assert log == []


def test_a_document_that_an_office_dies_of_is_tried_once_more_alone(
    opened: Opened, libreoffice: Office, docx: Path, tmp_path: Path, started: list[WarmOffice], log: list[str]
) -> None:
    warm = opened(libreoffice)
    warm.to_pdf(docx, tmp_path)
    (tmp_path / "安平县水务局.pdf").unlink()
    # Asleep, it is taken for working; killed then, it dies with a document in hand.
    held = running("soffice.bin", "--accept")
    for pid in held:
        os.kill(pid, signal.SIGSTOP)

    def kill_with_a_document_in_hand() -> None:
        wait_until(lambda: started[0].made == 2)
        kill(held)

    with ThreadPoolExecutor(1) as pool:
        later = pool.submit(kill_with_a_document_in_hand)
        assert "全年主动公开信息" in text_of(warm.to_pdf(docx, tmp_path))
        later.result()
    assert len(log) == 1
    assert "LibreOffice ended with" in log[0]


def test_an_office_that_hangs_is_killed_and_its_document_is_tried_once_more_alone(
    opened: Opened, libreoffice: Office, docx: Path, tmp_path: Path, log: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    warm = opened(libreoffice)
    warm.to_pdf(docx, tmp_path)
    held = running("soffice.bin", "--accept")
    for pid in held:
        os.kill(pid, signal.SIGSTOP)
    monkeypatch.setattr(door, "_WARM_SHARE", 0.01)
    assert "全年主动公开信息" in text_of(warm.to_pdf(docx, tmp_path))
    assert ["was killed when its time was up" in line for line in log] == [True]
    wait_until(lambda: not any(alive(pid) for pid in held))


@pytest.mark.parametrize(
    ("bridge", "reason"),
    [
        ("ends", "LibreOffice ended with"),
        ("never_starts", "LibreOffice ended with 77"),
        ("hangs", "time was up"),
        ("hears_nothing", "time was up"),
        ("babbles", "said b'convert"),
        ("boasts", "1000000000000"),
        ("repeats_itself", '"number": 1'),
        ("cuts_short", "20 bytes"),
        ("has_nothing", "left no PDF"),
    ],
)
def test_a_bridge_that_fails_or_lies_is_done_with_and_its_document_is_made_without_it(
    bridge: str, reason: str, opened: Opened, libreoffice: Office, docx: Path, tmp_path: Path, log: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    if bridge in ("hangs", "hears_nothing"):
        monkeypatch.setattr(door, "_WARM_SHARE", 0.01)
    before = running("sleep", "1000")
    works = replace(libreoffice, program=FAKES / "works")
    prepared_profile(works, time.monotonic() + 120)
    lying = opened(works, FAKES / f"bridge_that_{bridge}")
    if bridge == "repeats_itself":
        assert lying.to_pdf(docx, tmp_path).read_bytes().endswith(b"of document 1 %%EOF")
    assert "全年主动公开信息" in text_of(lying.to_pdf(docx, tmp_path))
    assert len(log) == 1
    assert reason in log[0]
    wait_until(lambda: running("sleep", "1000") == before and not running("bridge_that"))


def test_offices_that_never_start_are_not_waited_for_for_ever(
    opened: Opened, boxed: Office, docx: Path, tmp_path: Path, started: list[WarmOffice]
) -> None:
    vain = opened(replace(boxed, program=FAKES / "works"), FAKES / "bridge_that_never_starts")
    for _ in range(5):
        assert "全年主动公开信息" in text_of(vain.to_pdf(docx, tmp_path))
    assert len(started) == 3


def test_a_document_that_fails_alone_too_has_failed(
    opened: Opened, libreoffice: Office, docx: Path, tmp_path: Path
) -> None:
    broken = opened(replace(libreoffice, program=FAKES / "crashes"), FAKES / "bridge_that_ends")
    with pytest.raises(OfficeCrashed):
        broken.to_pdf(docx, tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == [docx.name]


def test_an_answer_that_was_not_waited_for_is_not_taken_for_the_next_documents(
    warm: Offices, docx: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    warm.to_pdf(docx, tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(children.Conversation, "hear_line", interrupt)
        with pytest.raises(KeyboardInterrupt):
            warm.to_pdf(docx, tmp_path)
    wait_until(lambda: not running("soffice.bin"))
    other = Paper().write("另一份文件").save(tmp_path / "other.docx")
    assert "另一份文件" in text_of(warm.to_pdf(other, tmp_path))


def test_what_the_system_refuses_is_tried_once_more_alone(
    warm: Offices, docx: Path, tmp_path: Path, log: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")

    monkeypatch.setattr(children, "Conversation", refuse)
    assert "全年主动公开信息" in text_of(warm.to_pdf(docx, tmp_path))
    assert ["temporarily unavailable" in line for line in log] == [True]


def test_the_preparation_of_a_profile_counts_as_time_of_its_document(
    opened: Opened, boxed: Office, docx: Path, tmp_path: Path, log: list[str]
) -> None:
    (slow := tmp_path / "slow").write_text("#!/bin/sh\nexec sleep 1000\n")
    slow.chmod(0o755)
    with pytest.raises(OfficeTimedOut):
        opened(replace(boxed, program=slow, seconds=3)).to_pdf(docx, tmp_path)
    assert "killed after 3 s" in log[0]


# --- What it sees, and how it ends -----------------------------------------------------------------------


def test_inside_the_box_there_is_nothing_to_steal_and_nowhere_to_write(
    opened: Opened, boxed: Office, tmp_path: Path
) -> None:
    seen = look_around(opened, boxed, tmp_path)
    told = {"PATH", "HOME", "LANG", "TZ", "FONTCONFIG_FILE", *allocator()}
    assert seen["environment"].keys() - {"PWD", "LC_CTYPE"} == told
    assert (seen["secret"], seen["network"], seen["writable"]) == (False, [], ["/job"])
    assert len(seen["processes"]) <= 3


def test_without_the_box_there_is(opened: Opened, boxed: Office, tmp_path: Path) -> None:
    seen = look_around(opened, replace(boxed, boxed=False), tmp_path)
    assert seen["secret"]
    assert str(tmp_path) in seen["writable"]


def test_nothing_of_it_is_left_on_the_disk(
    opened: Opened, libreoffice: Office, docx: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (temporary := tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    warm = opened(libreoffice)
    warm.to_pdf(docx, tmp_path)
    # A box has its own, of which nobody else sees anything.
    assert [bool(list(temporary.iterdir()))] == [not libreoffice.boxed]
    warm.close()
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize("way", ["in a box", "in the open"])
@pytest.mark.parametrize("guarded", [True, False], ids=["guarded", "unguarded"])
def test_an_office_dies_with_a_process_that_is_killed_and_only_because_of_the_guards(
    way: str, guarded: bool, boxed: Office, python: Path, docx: Path, tmp_path: Path
) -> None:
    program = f"""
import time
from pathlib import Path
from workers import children
from workers.office import bubblewrap
from workers.fonts.chosen import Fonts
from workers.office.installed import Office
from workers.libreoffice import Offices
if not {guarded}:
    boxed = bubblewrap.boxed
    bubblewrap.boxed = lambda *a, **k: [word for word in boxed(*a, **k) if word != "--die-with-parent"]
    children.DIES_WITH_PARENT = ()
office = Office(Path({str(boxed.program)!r}), Path({str(boxed.data_dir)!r}),
    Fonts(Path({str(boxed.data_dir)!r})), {way == "in a box"}, seconds=1000)
Offices(office, Path({str(python)!r})).to_pdf(Path({str(docx)!r}), Path({str(tmp_path)!r}))
Path({str(tmp_path / "ready")!r}).touch()
time.sleep(1000)
"""
    owner = subprocess.Popen([sys.executable, "-c", program], cwd=PROJECT, env={**os.environ, "TMPDIR": str(tmp_path)})
    wait_until((tmp_path / "ready").exists)
    warm = descendants(owner.pid, "soffice.bin")
    assert warm
    # Asleep, they cannot notice that nobody talks to them any more.
    for pid in warm:
        os.kill(pid, signal.SIGSTOP)
    owner.kill()
    owner.wait()
    if guarded:
        wait_until(lambda: not any(alive(pid) for pid in warm))
    else:
        time.sleep(1)
        assert any(alive(pid) for pid in warm)
        kill(warm)


# --- Seen from outside -----------------------------------------------------------------------------------


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[WarmOffice]:
    """The warm offices that were started."""
    seen: list[WarmOffice] = []

    class Seen(WarmOffice):
        def __init__(self, office: Office, python: Path, deadline: float) -> None:
            super().__init__(office, python, deadline)
            seen.append(self)

    monkeypatch.setattr(door, "WarmOffice", Seen)
    return seen


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Why offices were replaced."""
    reasons: list[str] = []

    class Log:
        def warning(self, _event: str, *, reason: str) -> None:
            reasons.append(reason)

    monkeypatch.setattr(door, "log", Log())
    return reasons


def undated(pdf: Path) -> list[bytes]:
    """All that a PDF says and how, without when it was made and the order in which the office met its fonts."""
    with pikepdf.open(pdf) as opened:
        return sorted(DATE.sub(b"", content(one)) for one in opened.objects if isinstance(one, pikepdf.Object))


def content(one: pikepdf.Object) -> bytes:
    if not isinstance(one, pikepdf.Stream):
        return one.unparse()
    data = one.read_bytes()
    # A colour profile tells when it was made, too; a font, the how manieth it is in its office.
    if data.startswith(b"%!FontType1"):
        return re.sub(rb"\s", b"", data[:40])
    return data[:24] + data[36:] if data[36:40] == b"acsp" else data


def interrupt(*_: Any) -> bytes:
    raise KeyboardInterrupt


def kill(pids: set[int]) -> None:
    for pid in pids:
        # Killed one after the other: with the first, its box may take the rest along.
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


# The worker that the browser's journeys leave at work for a whole test run has an office as well.
ANOTHER_WORKER = "service.cli"


def descendants(ancestor: int, *words: str) -> set[int]:
    """The living processes under another whose command has all these words, those of a whole worker left out."""
    parents, commands = {}, {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit() and alive(int(folder.name)):
            try:
                parents[int(folder.name)] = int((folder / "stat").read_text().rpartition(") ")[2].split()[1])
                commands[int(folder.name)] = (folder / "cmdline").read_bytes().decode(errors="replace")
            except OSError:
                continue

    def is_under(pid: int) -> bool:
        if pid not in parents or ANOTHER_WORKER in commands[pid]:
            return False
        return parents[pid] == ancestor or is_under(parents[pid])

    return {pid for pid in parents if is_under(pid) and all(word in commands[pid] for word in words)}


def running(*words: str) -> set[int]:
    """The same under this process."""
    return descendants(os.getpid(), *words)


def look_around(opened: Opened, office: Office, folder: Path) -> dict[str, Any]:
    """What a curious bridge sees of this machine."""
    (folder / "secret.key").write_text("canary")
    asked = {
        "secret": str(folder / "secret.key"),
        "folders": ["/", "/usr", "/etc", "/job", "/home", str(folder), str(FAKES)],
    }
    (folder / "asked.docx").write_text(json.dumps(asked))
    curious = opened(replace(office, program=FAKES / "works"), FAKES / "bridge_that_looks_around")
    told = curious.to_pdf(folder / "asked.docx", folder).read_text()
    seen: dict[str, Any] = json.loads(told.removeprefix("%PDF-").removesuffix("%%EOF"))
    return seen
