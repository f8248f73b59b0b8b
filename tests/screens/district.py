"""The demonstration as it is started for real, for as long as pictures are taken."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select

from storage.session import make_engine, reading_scope
from storage.settings import Settings
from storage.tables import Job, JobState, Report, Unit

PROJECT = Path(__file__).parents[2]
_ADDRESS = re.compile(r"http://[\d.]+:\d+")
_LOGIN = re.compile(r"^ {2}(\S+) +(\S+-\d{4}) {2}", re.MULTILINE)


@dataclass(frozen=True)
class Demonstration:
    """Where it is, and who may come in."""

    address: str
    passwords: dict[str, str]
    settings: Settings

    def report(self, unit: str, years_ago: int = 0) -> str:
        """The public id of a unit's report: of this year, or of one before."""
        engine = make_engine(self.settings)
        with reading_scope(engine) as session:
            latest = session.scalars(select(func.max(Report.year))).one()
            wanted = select(Report.public_id).join(Unit).where(Unit.name == unit, Report.year == latest - years_ago)
            found = session.scalars(wanted).one()
        engine.dispose()
        return found

    def is_idle(self) -> bool:
        """Whether all documents that were ordered are made."""
        engine = make_engine(self.settings)
        with reading_scope(engine) as session:
            open_jobs = select(func.count()).where(Job.state.in_((JobState.QUEUED, JobState.RUNNING)))
            left = session.scalars(open_jobs.select_from(Job)).one()
        engine.dispose()
        return left == 0


@contextmanager
def demonstration(folder: Path) -> Iterator[Demonstration]:
    """`nianbao up --demo` in a folder of its own."""
    settings = Settings(data_dir=folder)
    command = ["setpriv", "--pdeathsig=TERM", sys.executable, "-m", "service.cli", "up", "--demo"]
    environment = {**os.environ, "NIANBAO_DATA_DIR": str(folder), "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, env=environment, cwd=PROJECT, stdout=subprocess.PIPE, text=True) as server:
        try:
            told = _read_until(server, "审计员")
            address = _ADDRESS.search(told)
            assert address, told
            yield Demonstration(address[0], dict(_LOGIN.findall(told)), settings)
        finally:
            server.terminate()


def _read_until(server: subprocess.Popen[str], word: str) -> str:
    told = ""
    assert server.stdout
    for line in server.stdout:
        told += line
        if word in line:
            return told
    raise RuntimeError(f"the demonstration did not start:\n{told}")
