"""Web and two worker machines that share nothing but Redis, PostgreSQL and an S3-compatible store, by settings alone.

In the middle of a batch the cable of one is pulled while it makes a document. The other takes over; when the cable is
back, the first finds its document made, throws its own away, and goes on working. Each document is there once.

Documents are made by a stand-in; everything else is real, each machine in a network namespace of its own.
"""

import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import TypeVar

import pytest
from sqlalchemy import URL, Engine, make_url, select

from storage.batches import batches
from storage.filing.submissions import submit
from storage.migrations import upgrade
from storage.people.keys import create_key
from storage.session import make_engine, reading_scope, session_scope
from storage.settings import Settings
from storage.tables import Batch, Document, Job, JobState, Lane, Scope, Unit, Worker
from tests.fakes.worker import GATE, PATIENT, STEADY
from tests.journeys.hosts import Network, NotAllowed, network
from tests.orders import CLERK, RECIPE, answers_of
from tests.servers import PostgresServer, RedisServer, S3Server
from tests.service.web_server import Answer, _OverSocket
from tests.units import collect, county

HERE = Path(__file__).parents[2]
Seen = TypeVar("Seen")
# Far more than anything takes.
PATIENCE = 240
QUICK = {
    "HEARTBEAT_SECONDS": "0.5",
    "STALE_SECONDS": "6",
    "SWEEP_SECONDS": "0.5",
    "REPUBLISH_SECONDS": "3",
    "DISPATCH_SECONDS": "0.5",
}
UNITS = [f"{PATIENT}{number}" for number in range(2)] + [f"{STEADY}{number}" for number in range(16)]


class Province:
    """Servers at the switch, machines around it, and a test that sees the servers through their sockets."""

    def __init__(self, cables: Network, folder: Path, on_exit: ExitStack) -> None:
        self.cables, self._folder, self._on_exit = cables, folder, on_exit
        inside, address = cables.inside(cables.hub), cables.address(0)
        self.postgres = on_exit.enter_context(closing(PostgresServer(inside, address)))
        on_exit.enter_context(closing(RedisServer(inside, address)))
        self.store = on_exit.enter_context(closing(S3Server(inside, address)))
        here = make_url(self.postgres.create("province"))
        self.settings = Settings(data_dir=folder / "test", database_url=here.render_as_string(hide_password=False))
        upgrade(self.settings)
        self.engine: Engine = make_engine(self.settings)
        on_exit.callback(self.engine.dispose)
        there = URL.create("postgresql", username=self.postgres.user, host=address, port=5432, database="province")
        self._told = {
            "DATABASE_URL": there.render_as_string(hide_password=False),
            "REDIS_URL": f"redis://{address}:6379/0",
            **{name.upper(): value for name, value in self.store.settings("documents").items()},
            **QUICK,
        }

    def machine(self, name: str) -> "Machine":
        """A machine with a data folder that nobody else sees."""
        data = self._folder / name
        (data / "began").mkdir(parents=True)
        (data / GATE).touch()
        told = {**self._told, "DATA_DIR": str(data), "HOST": name}
        environment = {f"NIANBAO_{key}": value for key, value in told.items()}
        return Machine(name, self.cables.host(name), data, environment, self._on_exit)

    def ask(self, *columns: object) -> list[tuple[object, ...]]:
        with reading_scope(self.engine) as session:
            return [tuple(row) for row in session.execute(select(*columns))]  # type: ignore[call-overload]

    def stored(self) -> list[str]:
        """What lies in the store; the test reaches it the same way as the machines, from inside."""
        root = self.store.folder / self.store.bucket / "documents"
        return sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())


class Machine:
    """One machine, and the programs that run on it."""

    def __init__(self, name: str, host: str, data: Path, environment: dict[str, str], on_exit: ExitStack) -> None:
        self.name, self.host, self.data = name, host, data
        self.environment, self._on_exit = environment, on_exit

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        """One of our programs."""
        command = ["setpriv", "--pdeathsig=KILL", *Network.inside(self.host), sys.executable, "-P", "-m", *words]
        environment = {**os.environ, "PYTHONPATH": str(HERE), **self.environment}
        with (self.data / "log").open("ab") as log:
            program = subprocess.Popen(command, env=environment, stdout=log, stderr=log, cwd=HERE)
        self._on_exit.callback(self.stop, program)
        return program

    @staticmethod
    def stop(program: subprocess.Popen[bytes]) -> None:
        program.terminate()
        try:
            program.wait(60)
        except subprocess.TimeoutExpired:
            program.kill()
            program.wait()

    def open_gate(self) -> None:
        (self.data / GATE).unlink()

    def log(self) -> str:
        return (self.data / "log").read_text(errors="replace")[-3000:]


