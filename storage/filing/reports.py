"""Reports, and what counts of each: the last submission that was not withdrawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased

from reports.definition import Definition
from reports.states import ReportState
from storage.session import find_or_add
from storage.tables import TRIAL, Job, JobState, Report, Revision, Submission, Unit


@dataclass(frozen=True, slots=True)
class ReportLine:
    """A report as a list shows it: its latest submission, and the latest job of that."""

    public_id: str
    unit: str
    definition: str
    edition: str
    year: int
    state: ReportState
    revision: int
    submitted_at: datetime
    submitted_by: str
    job_public_id: str
    job_state: JobState


def report_for(session: Session, unit: Unit, definition: Definition, year: int) -> Report:
    """The report of a unit for a year, begun now if there is none; its row is locked to the end of the transaction."""
    key = {"unit_id": unit.id, "definition": definition.id, "edition": definition.edition, "year": year}
    # Locked, so that two who submit at once are numbered one after the other.
    wanted = select(Report).filter_by(**key).with_for_update(key_share=True)
    return find_or_add(session, wanted, Report(**key, state=ReportState.DRAFT))


def lock(session: Session, report: Report) -> Report:
    """The report as it stands now, and nobody else's to change until this transaction ends."""
    wanted = select(Report).where(Report.id == report.id).with_for_update(key_share=True)
    return session.scalars(wanted.execution_options(populate_existing=True)).one()


def latest_submission(session: Session, report: Report) -> Submission | None:
    """The submission that counts: the last, unless it was withdrawn."""
    last = select(Submission).where(Submission.report_id == report.id).order_by(Submission.number.desc()).limit(1)
    found = session.scalar(last)
    return found if found and found.withdrawn_at is None else None


def find_report(session: Session, public_id: str) -> Report | None:
    """The report of that public id."""
    return session.scalar(select(Report).where(Report.public_id == public_id))


def latest_revision(session: Session, report: Report) -> Revision | None:
    """The answers that count: those last sent in and not withdrawn."""
    standing = latest_submission(session, report)
    return session.get_one(Revision, standing.revision_id) if standing else None


def answers_of(session: Session, revision_id: int) -> bytes:
    """The answers of a revision, in the form they came in."""
    return session.get_one(Revision, revision_id).answers.encode()


def answers_of_last_year(session: Session, unit_id: int, definition: str, year: int) -> bytes | None:
    """What a unit, or else the unit whose duties it took over, last sent in for the year before `year`.

    None when neither of them, nor any before them, has sent anything in here.
    """
    asked: set[int] = set()
    one: int | None = unit_id
    while one is not None and one not in asked:
        if (said := _said_by(session, one, definition, year - 1)) is not None:
            return said.encode()
        asked.add(one)
        one = session.scalar(select(Unit.predecessor_id).where(Unit.id == one))
    return None


def _said_by(session: Session, unit_id: int, definition: str, year: int) -> str | None:
    said = (
        select(Revision.answers)
        .join(Submission, Submission.revision_id == Revision.id)
        .join(Report, Report.id == Revision.report_id)
        .where(Report.unit_id == unit_id, Report.definition == definition, Report.year == year)
        .where(Submission.withdrawn_at.is_(None))
        .order_by(Submission.id.desc())
    )
    return session.scalar(said.limit(1))


def list_reports(
    session: Session, limit: int = 100, offset: int = 0, units: Select[int] | None = None
) -> Sequence[ReportLine]:
    """Reports that were sent in, the last first; of these units, or of all."""
    other_submission, other_job = aliased(Submission), aliased(Job)
    latest = select(func.max(other_submission.id)).where(other_submission.report_id == Report.id).scalar_subquery()
    of_revision = select(func.max(other_job.id)).where(other_job.revision_id == Revision.id)
    last_job = of_revision.where(other_job.format != TRIAL).scalar_subquery()
    lines = (
        select(
            Report.public_id,
            Unit.name,
            Report.definition,
            Report.edition,
            Report.year,
            Report.state,
            Revision.number,
            Submission.made_at,
            Submission.made_by,
            Job.public_id,
            Job.state,
        )
        .join(Unit, Unit.id == Report.unit_id)
        .join(Submission, Submission.id == latest)
        .join(Revision, Revision.id == Submission.revision_id)
        .join(Job, Job.id == last_job)
        .where(Submission.withdrawn_at.is_(None))
        .order_by(Submission.made_at.desc(), Submission.id.desc())
        .limit(limit)
        .offset(offset)
    )
    if units is not None:
        lines = lines.where(Report.unit_id.in_(units))
    return [ReportLine(*row) for row in session.execute(lines)]
