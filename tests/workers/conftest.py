"""A small office at work: a database, a Redis, a data folder, and as many real workers as a test hires."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select

from storage.files import DocumentFiles
from storage.making import documents
from storage.session import make_engine, reading_scope
from storage.settings import Settings
from storage.tables import Document, Job, JobState, Lane, Worker
from tests.fakes.worker import GATE
from tests.orders import job_now, ordered
from tests.printing import an_office
from tests.servers import RedisServer
from workers.office.installed import Office as LibreOffice
from workers.sweeper import Sweeper

PROJECT = Path(__file__).parent.parent.parent
# Everything that takes seconds in an office takes moments here.
QUICK = {
    "heartbeat_seconds": 0.2,
    # But nobody is taken for dead because the machine is busy.
    "stale_seconds": 120.0,
    "sweep_seconds": 0.01,
    "republish_seconds": 1.0,
    "retry_seconds": (0.1, 0.1, 0.1),
}


class Office:
    """What a test sees of the office from outside: tables, files, processes."""

    def __init__(self, settings: Settings, redis: RedisServer) -> None:
        self.settings, self.redis = settings, redis
        self.engine: Engine = make_engine(settings)
        self.sweeper = Sweeper(settings)
        self.files = DocumentFiles(settings)
        self.began = settings.data_dir / "began"
        self.began.mkdir()
        self._hired: list[subprocess.Popen[bytes]] = []

    def be_impatient(self) -> None:
        """Soon take for dead who is silent; on a busy machine that may be somebody who lives."""
        self.sweeper.close()
        self.settings = self.settings.model_copy(update={"stale_seconds": 1.5})
        self.sweeper = Sweeper(self.settings)

    def hire(self, lane: Lane = Lane.BATCH, concurrency: int = 1) -> subprocess.Popen[bytes]:
        """Start a real worker and wait until its processes are there."""
        given = {f"NIANBAO_{name.upper()}": value for name, value in self.settings.model_dump(mode="json").items()}
        environment = {name: str(value) for name, value in given.items() if value is not None}
        command = [sys.executable, "-m", "tests.fakes.worker", lane.value, str(concurrency)]
        before = {process.boot_id for process in self.crew()}
        with (self.settings.data_dir / "worker.log").open("ab") as log:
            worker = subprocess.Popen(command, cwd=PROJECT, env={**os.environ, **environment}, stdout=log, stderr=log)
        self._hired.append(worker)
        self.wait_until(lambda: len({process.boot_id for process in self.crew()} - before) >= concurrency)
        return worker

    def crew(self) -> list[Worker]:
        """The processes that make documents, as the database knows them."""
        with reading_scope(self.engine) as session:
            return list(session.scalars(select(Worker)))

    def order(self, unit: str, lane: Lane = Lane.BATCH) -> int:
        """Somebody submits, and nobody is nudged."""
        return ordered(self.engine, unit, lane)

    def begin(self, unit: str) -> int:
        """Order a document and wait until somebody is making it."""
        job_id = self.order(unit)
        self.run_until(lambda: self.has_begun(job_id))
        return job_id

    def job(self, job_id: int) -> Job:
        return job_now(self.engine, job_id)

    def told(self, words: str) -> bool:
        """Whether a worker has written these words to its log."""
        return words in (self.settings.data_dir / "worker.log").read_text()

    def holder(self, job_id: int) -> int:
        """The process that makes a job's documents at this moment."""
        owner = self.job(job_id).owner
        [worker] = [worker for worker in self.crew() if worker.boot_id == owner]
        return worker.pid

    def living_crew(self) -> list[int]:
        """The processes that are really there, whatever the database still believes."""
        return [worker.pid for worker in self.crew() if Path(f"/proc/{worker.pid}").exists()]

    def tick(self) -> None:
        """What the sweeper does every few seconds."""
        self.sweeper.sweep()
        self.sweeper.dispatch()

    def run_until(self, ready: Callable[[], bool]) -> None:
        """Let the sweeper go on until something is so; nobody else helps."""

        def tick_and_look() -> bool:
            self.tick()
            return ready()

        self.wait_until(tick_and_look)

    def wait_until(self, ready: Callable[[], bool]) -> None:
        patience = time.monotonic() + 180
        while not ready():
            if time.monotonic() > patience:
                log = self.settings.data_dir / "worker.log"
                pytest.fail(f"it never came to pass\n{log.read_text() if log.exists() else ''}")
            time.sleep(0.05)

    def is_done(self, *job_ids: int) -> bool:
        return all(self.job(job_id).state is JobState.DONE for job_id in job_ids)

    def has_begun(self, job_id: int, fence: int = 1) -> bool:
        return (self.began / f"job-{job_id}-fence-{fence}").exists()

    def begun(self, job_id: int) -> int:
        """How often the making of a job was begun."""
        return len(list(self.began.glob(f"job-{job_id}-*")))

    def close_gate(self) -> None:
        (self.settings.data_dir / GATE).touch()

    def open_gate(self) -> None:
        (self.settings.data_dir / GATE).unlink()

    def texts(self, job_id: int) -> list[str]:
        """What the visible documents of a job say."""
        with reading_scope(self.engine) as session:
            found = documents.of_job(session, session.get_one(Job, job_id))
        return [self._read(document) for document in found]

    def _read(self, document: Document) -> str:
        with self.files.open(document.storage_key, document.bytes, document.sha256) as file:
            return file.read().decode()

    def litter(self) -> list[str]:
        """Files that no visible document names, and folders nobody works in."""
        with reading_scope(self.engine) as session:
            known = set(session.scalars(select(Document.storage_key)))
        files = {str(path.relative_to(self.files.root)) for path in self.files.root.rglob("*") if path.is_file()}
        return sorted(files - known) + [path.name for path in (self.settings.data_dir / "work").glob("*")]

    def documents(self) -> int:
        with reading_scope(self.engine) as session:
            return session.scalars(select(func.count()).select_from(Document)).one()

    def has_more_than(self, documents: int) -> bool:
        return self.documents() > documents

    def close(self) -> None:
        for worker in self._hired:
            if worker.poll() is None:
                worker.send_signal(signal.SIGCONT)
                worker.kill()
            worker.wait()
        self.sweeper.close()
        self.engine.dispose()


