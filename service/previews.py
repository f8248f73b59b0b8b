"""What the preview shows: the documents of what is filled in now or, while these are made, the last there were."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from service.drafts import Draft
from service.language import _
from service.page_images import Bookmark
from service.resources import resources
from service.words import FORMATS
from storage.making import documents
from storage.tables import TRIAL, Document, Format, Job, JobState, Lane, Report, Revision


@dataclass(frozen=True, slots=True)
class Shown:
    """The documents of one revision."""

    revision: Revision
    job: Job
    pdf: Document
    docx: Document | None

    @property
    def pages(self) -> range:
        """The numbers of its pages."""
        return range(1, self.pdf.pages + 1)

    @property
    def seconds(self) -> str:
        """How long it was made, to a tenth."""
        if self.job.claimed_at is None or self.job.finished_at is None:
            return "0"
        return f"{(self.job.finished_at - self.job.claimed_at).total_seconds():.1f}"

    @property
    def address(self) -> str:
        """What addresses of its pages start with; never the same for other contents."""
        return f"{self.job.public_id}.{Format.PDF.value}"


@dataclass(frozen=True, slots=True)
class Preview:
    """How far the documents of what is filled in are: `job` makes these, `shown` are the last that are done."""

    job: Job | None
    shown: Shown | None

    @property
    def waiting(self) -> bool:
        """Whether documents are being made, so that looking again is worth while."""
        under_way = self.job is not None and self.job.state in (JobState.QUEUED, JobState.RUNNING)
        return under_way and not self.stale

    @property
    def failed(self) -> bool:
        """Whether they could not be made."""
        return self.job is not None and self.job.state is JobState.FAILED

    @property
    def stale(self) -> bool:
        """Whether nobody waits yet for documents of what is filled in now; a batch may be long in coming to it."""
        if self.job is None or self.job.state is JobState.CANCELLED:
            return True
        return self.job.state is JobState.QUEUED and self.job.lane is Lane.BATCH

    @property
    def current(self) -> bool:
        """Whether what is shown is what is filled in."""
        return self.shown is not None and self.job is not None and self.shown.job.id == self.job.id

    @property
    def mark(self) -> str:
        """Changes whenever there is something new to show."""
        if self.job is None:
            return "none"
        return f"{self.job.public_id}-{self.job.state}-{self.job.lane}-{self.job.fence}-{self.job.fail_count}"


def preview_of(session: Session, draft: Draft) -> Preview:
    """How far the documents of a draft are."""
    job = _job_of(session, draft)
    done = session.scalars(_jobs(draft.report).where(Job.state == JobState.DONE).order_by(Job.finished_at.desc()))
    last = job if job is not None and job.state is JobState.DONE else done.first()
    return Preview(job, shown(session, last) if last else None)


def shown(session: Session, job: Job) -> Shown | None:
    """The documents of a job that is done."""
    made = {document.format: document for document in documents.of_job(session, job)}
    if Format.PDF not in made:
        return None
    return Shown(session.get_one(Revision, job.revision_id), job, made[Format.PDF], made.get(Format.DOCX))


@dataclass(frozen=True, slots=True)
class Download:
    """A document to download: how its address names it, and what kind of file it is."""

    address: str
    word: str


def downloads(session: Session, revision: Revision) -> Sequence[Download]:
    """The documents of a revision, as far as they are made."""
    done = select(Job).where(Job.revision_id == revision.id, Job.state == JobState.DONE, Job.format != TRIAL)
    job = session.scalars(done.order_by(Job.id.desc()).limit(1)).first()
    made = {document.format for document in documents.of_job(session, job)} if job else set()
    return [Download(f"{job.public_id}.{one.value}", word) for one, word in FORMATS.items() if job and one in made]


def headings(draft: Draft, shown: Shown) -> tuple[tuple[str, Bookmark], ...]:
    """The sections of a report, each with the page on which it begins."""
    pdf, files = shown.pdf, resources().files
    found = resources().pages.bookmarks(lambda: files.open(pdf.storage_key, pdf.bytes, pdf.sha256))
    keys = {section.heading: section.key for section in draft.definition.sections}
    return tuple((keys[one.title], one) for one in found if one.title in keys)


def fonts_in_words(document: Document) -> Sequence[str]:
    """Which fonts stood in for others, and for which characters, a sentence each; nothing where nobody noted it."""
    told = []
    for face in json.loads(document.typefaces or "[]"):
        if face["stand_in"]:
            told.append(_("{wanted} 由 {drawn} 代绘").format(wanted=face["declared"], drawn=face["drawn_with"]))
        for drawn, characters in face["fallback"].items():
            sentence = _("{wanted} 缺“{characters}”，由 {drawn} 补绘")
            told.append(sentence.format(wanted=face["declared"], characters=characters, drawn=drawn))
    return told


def _job_of(session: Session, draft: Draft) -> Job | None:
    same = _jobs(draft.report).where(Revision.sha256 == draft.answers.digest)
    return session.scalars(same.order_by(Job.id.desc()).limit(1)).first()


def _jobs(report: Report) -> Select[tuple[Job]]:
    of_report = select(Job).join(Revision, Revision.id == Job.revision_id).where(Revision.report_id == report.id)
    return of_report.where(Job.format != TRIAL)
