"""One step of one role, done by a process of its own that may die, or find the disk full, at a point by name.

    python -m tests.faults.steps [GUARD]

stands ready, reads one order a line and forks for each: what a new interpreter would take a second for takes moments.
"""

import errno
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path

from reports.answers import Answers
from storage import files
from storage.filing import submissions
from storage.session import make_engine, session_scope
from storage.settings import Settings, load_settings
from storage.tables import Lane
from tests.faults.guards import replace, take_away
from tests.faults.points import Points
from tests.faults.worker import Made, write_pdf, write_word
from tests.orders import CLERK, RECIPE, answers_of
from workers import tasks
from workers.desk import Desk
from workers.queue import JobQueue
from workers.sweeper import Sweeper

DIED = -signal.SIGKILL


@dataclass(frozen=True)
class Order:
    """Who is to do something, with which job or unit, and at which point it goes wrong."""

    role: str
    job_id: int = 0
    unit: str = ""
    dies_at: str = ""
    full_at: str = ""


@dataclass(frozen=True)
class Outcome:
    """How the process ended, and which points it passed."""

    code: int
    passed: tuple[str, ...]


class Steps:
    """The near end: gives orders, and hears how they ended."""

    def __init__(self, folder: Path, environment: dict[str, str], *guards: str) -> None:
        command = ["setpriv", "--pdeathsig=KILL", sys.executable, "-P", "-m", "tests.faults.steps", *guards]
        with (folder / "steps.log").open("ab") as log:
            self._process = subprocess.Popen(
                command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True
            )

    def take(self, role: str, job_id: int = 0, unit: str = "", dies_at: str = "", full_at: str = "") -> Outcome:
        assert self._process.stdin and self._process.stdout
        order = Order(role, job_id, unit, dies_at, full_at)
        self._process.stdin.write(json.dumps(asdict(order)) + "\n")
        self._process.stdin.flush()
        code, passed = json.loads(self._process.stdout.readline())
        return Outcome(code, tuple(passed))

    def close(self) -> None:
        self._process.communicate()


class Quick:
    """Makes documents at once."""

    def make(self, answers: Answers, folder: Path, _begins: object = None, _template: object = None) -> Made:
        made = Made(folder / "report.docx", folder / "report.pdf")
        write_word(made.docx, answers.unit.name, folder.name)
        write_pdf(made.pdf, answers.unit.name, folder.name)
        return made

    def close(self) -> None:
        """There is nothing to close."""


def work(settings: Settings, order: Order) -> None:
    with closing(Desk(settings, Lane.BATCH, Quick())) as desk:
        tasks.make_documents(desk, order.job_id)


def sweep(settings: Settings, _order: Order) -> None:
    with closing(Sweeper(settings)) as sweeper:
        sweeper.sweep()
        sweeper.dispatch()


def hand_in(settings: Settings, order: Order) -> None:
    queue = JobQueue(settings)
    with session_scope(make_engine(settings)) as session:
        taken = submissions.submit(session, answers_of(order.unit), CLERK, RECIPE, Lane.BATCH)
        queue.nudge_after_commit(session, taken.job)


ROLES: dict[str, Callable[[Settings, Order], None]] = {"worker": work, "sweeper": sweep, "web": hand_in}


def _obey(settings: Settings, order: Order, told: int) -> None:
    def happens() -> None:
        if order.full_at:
            raise OSError(errno.ENOSPC, "No space left on device")
        os.kill(os.getpid(), signal.SIGKILL)

    points = Points(order.dies_at or order.full_at, happens)
    points.install()
    try:
        ROLES[order.role](settings, order)
    finally:
        os.write(told, json.dumps(points.passed).encode())


def _fork_for(settings: Settings, order: Order) -> tuple[int, list[str]]:
    hears, told = os.pipe()
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            os.close(hears)
            _obey(settings, order, told)
            code = 0
        finally:
            sys.stderr.flush()
            os._exit(code)
    os.close(told)
    with os.fdopen(hears) as answer:
        passed = answer.read()
    _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status), json.loads(passed or "[]")


if __name__ == "__main__":
    for guard in sys.argv[1:]:
        take_away(guard)
    # Each job has a folder of its own, so that each passes the points at which a folder is made.
    replace(files, "PER_FOLDER", 1)
    its_settings = load_settings()
    # What the programs say goes into the log; nobody but us answers.
    with os.fdopen(os.dup(1), "w") as answers:
        os.dup2(2, 1)
        for line in sys.stdin:
            print(json.dumps(_fork_for(its_settings, Order(**json.loads(line)))), file=answers, flush=True)
