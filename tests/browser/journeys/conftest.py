"""A whole house for journeys: web, Redis, a worker with LibreOffice, and clerks who sign in with their passwords."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import Engine, select

from storage.filing.submissions import submit
from storage.people.passwords import hashed, set_password
from storage.session import make_engine, reading_scope, session_scope
from storage.settings import PROJECT, Settings
from storage.tables import Account, Report, ReportState, Role, Submission, Unit, Worker
from tests.browser.conftest import NewContext
from tests.orders import RECIPE
from tests.people import read
from tests.printing import FETCHED
from tests.servers import RedisServer
from tests.service.web_server import PATIENCE, WebServer
from tests.units import OFFICE, collect, person_with

PASSWORD = "Lin-Xi 2025 nian bao"
# Until LibreOffice has started for the first time on a busy machine.
FIRST_DOCUMENT = 240_000
_numbers = count(1)


@dataclass(frozen=True)
class House:
    """The servers of one test process."""

    engine: Engine
    origin: str

    def unit(self, last_year: dict[str, Any] | None = None) -> Unit:
        """A unit that no other test knows, whose report of 2025 is called for."""
        with session_scope(self.engine) as session:
            number = next(_numbers)
            office = Unit(name=f"{OFFICE}第{number}科", contact="王敏 0571-8800")
            session.add(office)
            session.flush()
            unit = Unit(name=f"临溪县第{number}往来局", supervisor_id=office.id)
            session.add(unit)
            session.flush()
            collect(session, office, unit)
        if last_year:
            with session_scope(self.engine) as session:
                submit(session, read({**last_year, "unit": {"name": unit.name}}), "operator:root", RECIPE)
        return unit

    def clerk(self, unit: Unit) -> str:
        """Who fills in its report; the name to sign in with."""
        login, secret = f"clerk{next(_numbers)}", hashed(PASSWORD)
        with session_scope(self.engine) as session:
            person = person_with(session, login, (Role.CLERK, unit))
            account = session.get_one(Account, person.account_id)
            account.phone = "0571-8801"
            set_password(session, account, secret, "operator:root")
        return login

    def state(self, unit: Unit) -> ReportState:
        with reading_scope(self.engine) as session:
            of_unit = select(Report.state).where(Report.unit_id == unit.id, Report.year == 2025)
            return session.scalars(of_unit).one()

    def receipt(self, unit: Unit) -> str:
        with reading_scope(self.engine) as session:
            sent = select(Submission.receipt).join(Report, Report.id == Submission.report_id)
            return session.scalars(sent.where(Report.unit_id == unit.id, Report.year == 2025)).one()


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory, sqlite_pattern: Path) -> Iterator[House]:
    """Web and worker of an office that starts empty."""
    # A Redis of its own: its worker stays for a whole test run, and would take what other tests tell theirs.
    redis = RedisServer()
    settings = Settings(data_dir=tmp_path_factory.mktemp("house"), redis_url=redis.url)
    shutil.copy(sqlite_pattern, settings.data_dir / "nianbao.sqlite3")
    if FETCHED.is_dir():
        shutil.copytree(FETCHED, settings.data_dir / "fonts")
    web, engine = WebServer(settings), make_engine(settings)
    worker = _worker(settings)
    _wait_for(worker, engine, settings)
    yield House(engine, f"http://127.0.0.1:{web.port}")
    worker.terminate()
    worker.wait(120)
    engine.dispose()
    web.close()
    redis.close()


@pytest.fixture
def sign_in(house: House, new_context: NewContext) -> Callable[..., Page]:
    """`sign_in(unit)`: a clerk of that unit opens the address and signs in, as the page tells him."""

    def open_one(unit: Unit, **options: Any) -> Page:
        page = new_context(house.origin, **options).new_page()
        page.goto("/")
        page.get_by_label("账号").fill(house.clerk(unit))
        page.get_by_label("密码").fill(PASSWORD)
        page.get_by_role("button", name="登录").click()
        expect(page.get_by_role("heading", level=1)).to_have_text(unit.name)
        return page

    return open_one


def _worker(settings: Settings) -> subprocess.Popen[bytes]:
    given = {f"NIANBAO_{name.upper()}": value for name, value in settings.model_dump(mode="json").items()}
    environment = {name: str(value) for name, value in given.items() if isinstance(value, str)}
    # Should the tests be killed, it must not stay behind.
    command = ["setpriv", "--pdeathsig=TERM", sys.executable, "-m", "service.cli", "worker", "--lane", "preview"]
    with (settings.data_dir / "worker.log").open("wb") as log:
        return subprocess.Popen(command, cwd=PROJECT, env={**os.environ, **environment}, stdout=log, stderr=log)


def _wait_for(worker: subprocess.Popen[bytes], engine: Engine, settings: Settings) -> None:
    """Until it has sat down at its desk; it says in its log why it has not."""
    patience = time.monotonic() + PATIENCE
    while time.monotonic() < patience and worker.poll() is None:
        with reading_scope(engine) as session:
            if session.scalars(select(Worker)).first():
                return
        time.sleep(0.05)
    worker.kill()
    worker.wait()
    raise RuntimeError(f"the worker did not start:\n{(settings.data_dir / 'worker.log').read_text()}")
