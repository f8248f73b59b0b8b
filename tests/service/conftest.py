"""An office open to the public: its application, people who have signed in, a program with a key, strangers."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import Engine, func, or_, select

from service import create_app
from service.resources import Resources
from storage.files import DocumentFiles
from storage.making import documents, jobs
from storage.making.jobs import Claim, Failure
from storage.people.keys import create_key
from storage.people.policy import Person
from storage.session import reading_scope, session_scope
from storage.settings import Settings
from storage.tables import AuditEvent, Format, Job, Report, Revision, Role, Unit
from tests.people import ARCHIVES, LANJIANG, MARKET
from tests.service.visitors import Browser, Program
from tests.units import OFFICE, County, county, person_with

SYSTEM = "教育局系统"
PDF = b"%PDF-1.6 the report, as far as these tests look"
WORD = b"PK the report, as far as these tests look"


@dataclass(frozen=True)
class Office:
    """The web of one office, and its back rooms."""

    app: Flask
    settings: Settings
    key: str
    units: County

    @property
    def engine(self) -> Engine:
        resources: Resources = self.app.extensions["nianbao"]
        return resources.engine

    def kept(self) -> dict[str, int]:
        """How much there is of everything a report leaves behind."""
        with reading_scope(self.engine) as session:
            counted = {
                table.__tablename__: session.scalars(select(func.count()).select_from(table)).one()
                for table in (Report, Revision, Job)
            }
            # Beside those that were there before anybody came, and sent nothing.
            used = or_(Unit.id.in_(select(Report.unit_id)), Unit.name.not_in([OFFICE, ARCHIVES, MARKET, LANJIANG]))
            counted["unit"] = session.scalars(select(func.count()).select_from(Unit).where(used)).one()
            handed_in = select(func.count()).where(AuditEvent.action == "report.send")
            return counted | {"audit": session.scalars(handed_in).one()}

    def person(self, login: str, *appointments: tuple[Role, Unit | None]) -> Person:
        """Somebody with these appointments."""
        with session_scope(self.engine) as session:
            return person_with(session, login, *appointments)

    def visitor(self, login: str, *appointments: tuple[Role, Unit | None]) -> Browser:
        """Somebody with these appointments, signed in."""
        return Browser(self.app.test_client()).enter(self.engine, self.person(login, *appointments))

    def claim(self, public_id: str) -> Claim:
        """A worker takes a job."""
        with session_scope(self.engine) as session:
            job = jobs.find_job(session, public_id)
            assert job is not None
            claim = jobs.claim(session, job.id, "worker-1")
        assert claim is not None
        return claim

    def make(self, public_id: str, pdf: bytes = PDF, word: bytes = WORD) -> None:
        """A worker makes the documents of a job."""
        claim = self.claim(public_id)
        made = {
            Format.PDF: self.settings.data_dir / "made.pdf",
            Format.DOCX: self.settings.data_dir / "made.docx",
        }
        made[Format.PDF].write_bytes(pdf)
        made[Format.DOCX].write_bytes(word)
        kept = DocumentFiles(self.settings).keep(list(made.values()), claim.job_id, claim.fence)
        rows = [documents.document(claim, format, file, pages=8) for format, file in zip(made, kept, strict=True)]
        with session_scope(self.engine) as session:
            assert jobs.finish(session, claim, rows)

    def fail(self, public_id: str, for_person: str, *, retry: bool = False) -> None:
        """A worker cannot make the documents of a job."""
        failure = Failure("conversion_timeout", for_person, "soffice was silent for 120 s", retry)
        claim = self.claim(public_id)
        with session_scope(self.engine) as session:
            jobs.fail(session, claim, failure, (60,) if retry else ())


@pytest.fixture
def office(settings: Settings) -> Iterator[Office]:
    """An office with SQLite, the units of 临溪县, a key in force, and no Redis."""
    app = create_app(settings)
    resources: Resources = app.extensions["nianbao"]
    with session_scope(resources.engine) as session:
        key = create_key(session, SYSTEM, "operator:李明")
        units = county(session)
    yield Office(app, settings, key, units)
    resources.engine.dispose()


@pytest.fixture
def stranger(office: Office) -> Browser:
    """Somebody with a browser and no account."""
    return Browser(office.app.test_client())


@pytest.fixture
def clerk(office: Office) -> Browser:
    """Who fills in the report of 临溪县市场监督管理局."""
    return office.visitor("wangfang", (Role.CLERK, office.units.market))


@pytest.fixture
def head(office: Office) -> Browser:
    """Who signs for 临溪县市场监督管理局."""
    return office.visitor("zhouping", (Role.HEAD, office.units.market))


@pytest.fixture
def reviewer(office: Office) -> Browser:
    """Who reviews what the units of 临溪县 send in."""
    return office.visitor("limin", (Role.REVIEWER, office.units.office))


@pytest.fixture
def administrator(office: Office) -> Browser:
    """Who has the duty of accounts."""
    return office.visitor("zhaoqiang", (Role.SECURITY, None))


@pytest.fixture
def program(office: Office) -> Program:
    """A program that shows the key with every request."""
    return Program(office.app.test_client(), office.key)
