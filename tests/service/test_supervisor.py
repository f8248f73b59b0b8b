"""The supervisor keeps programs running, says what happened to them, and leaves nothing behind."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from service.supervisor import Program, Supervisor

OBEDIENT = "import time; print('up', flush=True); time.sleep(600)"
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + OBEDIENT


def python(name: str, code: str, **more: float) -> Program:
    return Program(name, (sys.executable, "-c", code), **more)  # type: ignore[arg-type]


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def supervisor(tmp_path: Path, said: list[str]) -> Iterator[Supervisor]:
    supervisor = Supervisor(tmp_path, said.append)
    yield supervisor
    supervisor.stop()


def says(supervisor: Supervisor, name: str, word: str, times: int = 1) -> Callable[[], bool]:
    log = supervisor.folder / f"{name}.log"
    return lambda: log.exists() and log.read_text().count(word) >= times


def wait_for_the_end_of(pid: int) -> None:
    """However long the machine takes: the test's own limit is the end of patience."""
    state = Path(f"/proc/{pid}/stat")
    with suppress(FileNotFoundError, ProcessLookupError):
        while state.read_text().rpartition(")")[2].split()[0] != "Z":
            time.sleep(0.05)


def test_a_program_that_dies_is_started_again_and_its_death_reported(supervisor: Supervisor, said: list[str]) -> None:
    supervisor.start(python("web", "print('up', flush=True); raise SystemExit(3)"))
    assert supervisor.watch(says(supervisor, "web", "up", times=2), 60)
    assert said[0].startswith("web 意外结束（返回值 3），1 秒后重新启动。")


def test_a_program_that_keeps_dying_is_started_ever_more_rarely(supervisor: Supervisor, said: list[str]) -> None:
    supervisor.start(python("web", "raise SystemExit(3)"))
    assert supervisor.watch(lambda: len(said) >= 3, 60)
    pauses = ("1 秒后", "2 秒后", "4 秒后")
    assert all(pause in sentence for pause, sentence in zip(pauses, said, strict=True))


def test_a_death_by_signal_is_told_as_such(supervisor: Supervisor, said: list[str]) -> None:
    supervisor.start(python("batch", "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"))
    assert supervisor.watch(lambda: bool(said), 60)
    assert "信号 9" in said[0]


def test_what_others_need_is_stopped_after_them(supervisor: Supervisor) -> None:
    order = supervisor.folder / "order"
    tell = (
        "import signal, sys, time\n"
        f"def end(*_):\n    open({str(order)!r}, 'a').write(sys.argv[1] + ' '); sys.exit()\n"
        "signal.signal(signal.SIGTERM, end); print('up', flush=True); time.sleep(600)"
    )
    for name in ("redis", "web", "sweep"):
        command = (sys.executable, "-c", tell, name)
        supervisor.start(Program(name, command, is_needed=name == "redis"))
        assert supervisor.watch(says(supervisor, name, "up"), 60)
    supervisor.stop()
    *others, last = order.read_text().split()
    assert (sorted(others), last) == (["sweep", "web"], "redis")


def test_a_program_that_ignores_the_request_is_ended_with_all_it_started(supervisor: Supervisor) -> None:
    child_too = (
        "import subprocess, sys\n"
        f"child = subprocess.Popen([sys.executable, '-c', {STUBBORN!r}], stdout=subprocess.PIPE)\n"
        "child.stdout.readline(); print('child', child.pid, flush=True)\n" + STUBBORN
    )
    supervisor.start(python("batch", child_too, stop_seconds=0.5))
    assert supervisor.watch(says(supervisor, "batch", "up"), 60)
    grandchild = int((supervisor.folder / "batch.log").read_text().split()[1])
    supervisor.stop()
    wait_for_the_end_of(grandchild)


def test_a_request_to_stop_ends_the_watch(supervisor: Supervisor) -> None:
    supervisor.stopping.set()
    assert supervisor.watch(lambda: True) is False


def test_programs_end_when_the_supervisor_itself_is_killed(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from service.supervisor import Program, Supervisor\n"
        f"s = Supervisor(Path({str(tmp_path)!r}), print)\n"
        f"child = s.start(Program('web', (sys.executable, '-c', {OBEDIENT!r})))\n"
        "s.watch(lambda: 'up' in child.log.read_text())\n"
        "print(child.process.pid, flush=True); s.watch(lambda: False)"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as supervisor:
        assert supervisor.stdout is not None
        child = int(supervisor.stdout.readline())
        supervisor.send_signal(signal.SIGKILL)
    wait_for_the_end_of(child)


def test_a_log_that_has_grown_large_is_laid_aside_at_the_next_start(
    supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.supervisor.LOG_BYTES", 10)
    (supervisor.folder / "web.log").write_text("a story of long ago")
    supervisor.start(python("web", OBEDIENT))
    assert (supervisor.folder / "web.log.1").read_text() == "a story of long ago"


def test_a_log_is_laid_aside_while_its_program_goes_on_writing(
    supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.supervisor.LOG_BYTES", 1000)
    supervisor.start(python("web", "import itertools, time\nfor n in itertools.count():\n    print(n, flush=True)"
                                   "; time.sleep(0.001)"))  # fmt: skip
    aside, log = supervisor.folder / "web.log.1", supervisor.folder / "web.log"
    assert supervisor.watch(lambda: aside.exists() and log.stat().st_size > 0, 120)
    assert aside.stat().st_size > 1000
    assert b"\0" not in log.read_bytes()
