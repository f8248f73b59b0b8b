"""Reports that an office has opened to everybody, with files that can be downloaded."""

from typing import Any

from sqlalchemy import select

from reports.reading import read_answers
from reports.states import Move
from storage.filing import steps
from storage.filing.submissions import submit
from storage.publishing import publications
from storage.session import reading_scope, session_scope
from storage.tables import Lane, Publication, Report
from tests.orders import CLERK, RECIPE
from tests.people import DEFINITIONS, as_json, ordinary_report
from tests.service.conftest import Office

REVIEWER = "account:limin"


def sent(office: Office, document: dict[str, Any] | None = None, **files: bytes) -> str:
    """A report lies with the office, its files are made; its id."""
    answers = read_answers(as_json(document or ordinary_report()), DEFINITIONS)
    with session_scope(office.engine) as session:
        made = submit(session, answers, CLERK, RECIPE, Lane.BATCH)
        job, report = made.job.public_id, made.report.public_id
    office.make(job, **files)
    return report


def approved(office: Office, document: dict[str, Any] | None = None, **files: bytes) -> str:
    """A report is approved; its id."""
    public_id = sent(office, document, **files)
    moved(office, public_id, Move.APPROVE)
    return public_id


def opened(office: Office, document: dict[str, Any] | None = None, correction: str = "", **files: bytes) -> str:
    """A report is open to everybody; its id."""
    public_id = approved(office, document, **files)
    with session_scope(office.engine) as session:
        publications.publish(session, report_of(session, public_id), REVIEWER, correction)
    return public_id


def corrected(office: Office, document: dict[str, Any], said: str, **files: bytes) -> str:
    """A published report is found wrong and published anew with a word on it; its id."""
    with reading_scope(office.engine) as session:
        public_id = session.scalars(select(Report.public_id).where(Report.year == document["year"])).one()
    moved(office, public_id, Move.REOPEN)
    return opened(office, document, said, **files)


def closed(office: Office, public_id: str, because: str, number: int | None = None) -> None:
    """A version of a report is withdrawn, or its last."""
    with session_scope(office.engine) as session:
        every = publications.versions_of(session, [report_of(session, public_id).id])
        [versions] = every.values()
        publication = next(one for one in reversed(versions) if number in (None, one.number))
        publications.withdraw(session, session.get_one(Publication, publication.id), REVIEWER, because)


def moved(office: Office, public_id: str, move: Move) -> None:
    with session_scope(office.engine) as session:
        steps.take(session, report_of(session, public_id), move, REVIEWER)


def report_of(session: Any, public_id: str) -> Report:
    found: Report = session.scalars(select(Report).where(Report.public_id == public_id)).one()
    return found