def wait_until(ready: Callable[[], Seen], *machines: Machine) -> Seen:
    """What was waited for."""
    end = time.monotonic() + PATIENCE
    while not (seen := ready()):
        if time.monotonic() > end:
            raise AssertionError("\n".join(f"{one.name}:\n{one.log()}" for one in machines))
        time.sleep(0.05)
    return seen


@pytest.fixture
def province(tmp_path: Path) -> Iterator[Province]:
    with ExitStack() as on_exit:
        try:
            cables = on_exit.enter_context(network())
        except NotAllowed as error:
            pytest.skip(f"this machine makes no network namespaces: {error}")
        yield Province(cables, tmp_path, on_exit)


def january(province: Province) -> Batch:
    """Every unit has sent its report, and the office orders all documents."""
    with session_scope(province.engine) as session:
        office = county(session).office
        units = [Unit(name=name, position=at, supervisor_id=office.id) for at, name in enumerate(UNITS, 1)]
        session.add_all(units)
        session.flush()
        campaign = collect(session, office, *units, year=2024)
        for unit in UNITS:
            submit(session, answers_of(unit), CLERK, RECIPE, Lane.BATCH)
        return batches.start(session, campaign, Scope.SENT, RECIPE, CLERK)


@pytest.mark.timeout(900)
def test_a_machine_that_is_cut_off_in_mid_batch_costs_nothing_and_comes_back(province: Province) -> None:
    january(province)
    web, alpha, beta = (province.machine(name) for name in ("web", "alpha", "beta"))
    everybody = (web, alpha, beta)
    socket = web.data / "web.sock"
    web.environment["NIANBAO_BIND"] = f"unix:{socket}"
    web.start("service.cli", "serve")
    web.start("service.cli", "sweep")
    makers = [one.start("tests.fakes.worker", "batch", "1") for one in (alpha, beta)]

    # Each of them has a document in hands that takes its time.
    at_work = wait_until(lambda: both(held(province)), *everybody)
    [mine] = [job for job, host in at_work.items() if host == "beta"]
    province.cables.cut(beta.host)
    alpha.open_gate()
    wait_until(lambda: states(province) == {JobState.DONE: len(UNITS)}, *everybody)
    assert lost(province)[mine] >= 1

    # The other one finishes its document now, for nobody; it can say so only when the cable is back.
    beta.open_gate()
    province.cables.mend(beta.host)
    Machine.stop(makers[0])
    with session_scope(province.engine) as session:
        late = submit(session, answers_of("最后一局"), CLERK, RECIPE, Lane.BATCH).job.public_id
    wait_until(lambda: states(province) == {JobState.DONE: len(UNITS) + 1}, *everybody)
    assert made_by(province, late) == "beta"

    named = sorted(str(key) for (key,) in province.ask(Document.storage_key))
    wait_until(lambda: province.stored() == named, *everybody)
    assert Counter(job for (job,) in province.ask(Document.job_id)) == {job: 2 for (job,) in province.ask(Job.id)}
    assert download(province, socket, late).body.startswith(b"%PDF job-")


def held(province: Province) -> dict[int, str]:
    """Which machine has which job in hands."""
    with reading_scope(province.engine) as session:
        found = select(Job.id, Worker.host).join(Worker, Worker.boot_id == Job.owner)
        return dict(session.execute(found.where(Job.state == JobState.RUNNING)).all())


def both(at_work: dict[int, str]) -> dict[int, str]:
    """The same, when each of the two has one."""
    return at_work if sorted(at_work.values()) == ["alpha", "beta"] else {}


def made_by(province: Province, public_id: str) -> object:
    with reading_scope(province.engine) as session:
        owner = select(Worker.host).join(Job, Worker.boot_id == Job.owner)
        return session.scalars(owner.where(Job.public_id == public_id)).one()


def states(province: Province) -> dict[object, int]:
    return dict(Counter(state for (state,) in province.ask(Job.state)))


def lost(province: Province) -> dict[int, int]:
    with reading_scope(province.engine) as session:
        return {job: times for job, times in session.execute(select(Job.id, Job.lost_count)) if times}


def download(province: Province, socket: Path, job: str) -> Answer:
    """A program gets a document from the web machine, which never saw it before."""
    with session_scope(province.engine) as session:
        key = create_key(session, "实验", "operator:李明")
    with closing(_OverSocket(str(socket), timeout=60)) as connection:
        connection.request("GET", f"/api/v1/documents/{job}.pdf", headers={"Authorization": f"Bearer {key}"})
        answer = connection.getresponse()
        return Answer(answer.status, dict(answer.getheaders()), answer.read())
