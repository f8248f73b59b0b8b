"""Produced documents: visible while their job is done under the fence that made them."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Select, and_, select
from sqlalchemy.orm import Session

from storage.files import Kept
from storage.making.jobs import Claim
from storage.tables import TRIAL, Document, Format, Job, JobState


def document(
    claim: Claim,
    format: Format,
    kept: Kept,
    pages: int,
    content_sha256: str | None = None,
    typefaces: str | None = None,
) -> Document:
    """The row that stands for a kept file, to be handed to `jobs.finish`."""
    return Document(
        job_id=claim.job_id,
        fence=claim.fence,
        format=format,
        sha256=kept.sha256,
        bytes=kept.size,
        pages=pages,
        storage_key=kept.storage_key,
        content_sha256=content_sha256,
        typefaces=typefaces,
    )


def of_job(session: Session, job: Job) -> Sequence[Document]:
    """What a job has produced so far: nothing, or everything."""
    return session.scalars(_visible().where(Job.id == job.id).order_by(Document.id)).all()


def find_document(session: Session, job_public_id: str, format: Format) -> Document | None:
    """The document of one format that a job has produced."""
    return session.scalar(_visible().where(Job.public_id == job_public_id, Document.format == format))


def of_jobs(session: Session, job_ids: Collection[int]) -> Mapping[int, Sequence[Document]]:
    """The documents of each of these jobs that is done."""
    made: dict[int, list[Document]] = defaultdict(list)
    for document in session.scalars(_visible().where(Job.id.in_(list(job_ids))).order_by(Document.id)):
        made[document.job_id].append(document)
    return made


def of_revisions(session: Session, revision_ids: Collection[int]) -> Mapping[int, Sequence[Document]]:
    """The documents of the newest job that is done, for each of these revisions that has any; trials do not count."""
    made: dict[int, dict[int, list[Document]]] = defaultdict(lambda: defaultdict(list))
    visible = _visible().add_columns(Job.revision_id).where(Job.revision_id.in_(list(revision_ids)))
    visible = visible.where(Job.format != TRIAL)
    for document, revision_id in session.execute(visible.order_by(Document.id)):
        made[revision_id][document.job_id].append(document)
    return {revision_id: by_job[max(by_job)] for revision_id, by_job in made.items()}


def _visible() -> Select[Document]:
    same = and_(Job.id == Document.job_id, Job.fence == Document.fence)
    return select(Document).join(Job, same).where(Job.state == JobState.DONE)
