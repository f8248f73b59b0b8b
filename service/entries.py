"""A report as lists and pages show it: its latest answers, the job that makes their documents, and these."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from reports.answers import Answers
from reports.loading import UnknownDefinition
from reports.reading import read_answers
from service.moves import state_in_words
from service.resources import resources
from service.words import State
from storage.filing.reports import ReportLine, find_report, latest_revision, list_reports
from storage.making import documents
from storage.making.jobs import find_job
from storage.tables import TRIAL, Document, Format, Job, JobState, Report, Revision, Unit


@dataclass(frozen=True, slots=True)
class Entry:
    """One report."""

    line: ReportLine
    job: Job
    documents: Sequence[Document]

    @property
    def unfinished(self) -> bool:
        """Whether its documents are still to come, so that looking again is worth while."""
        return self.job.state in (JobState.QUEUED, JobState.RUNNING)

    @property
    def state(self) -> State:
        """Where the report stands, in words."""
        return state_in_words(self.line)

    @property
    def mark(self) -> str:
        """Changes whenever there is something new to show."""
        return f"{self.job.state}-{self.job.fence}-{self.job.fail_count}"

    @property
    def title(self) -> str:
        """The title of the report in full."""
        reference = f"{self.line.definition}/{self.line.edition}"
        try:
            return resources().definitions[reference].heading(self.line.unit, self.line.year)
        except UnknownDefinition:
            # Its definition was taken away after the report came in; the report is still to be listed.
            return f"{self.line.unit} {self.line.year} {reference}"

    def document(self, format: Format) -> Document | None:
        """Its document of one format, when there is one."""
        return next((one for one in self.documents if one.format == format), None)


def entries(session: Session, limit: int, offset: int = 0, units: Select[int] | None = None) -> list[Entry]:
    """Reports, the last handed in first; of these units, or of all."""
    lines = list_reports(session, limit, offset, units)
    wanted = select(Job).where(Job.public_id.in_([line.job_public_id for line in lines]))
    jobs = {job.public_id: job for job in session.scalars(wanted)}
    return [_entry(session, line, jobs[line.job_public_id]) for line in lines]


def entry(session: Session, public_id: str) -> Entry:
    """The report of that id; NotFound when there is none."""
    report = find_report(session, public_id)
    if report is None:
        raise NotFound
    return _newest(session, report)


def entry_of_job(session: Session, job_public_id: str) -> Entry:
    """The report that a job belongs to, shown with that very job; NotFound when there is none."""
    job = find_job(session, job_public_id)
    if job is None:
        raise NotFound
    revision = session.get_one(Revision, job.revision_id)
    return _with(session, session.get_one(Report, revision.report_id), revision, job)


def answers_of(session: Session, public_id: str) -> Answers:
    """The latest answers of a report, read as strictly as when they came in."""
    report = find_report(session, public_id)
    revision = latest_revision(session, report) if report else None
    if revision is None:
        raise NotFound
    return read_answers(revision.answers.encode(), resources().definitions)


def _newest(session: Session, report: Report) -> Entry:
    revision = latest_revision(session, report)
    if revision is None:
        raise NotFound
    jobs = select(Job).where(Job.revision_id == revision.id, Job.format != TRIAL)
    return _with(session, report, revision, session.scalars(jobs.order_by(Job.id.desc()).limit(1)).one())


def _with(session: Session, report: Report, revision: Revision, job: Job) -> Entry:
    line = ReportLine(
        public_id=report.public_id,
        unit=session.get_one(Unit, report.unit_id).name,
        definition=report.definition,
        edition=report.edition,
        year=report.year,
        state=report.state,
        revision=revision.number,
        submitted_at=revision.created_at,
        submitted_by=revision.created_by,
        job_public_id=job.public_id,
        job_state=job.state,
    )
    return _entry(session, line, job)


def _entry(session: Session, line: ReportLine, job: Job) -> Entry:
    made = documents.of_job(session, job) if job.state is JobState.DONE else ()
    return Entry(line, job, made)
