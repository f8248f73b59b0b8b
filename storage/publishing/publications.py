"""Publishing: an approved revision and its documents, open to everybody; corrected by a successor, or withdrawn.

What is public is what was approved: a publication names the revision, which nothing can change, and the job that made
its documents. Once published, an address never leads to anything else: at worst to the notice that it was withdrawn.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sqlalchemy import and_, exists, func, select, update
from sqlalchemy.orm import Session, aliased

from reports.states import ReportState
from reports.wording import N_
from storage import audit
from storage.clock import now
from storage.filing.reports import latest_submission, lock
from storage.session import rows_changed
from storage.tables import Document, Format, Job, JobState, Publication, Report, Revision

# What everybody can read and download; a batch may have made only one of the two.
FORMATS: Final = frozenset({Format.PDF, Format.DOCX})


class Refusal(StrEnum):
    """Why something is not published, or not withdrawn."""

    NOT_APPROVED = "not_approved"
    NO_DOCUMENTS = "no_documents"
    ALREADY = "already_published"
    CORRECTION = "correction_missing"
    REASON = "reason_missing"
    WITHDRAWN = "already_withdrawn"
    NEVER = "not_published"


WORDS: Final = {
    Refusal.NOT_APPROVED: N_("还没有审核通过，不能公布。"),
    Refusal.NO_DOCUMENTS: N_("通过的这一版还没有做好 Word 和 PDF，不能公布；请先在“批次”里生成。"),
    Refusal.ALREADY: N_("通过的这一版已经公布。"),
    Refusal.CORRECTION: N_("此前公布过另一版；请写明更正了什么，再公布更正后的一版。"),
    Refusal.REASON: N_("请写明撤下的原因，公众会在原来的地址看到。"),
    Refusal.WITHDRAWN: N_("这一版已经撤下。"),
    Refusal.NEVER: N_("这份报告没有公布过，不需要撤下。"),
}


class PublicationRefused(Exception):
    """A report cannot be published, or a publication not be withdrawn; nothing has changed."""

    code = "publication_refused"

    def __init__(self, why: Refusal) -> None:
        self.why = why
        self.for_person = WORDS[why]
        super().__init__(why.value)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one report that was to be published: a publication, or the reason why there is none."""

    report: Report
    publication: Publication | None = None
    refusal: Refusal | None = None


def publish(session: Session, report: Report, actor: str, correction: str = "") -> Publication:
    """Open an approved report to everybody; PublicationRefused says why not.

    After another version was published, `correction` says what is corrected; the older one stays readable beside it.
    """
    publication = _published(session, lock(session, report), actor, correction)
    _record(session, report, publication, actor)
    return publication


def publish_many(session: Session, reports: Iterable[Report], actor: str) -> Sequence[Outcome]:
    """Open to everybody whatever of these can be, each whole or not at all; the others are named with the reason.

    Locks them all to the end of the transaction: let them be few at a time.
    """
    # In one order, so that two who publish at once wait for each other instead of both.
    outcomes = [_tried(session, lock(session, one), actor) for one in sorted(reports, key=lambda one: one.id)]
    for outcome in outcomes:
        if outcome.publication:
            _record(session, outcome.report, outcome.publication, actor)
    return outcomes


def withdraw(session: Session, publication: Publication, actor: str, because: str) -> int:
    """Close a publication and all that it corrected, how many: their addresses show the reason and nothing else."""
    because = because.strip()
    if not because:
        raise PublicationRefused(Refusal.REASON)
    report = lock(session, session.get_one(Report, publication.report_id))
    if session.scalars(select(Publication.withdrawn_at).where(Publication.id == publication.id)).one() is not None:
        raise PublicationRefused(Refusal.WITHDRAWN)
    open_still = update(Publication).where(
        Publication.report_id == report.id,
        Publication.number <= publication.number,
        Publication.withdrawn_at.is_(None),
    )
    closed = rows_changed(session, open_still.values(withdrawn_at=now(), withdrawn_because=because))
    session.refresh(publication, ["withdrawn_at", "withdrawn_because"])
    told = {"number": publication.number, "closed": closed, "because": because}
    audit.record(session, actor, "report.unpublished", f"report:{report.public_id}", **told)
    return closed


