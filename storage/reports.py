"""Reports and their revisions: taken in once, however often the same answers are sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from reports.answers import Answers
from storage import audit, jobs
from storage.jobs import Recipe
from storage.session import find_or_add
from storage.tables import Job, JobState, Lane, Report, ReportState, Revision, Unit


@dataclass(frozen=True, slots=True)
class Submission:
    """What became of submitted answers; not `is_new` when the same were there already."""

    report: Report
    revision: Revision
    job: Job
    is_new: bool


@dataclass(frozen=True, slots=True)
class ReportLine:
    """A report as a list shows it: its latest revision, and that revision's latest job."""

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


def submit(session: Session, answers: Answers, actor: str, recipe: Recipe, lane: Lane = Lane.PREVIEW) -> Submission:
    """Keep answers and order their documents, in one transaction; the same answers again find what is there."""
    report = _report(session, answers)
    latest = latest_revision(session, report)
    if latest is not None and _says_the_same(latest, answers):
        return Submission(report, latest, jobs.order(session, latest, recipe, lane), is_new=False)
    revision = _next_revision(report, latest, answers, actor)
    session.add(revision)
    session.flush()
    job = jobs.order(session, revision, recipe, lane)
    report.state = ReportState.SUBMITTED
    audit.record(
        session,
        actor,
        "report.submitted",
        f"report:{report.public_id}",
        revision=revision.number,
        sha256=revision.sha256,
    )
    return Submission(report, revision, job, is_new=True)


def find_report(session: Session, public_id: str) -> Report | None:
    """The report of that public id."""
    return session.scalar(select(Report).where(Report.public_id == public_id))


def latest_revision(session: Session, report: Report) -> Revision | None:
    """The answers that count."""
    newest_first = select(Revision).where(Revision.report_id == report.id).order_by(Revision.number.desc())
    return session.scalar(newest_first.limit(1))


def answers_of(session: Session, revision_id: int) -> bytes:
    """The answers of a revision, in the form they came in."""
    return session.get_one(Revision, revision_id).answers.encode()


def answers_of_last_year(session: Session, answers: Answers) -> bytes | None:
    """What the same unit last said in its report of the year before; None when there is none here."""
    said = (
        select(Revision.answers)
        .join(Report, Report.id == Revision.report_id)
        .join(Unit, Unit.id == Report.unit_id)
        .where(Unit.name == answers.unit.name, Report.definition == answers.definition.id)
        .where(Report.year == answers.year - 1)
        .order_by(Revision.id.desc())
    )
    found = session.scalar(said.limit(1))
    return None if found is None else found.encode()


def list_reports(session: Session, limit: int = 100, offset: int = 0) -> Sequence[ReportLine]:
    """Reports, the last submitted first."""
    other_revision, other_job = aliased(Revision), aliased(Job)
    latest = select(func.max(other_revision.id)).where(other_revision.report_id == Report.id).scalar_subquery()
    last_job = select(func.max(other_job.id)).where(other_job.revision_id == Revision.id).scalar_subquery()
    lines = (
        select(
            Report.public_id,
            Unit.name,
            Report.definition,
            Report.edition,
            Report.year,
            Report.state,
            Revision.number,
            Revision.created_at,
            Revision.created_by,
            Job.public_id,
            Job.state,
        )
        .join(Unit, Unit.id == Report.unit_id)
        .join(Revision, Revision.id == latest)
        .join(Job, Job.id == last_job)
        .order_by(Revision.id.desc())
        .limit(limit)
        .offset(offset)
    )
    return [ReportLine(*row) for row in session.execute(lines)]


def _report(session: Session, answers: Answers) -> Report:
    name = answers.unit.name
    unit = find_or_add(session, select(Unit).where(Unit.name == name), Unit(name=name))
    key = {
        "unit_id": unit.id,
        "definition": answers.definition.id,
        "edition": answers.definition.edition,
        "year": answers.year,
    }
    # Locked, so that two who submit at once are numbered one after the other.
    wanted = select(Report).filter_by(**key).with_for_update(key_share=True)
    return find_or_add(session, wanted, Report(**key, state=ReportState.SUBMITTED))


def _says_the_same(revision: Revision, answers: Answers) -> bool:
    return revision.sha256 == answers.digest


def _next_revision(report: Report, latest: Revision | None, answers: Answers, actor: str) -> Revision:
    return Revision(
        report_id=report.id,
        number=1 if latest is None else latest.number + 1,
        answers=answers.to_json().decode(),
        sha256=answers.digest,
        created_by=actor,
    )
