"""The whole service in a folder of its own: Redis, database, web, workers and sweeper, each a process to ill-treat."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

from sqlalchemy import Engine, text

from storage.filing.submissions import submit
from storage.people.keys import create_key
from storage.session import make_engine, reading_scope, session_scope
from storage.settings import Settings
from storage.tables import Lane
from tests.faults import processes
from tests.faults.processes import Process
from tests.faults.progress import Progress
from tests.faults.worker import CONVERTER_SECONDS
from tests.orders import CLERK, RECIPE, answers_of
from tests.people import as_json, nil_return
from tests.servers import RedisServer
from tests.service.web_server import Answer, WebServer

# What takes a minute in an office takes seconds here.
QUICK = {
    "heartbeat_seconds": 0.5,
    "stale_seconds": 3.0,
    "sweep_seconds": 0.5,
    "republish_seconds": 3.0,
    "retry_seconds": (0.2, 0.2, 0.2),
}
PROJECT = Path(__file__).parents[2]


class GaveUp(AssertionError):
    """Something did not come to pass in a time that is more than enough."""


class House:
    """What an experiment sees and does, all of it from outside."""

    def __init__(self, settings: Settings, patience: float) -> None:
        # After so many seconds it is given up that something comes to pass; far more than it takes.
        self._patience = patience
        self.redis = RedisServer()
        self.settings = settings.model_copy(update={"redis_url": self.redis.url})
        self.engine: Engine = make_engine(self.settings)
        self.accepted: list[str] = []
        self.web: WebServer | None = None
        # What programs that start from now on are told beside the settings.
        self.given: dict[str, str] = {}
        self.progress = Progress(self.engine)
        self._programs: list[subprocess.Popen[bytes]] = []
        self._is_closed = False
        self._others = {one.pid for one in processes.below(os.getpid())} - {self.redis.process.pid}
        (settings.data_dir / "began").mkdir(exist_ok=True)
        processes.adopt_orphans(True)

    # People

    def order(self, units: Iterable[str], lane: Lane = Lane.BATCH, **said: str) -> list[int]:
        """Reports are submitted all at once, and nobody is nudged."""
        with session_scope(self.engine) as session:
            taken = [submit(session, answers_of(unit, **said), CLERK, RECIPE, lane).job for unit in units]
            session.flush()
            self.accepted += [job.public_id for job in taken]
            return [job.id for job in taken]

    def hand_in(self, unit: str, seconds: float = 60) -> Answer:
        """A program hands a report in over HTTP."""
        assert self.web is not None
        sent = as_json(nil_return(unit))
        answer = self.web.ask("POST", "/api/v1/reports", sent, seconds, Authorization=f"Bearer {self.key}")
        if answer.status == 202:
            self.accepted.append(answer.told["job"]["id"])
        return answer

    def is_not_ours(self, pid: int) -> None:
        """A server that was started again beside this house is none of its litter."""
        self._others.add(pid)

    # Programs

    def open_web(self) -> WebServer:
        if not hasattr(self, "key"):
            with session_scope(self.engine) as session:
                self.key = create_key(session, "实验", "operator:李明")
        self.web = WebServer(self.settings, **self.given)
        return self.web

    def hire(
        self,
        lane: Lane = Lane.BATCH,
        concurrency: int = 1,
        *,
        maker: str = "stub",
        without: str = "",
        seconds: float = 0.2,
    ) -> subprocess.Popen[bytes]:
        """A worker with the small converter, or with LibreOffice but without a guard."""
        words = ["tests.faults.worker", lane.value, str(concurrency), maker, *without.split()]
        return self._at_work(self.start(*words, **{CONVERTER_SECONDS: str(seconds)}), concurrency)

    def hire_real(self, lane: Lane = Lane.BATCH, concurrency: int = 1, **given: str) -> subprocess.Popen[bytes]:
        """A worker as it is delivered, with LibreOffice."""
        words = ("service.cli", "worker", "--lane", lane.value, "--concurrency", str(concurrency))
        return self._at_work(self.start(*words, **given), concurrency)

    def _at_work(self, worker: subprocess.Popen[bytes], concurrency: int) -> subprocess.Popen[bytes]:
        # The child of the program that is started by setpriv is the pool's.
        self.wait_until(lambda: len(processes.below(worker.pid)) >= concurrency or worker.poll() is not None)
        assert worker.poll() is None, self._last_words()
        return worker

    def sweep(self) -> subprocess.Popen[bytes]:
        return self.start("service.cli", "sweep")

    def start(self, *words: str, **given: str) -> subprocess.Popen[bytes]:
        """One of our programs, its log in the folder."""
        command = ["setpriv", "--pdeathsig=KILL", sys.executable, "-P", "-m", *words]
        environment = self.environment | given
        with self.log.open("ab") as log:
            program = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        self._programs.append(program)
        return program

    @property
    def environment(self) -> dict[str, str]:
        """What our programs are told."""
        fields = self.settings.model_dump(mode="json", exclude={"bind", "secret_key"})
        told = {f"NIANBAO_{name.upper()}": value for name, value in fields.items()}
        given = {name: str(value) for name, value in told.items() if value is not None}
        return {**os.environ, "PYTHONPATH": str(PROJECT), **given, **self.given}

    # Harm

    def workers(self) -> list[Process]:
        """The processes of all workers, those that manage and those that make documents."""
        named = ("tests.faults.worker", "worker")
        return [one for one in self.alive() if one.is_ours and any(word in named for word in one.words)]

    def kill(self, victims: Iterable[Process]) -> None:
        for victim in victims:
            with suppress(ProcessLookupError):
                os.kill(victim.pid, signal.SIGKILL)

    def kill_everybody(self) -> None:
        """Web, sweeper, workers and what they have started, at once and without warning."""
        self.kill(self.alive())
        for program in self._programs:
            program.wait()
        self._programs.clear()
        if self.web:
            self.web.close()
        self.bury_orphans()

    # What is to be seen

    @property
    def log(self) -> Path:
        return self.settings.data_dir / "programs.log"

    def told(self, *words: str) -> int:
        """How often our programs have said these words."""
        said = self.log.read_text(errors="replace") if self.log.exists() else ""
        return sum(said.count(word) for word in words)

    def ask(self, question: str, **given: object) -> list[tuple[object, ...]]:
        """What the tables say, in plain SQL."""
        with reading_scope(self.engine) as session:
            return [tuple(row) for row in session.execute(text(question), given)]

    def count(self, state: str) -> int:
        return len(self.ask("SELECT id FROM job WHERE state = :state", state=state))

    def is_drained(self) -> bool:
        return not self.ask("SELECT id FROM job WHERE state NOT IN ('done', 'failed') LIMIT 1")

    def is_done(self, public_id: str) -> bool:
        [(state,)] = self.ask("SELECT state FROM job WHERE public_id = :id", id=public_id)
        return state == "done"

    def losses(self) -> int:
        """How often a job was taken from a worker."""
        return sum(int(str(lost)) for (lost,) in self.ask("SELECT lost_count FROM job"))

    def executions(self) -> int:
        """How often the making of a document was begun."""
        return len(list((self.settings.data_dir / "began").iterdir()))

    def alive(self) -> list[Process]:
        """Every living process of this house but its Redis."""
        others = self._others | {self.redis.process.pid}
        return [one for one in processes.below(os.getpid(), but=others) if not one.is_dead]

    def converters(self) -> list[Process]:
        """What workers have started, or their orphans."""
        own = {program.pid for program in self._programs}
        return [one for one in self.alive() if not one.is_ours and one.pid not in own]

    def wait_until(self, ready: Callable[[], bool], seconds: float = 0) -> float:
        """How long it took; GaveUp when it took too long."""
        seconds, begun = seconds or self._patience, time.monotonic()
        while not ready():
            if time.monotonic() - begun > seconds:
                raise GaveUp(f"not within {seconds:g} s\n{self._last_words()}")
            time.sleep(0.05)
        return time.monotonic() - begun

    def _last_words(self) -> str:
        return self.log.read_text(errors="replace")[-4000:] if self.log.exists() else ""

    # The end

    def bury_orphans(self) -> None:
        known = {program.pid for program in self._programs} | self._others | {self.redis.process.pid}
        known |= {self.web.process.pid} if self.web else set()
        for one in processes.below(os.getpid()):
            if one.is_dead and one.parent == os.getpid() and one.pid not in known:
                processes.bury(one)

    def go_home(self) -> None:
        """Everybody is asked to leave, and waited for."""
        for program in self._programs:
            program.send_signal(signal.SIGCONT)
            program.terminate()
        for program in self._programs:
            with suppress(subprocess.TimeoutExpired):
                program.wait(60)
        if self.web and self.web.process.poll() is None:
            self.web.stop()
        self.bury_orphans()

    def close(self) -> None:
        if self._is_closed:
            return
        self._is_closed = True
        self.progress.close()
        self.kill_everybody()
        self.redis.close()
        processes.adopt_orphans(False)
        self.engine.dispose()