@pytest.fixture
def office(settings: Settings, redis_server: RedisServer) -> Iterator[Office]:
    """A small office: SQLite."""
    yield from _opened(settings, redis_server)


@pytest.fixture
def province_office(province: Settings, redis_server: RedisServer) -> Iterator[Office]:
    """The same in a province: PostgreSQL."""
    yield from _opened(province, redis_server)


@pytest.fixture(params=["office", "province_office"])
def either_office(request: pytest.FixtureRequest) -> Office:
    chosen: Office = request.getfixturevalue(request.param)
    return chosen


def _opened(settings: Settings, redis: RedisServer) -> Iterator[Office]:
    redis.client.flushall()
    office = Office(settings.model_copy(update={"redis_url": redis.url, **QUICK}), redis)
    yield office
    office.close()


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> LibreOffice:
    """LibreOffice with a profile of its own, run as this machine can: in a box, or in the open."""
    return an_office(tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="module")
def boxed(prepared: LibreOffice) -> LibreOffice:
    """LibreOffice with bubblewrap around it."""
    if not prepared.boxed:
        pytest.skip("bubblewrap cannot build a box on this machine (inside a chroot or a container it cannot)")
    return prepared


@pytest.fixture(params=["in a box", "in the open"])
def libreoffice(request: pytest.FixtureRequest) -> LibreOffice:
    """LibreOffice with bubblewrap around it, and as it runs where there is none."""
    if request.param == "in a box":
        in_a_box: LibreOffice = request.getfixturevalue("boxed")
        return in_a_box
    return replace(request.getfixturevalue("prepared"), boxed=False)
