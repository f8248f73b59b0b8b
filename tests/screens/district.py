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

from storage.people import accounts, passwords
from storage.people.invitations import invite
from storage.roster.units import add_unit
from storage.session import make_engine, reading_scope, session_scope
from storage.settings import Settings
from storage.tables import Job, JobState, Report, Role, Unit

PROJECT = Path(__file__).parents[2]
_ACTOR, _PASSWORD = "operator:pictures", "four-calm-herons-2025"
_MORE = {"fangzhi": ("顾远", "云溪区地方志编纂委员会办公室"), "shiwu": ("范立新", "云溪区机关事务管理中心")}
_ADDRESS = re.compile(r"http://[\d.]+:\d+")
_LOGIN = re.compile(r"^ {2}(\S+) +(\S+-\d{4}) {2}", re.MULTILINE)


@dataclass(frozen=True)
class Demonstration:
    """Where it is, and who may come in."""

    address: str
    passwords: dict[str, str]
    settings: Settings
    # The secret of an invitation that nobody has used.
    invitation: str

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
            known = dict(_LOGIN.findall(told))
            yield Demonstration(address[0], known | dict.fromkeys(_MORE, _PASSWORD), settings, _more_people(settings))
        finally:
            server.terminate()


def _more_people(settings: Settings) -> str:
    """Clerks whom the demonstration does without, for what only they see; the secret of a new one's invitation."""
    engine, kept = make_engine(settings), passwords.hashed(_PASSWORD)
    with session_scope(engine) as session:
        office = session.scalars(select(Unit).where(Unit.name == "云溪区人民政府办公室")).one()
        add_unit(session, "云溪区地方志编纂委员会办公室", _ACTOR, supervisor=office)
        for login, (person, unit_name) in _MORE.items():
            account = accounts.create_account(session, login, person, _ACTOR, phone="0000-6620077")
            unit = session.scalars(select(Unit).where(Unit.name == unit_name)).one()
            accounts.appoint(session, account, Role.CLERK, unit, _ACTOR)
            passwords.set_password(session, account, kept, _ACTOR)
        secret = invite(session, accounts.create_account(session, "dangan", "苗雨", _ACTOR), _ACTOR)
    engine.dispose()
    return secret


def _read_until(server: subprocess.Popen[str], word: str) -> str:
    told = ""
    assert server.stdout
    for line in server.stdout:
        told += line
        if word in line:
            return told
    raise RuntimeError(f"the demonstration did not start:\n{told}")
