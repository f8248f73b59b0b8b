"""Jobs that begin anew because a person asks: one that has failed, or one that is done and whose files are spoilt."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.files import DocumentFiles
from storage.making import documents, jobs
from storage.safekeeping.scan import Found, Trouble, looked_at
from storage.tables import Document, Job

_SPOILT = (Trouble.MISSING, Trouble.DAMAGED)


def make_again(session: Session, files: DocumentFiles, job_id: int, actor: str) -> bool:
    """Let a job begin anew if it has failed, or a file of it is missing or damaged; False when there is no need."""
    if jobs.requeue(session, job_id, actor):
        return True
    job = session.get_one(Job, job_id, populate_existing=True)
    spoilt = [one.storage_key for one in documents.of_job(session, job) if _is_spoilt(files, one)]
    return bool(spoilt) and jobs.requeue_done(session, job, actor, spoilt)


def spoilt_jobs(session: Session, found: Iterable[Found]) -> Sequence[int]:
    """The numbers of the jobs whose files a scan has found missing or damaged."""
    keys = [one.storage_key for one in found if one.trouble in _SPOILT]
    return session.scalars(select(Document.job_id).where(Document.storage_key.in_(keys)).distinct()).all()


def _is_spoilt(files: DocumentFiles, one: Document) -> bool:
    found = looked_at(files, one.storage_key, one.bytes, one.sha256)
    return found is not None and found.trouble in _SPOILT
