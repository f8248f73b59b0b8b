"""Reports on their way to the public, as tests want them: sent in, approved, with documents, published."""

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from reports.answers import Answers
from reports.states import Move
from storage.files import Kept
from storage.filing import steps
from storage.filing.submissions import submit
from storage.making import documents, jobs
from storage.publishing import publications
from storage.session import session_scope
from storage.tables import Format, Job, Lane, Publication, Report, Submission, Unit
from tests.orders import CLERK, RECIPE, answers_of

REVIEWER = "account:limin"


def sent(session: Session, answers: Answers | None = None) -> Report:
    """A report lies with the supervising office; without answers, that of 临溪县档案局."""
    return submit(session, answers or answers_of(), CLERK, RECIPE, Lane.BATCH).report


def made(session: Session, report: Report, *formats: Format) -> None:
    """The documents of what was last sent in are there, on paper; of these formats, or of both."""
    claim = jobs.claim(session, _job(session, report), "worker")
    if claim is None:
        return
    kept = {
        format: Kept(f"job-{claim.job_id}-fence-{claim.fence}.{format}", "0" * 64, 9) for format in formats or Format
    }
    assert jobs.finish(session, claim, [documents.document(claim, *one, pages=8) for one in kept.items()])


def approved(session: Session, answers: Answers | None = None) -> Report:
    """A report is approved, and its documents are made."""
    report = sent(session, answers)
    made(session, report)
    steps.take(session, report, Move.APPROVE, REVIEWER)
    return report


def published(session: Session, answers: Answers | None = None) -> Publication:
    """A report is open to everybody."""
    return publications.publish(session, approved(session, answers), REVIEWER)


def corrected(engine: Engine, answers: Answers, said: str) -> Publication:
    """A report is published, found wrong, sent in anew, and published again with a word on what was corrected."""
    with session_scope(engine) as session:
        report = _of(session, answers)
        steps.take(session, report, Move.REOPEN, REVIEWER, remark="请更正")
        approved(session, answers)
        return publications.publish(session, report, REVIEWER, said)


def _of(session: Session, answers: Answers) -> Report:
    wanted = select(Report).join(Unit).where(Unit.name == answers.unit.name, Report.year == answers.year)
    return session.scalars(wanted).one()


def _job(session: Session, report: Report) -> int:
    of_report = select(Job.id).join(Submission, Submission.revision_id == Job.revision_id)
    of_report = of_report.where(Submission.report_id == report.id)
    return session.scalars(of_report.order_by(Submission.number.desc(), Job.id.desc()).limit(1)).one()