def find_publication(session: Session, public_id: str) -> Publication | None:
    """The publication of that public id."""
    return session.scalar(select(Publication).where(Publication.public_id == public_id))


def versions_of(session: Session, report_ids: Iterable[int]) -> dict[int, list[Publication]]:
    """Every publication of these reports that was ever made, the first first."""
    found: dict[int, list[Publication]] = {}
    wanted = select(Publication).where(Publication.report_id.in_(list(report_ids)))
    for one in session.scalars(wanted.order_by(Publication.report_id, Publication.number)):
        found.setdefault(one.report_id, []).append(one)
    return found


def revisions_with_documents(session: Session, revision_ids: Iterable[int]) -> frozenset[int]:
    """Which of these revisions have both documents, so that they could be published."""
    made = (
        select(Job.revision_id)
        .join(Document, and_(Document.job_id == Job.id, Document.fence == Job.fence))
        .where(Job.revision_id.in_(list(revision_ids)), Job.state == JobState.DONE)
        .group_by(Job.id, Job.revision_id)
        .having(func.count(Document.format.distinct()) == len(FORMATS))
    )
    return frozenset(session.scalars(made))


def is_anything_public(session: Session) -> bool:
    """Whether there is anything that everybody may read."""
    return bool(session.scalar(select(exists().where(Publication.withdrawn_at.is_(None)))))


def _tried(session: Session, report: Report, actor: str) -> Outcome:
    try:
        return Outcome(report, _published(session, report, actor, ""))
    except PublicationRefused as error:
        return Outcome(report, refusal=error.why)


def _published(session: Session, report: Report, actor: str, correction: str) -> Publication:
    """The next publication of a locked report."""
    standing = latest_submission(session, report)
    if report.state is not ReportState.APPROVED or standing is None:
        raise PublicationRefused(Refusal.NOT_APPROVED)
    last = _last(session, report)
    if last and last.revision_id == standing.revision_id and last.withdrawn_at is None:
        raise PublicationRefused(Refusal.ALREADY)
    if last and not correction.strip():
        raise PublicationRefused(Refusal.CORRECTION)
    job = _job_with_documents(session, standing.revision_id)
    if job is None:
        raise PublicationRefused(Refusal.NO_DOCUMENTS)
    publication = Publication(
        report_id=report.id,
        revision_id=standing.revision_id,
        job_id=job,
        number=last.number + 1 if last else 1,
        published_by=actor,
        correction=correction.strip() if last else "",
        withdrawn_because="",
    )
    session.add(publication)
    session.flush()
    return publication


def _last(session: Session, report: Report) -> Publication | None:
    later = aliased(Publication)
    beyond = exists().where(later.report_id == Publication.report_id, later.number > Publication.number)
    return session.scalar(select(Publication).where(Publication.report_id == report.id, ~beyond))


def _job_with_documents(session: Session, revision_id: int) -> int | None:
    """The newest job that is done and has made both documents of exactly this revision."""
    made = (
        select(Job.id)
        .join(Document, and_(Document.job_id == Job.id, Document.fence == Job.fence))
        .where(Job.revision_id == revision_id, Job.state == JobState.DONE)
        .group_by(Job.id)
        .having(func.count(Document.format.distinct()) == len(FORMATS))
    )
    return session.scalar(made.order_by(Job.id.desc()).limit(1))


def _record(session: Session, report: Report, publication: Publication, actor: str) -> None:
    revision = session.get_one(Revision, publication.revision_id)
    told = {"number": publication.number, "revision": revision.number, "sha256": revision.sha256}
    if publication.correction:
        told["correction"] = publication.correction
    audit.record(session, actor, "report.published", f"report:{report.public_id}", **told)
