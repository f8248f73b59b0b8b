"""Keeps programs running, each with a log of its own, and stops them in order."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from types import FrameType

RESTART_SECONDS = (1, 2, 4, 8, 15, 30, 60)
# A program that ran this long was healthy: its next death is a new story.
HEALTHY_SECONDS = 60
LOG_BYTES = 20_000_000


class NotStarted(Exception):
    """What was to run cannot be started here, or did not come up."""

    code = "not_started"

    def __init__(self, for_person: str, for_operator: str) -> None:
        self.for_person = for_person
        self.for_operator = for_operator
        super().__init__(for_person)


@dataclass(frozen=True)
class Program:
    """What is to be kept running, and how long it may take to end when asked to."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    stop_seconds: float = 10
    # Others need it to end well: it is stopped after them.
    is_needed: bool = False


class Child:
    """One program, the process that is running it now, and how often that has died."""

    def __init__(self, program: Program, folder: Path) -> None:
        self.program = program
        self.log = folder / f"{program.name}.log"
        self.deaths = 0
        self.process: subprocess.Popen[bytes] | None = None
        self.started = self.due = 0.0

    def start(self) -> None:
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(  # noqa: S603
                [*_dies_with_us(), *self.program.command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**os.environ, **self.program.environment},
                # Ctrl+C reaches the whole terminal; only the supervisor shall hear it and keep to the order.
                start_new_session=True,
            )
        self.started = time.monotonic()

    def look_after(self) -> str:
        """Start it again when it has died and its time has come; says so when it has just died."""
        now = time.monotonic()
        if self.process is None:
            if now >= self.due:
                self.start()
            return ""
        code = self.process.poll()
        if code is None:
            return ""
        self.process = None
        self.deaths = 1 if now - self.started > HEALTHY_SECONDS else self.deaths + 1
        pause = RESTART_SECONDS[min(self.deaths, len(RESTART_SECONDS)) - 1]
        self.due = now + pause
        return f"{self.program.name} 意外结束（{_ending(code)}），{pause} 秒后重新启动。日志：{self.log}"

    def ask_to_stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.terminate()

    def make_sure(self) -> None:
        """Wait as long as the program may take, then end it and whatever it has started."""
        if self.process is None:
            return
        try:
            self.process.wait(self.program.stop_seconds)
        except subprocess.TimeoutExpired:
            # Its session is its process group, and while it is not waited for its number is nobody else's.
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self.process = None

    def last_lines(self, count: int = 12) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-count:]) if self.log.exists() else ""


class Supervisor:
    """Children that are started one by one, looked after together, and stopped before what they need."""

    def __init__(self, folder: Path, say: Callable[[str], None]) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.say = say
        self.children: list[Child] = []
        self.stopping = Event()

    def start(self, program: Program) -> Child:
        child = Child(program, self.folder)
        _turn_over(child.log)
        self.children.append(child)
        child.start()
        return child

    def listen_for_signals(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self.stopping.set()

    def watch(self, until: Callable[[], bool], seconds: float = float("inf")) -> bool:
        """Look after the children until something is so; False when it took too long or we are to stop."""
        end = time.monotonic() + seconds
        while not self.stopping.is_set() and time.monotonic() < end:
            for child in self.children:
                if news := child.look_after():
                    self.say(news)
                _turn_over(child.log)
            if until():
                return True
            self.stopping.wait(0.2)
        return False

    def stop(self) -> None:
        for needed in (False, True):
            wave = [child for child in self.children if child.program.is_needed is needed]
            for child in wave:
                child.ask_to_stop()
            for child in wave:
                child.make_sure()
        self.children.clear()


def _dies_with_us() -> list[str]:
    # setpriv becomes the program itself. Even if this process is killed, none is left behind without a master.
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "TERM", "--"] if setpriv and sys.platform == "linux" else []


def _ending(code: int) -> str:
    return f"信号 {-code}" if code < 0 else f"返回值 {code}"


def _turn_over(log: Path) -> None:
    """Lay a log aside that has grown large; a program that runs goes on writing at the beginning of the same file."""
    if log.exists() and log.stat().st_size > LOG_BYTES:
        shutil.copyfile(log, log.with_suffix(".log.1"))
        os.truncate(log, 0)
