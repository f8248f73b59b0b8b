"""Jobs: claimed by one UPDATE that raises a fence, settled by one that checks it.

Any row count but one means that somebody else has it.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, delete, or_, select, update
from sqlalchemy.orm import Session

from storage import audit
from storage.clock import now, seconds_from_now
from storage.making.losses import current_lane
from storage.session import find_or_add, rows_changed
from storage.tables import Document, Job, JobState, Lane, Revision

BOTH_FORMATS = "docx+pdf"
AGAIN = "稍后会自动重试。"


@dataclass(frozen=True, slots=True)
class Recipe:
    """What makes equal answers into equal documents."""

    template_version: str
    renderer_version: str
    format: str = BOTH_FORMATS

    @property
    def key(self) -> dict[str, str]:
        """What of a job's unique key is not its revision."""
        return {
            "template_version": self.template_version,
            "renderer_version": self.renderer_version,
            "format": self.format,
        }


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to settle a job, as long as nobody has raised the fence."""

    job_id: int
    fence: int
    revision_id: int
    lane: Lane
    fail_count: int
    template_version: str


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a document could not be made: a code, a sentence for the person, one for the operator."""

    code: str
    for_person: str
    for_operator: str
    retry: bool


def order(session: Session, revision: Revision, recipe: Recipe, lane: Lane) -> Job:
    """The job that makes a revision's documents after a recipe: the one there is, or a new one.

    One that was cancelled begins anew; one that waits in a batch does not let a person wait with it.
    """
    key = {"revision_id": revision.id, **recipe.key}
    job = find_or_add(session, select(Job).filter_by(**key), Job(**key, lane=lane))
    if _hurry(session, job, lane):
        session.refresh(job)
    return job


def find_job(session: Session, public_id: str) -> Job | None:
    """The job of that public id."""
    return session.scalar(select(Job).where(Job.public_id == public_id))


def claim(session: Session, job_id: int, owner: str, lanes: Collection[Lane] = tuple(Lane)) -> Claim | None:
    """Take a queued job of these lanes that is due; None when somebody else has it, or nobody should yet."""
    # A message may be older than the losses that sent its job into quarantine.
    taken = (
        update(Job)
        .where(_free(job_id), current_lane().in_([lane.value for lane in lanes]))
        .values(state=JobState.RUNNING, fence=Job.fence + 1, owner=owner, claimed_at=now())
        .returning(Job.id, Job.fence, Job.revision_id, Job.lane, Job.fail_count, Job.template_version)
    )
    row = session.execute(taken, execution_options={"synchronize_session": False}).one_or_none()
    return Claim(*row) if row else None


def is_held(session: Session, job_id: int, fence: int) -> bool:
    """Whether a job is being made under this fence."""
    return session.scalar(select(Job.id).where(_running(job_id, fence))) is not None


def finish(
    session: Session, claim: Claim, documents: Iterable[Document], seconds: Mapping[str, float] | None = None
) -> bool:
    """Make documents visible; False when the job has passed to somebody else and they must be discarded."""
    took = json.dumps(seconds) if seconds else None
    done = {"state": JobState.DONE, "finished_at": now(), "seconds": took, **_error(None)}
    if _settle(session, claim, done):
        session.add_all(documents)
        return True
    # A commit whose answer was lost is tried again: then it was us who finished.
    mine = and_(Job.id == claim.job_id, Job.fence == claim.fence, Job.state == JobState.DONE)
    return session.scalar(select(Job.id).where(mine)) is not None


def fail(session: Session, claim: Claim, failure: Failure, waits: Sequence[float]) -> bool:
    """Note a document's error, and try again after one wait after the other if that may help."""
    counted = {"fail_count": claim.fail_count + 1, **_error(failure)}
    if failure.retry and claim.fail_count < len(waits):
        # Said only where it is true: a failure does not know how often it has happened.
        told = {"error_for_person": failure.for_person + AGAIN}
        again = seconds_from_now(waits[claim.fail_count])
        return _settle(session, claim, {**counted, **told, **_queued(), "next_attempt_at": again})
    return _settle(session, claim, {**counted, "state": JobState.FAILED, "finished_at": now()})


def release(session: Session, claim: Claim) -> bool:
    """Give a job back untouched; not counted as lost."""
    return _settle(session, claim, _queued())


def release_all(session: Session, owner: str) -> int:
    """Give back whatever a worker still holds at the end of its day; not counted as lost."""
    held = update(Job).where(Job.state == JobState.RUNNING, Job.owner == owner)
    return rows_changed(session, held.values(**_queued()))


def requeue(session: Session, job_id: int, actor: str) -> bool:
    """Let a job that failed or was cancelled begin anew because a person asks; False when it stands elsewhere."""
    if not _begin_anew(session, and_(Job.id == job_id, Job.state.in_((JobState.FAILED, JobState.CANCELLED)))):
        return False
    audit.record(session, actor, "job.requeued", f"job:{job_id}")
    return True


def requeue_done(session: Session, job: Job, actor: str, spoilt: Sequence[str]) -> bool:
    """Let a done job begin anew, since these files of it are spoilt; False when somebody else was faster."""
    if not _begin_anew(session, and_(Job.id == job.id, Job.state == JobState.DONE, Job.fence == job.fence)):
        return False
    # The files themselves are cleared away when the job is done again.
    session.execute(delete(Document).where(Document.job_id == job.id))
    audit.record(session, actor, "job.requeued", f"job:{job.id}", spoilt=list(spoilt))
    return True


def anew() -> dict[str, object]:
    """What a job becomes that begins once more, with nothing held against it."""
    fresh = {"finished_at": None, "lost_count": 0, "fail_count": 0, "on_hold": False}
    return {**_queued(), **_error(None), **fresh}


def _begin_anew(session: Session, so: ColumnElement[bool]) -> bool:
    return rows_changed(session, update(Job).where(so).values(**anew())) == 1


def _hurry(session: Session, job: Job, lane: Lane) -> bool:
    """Whether a job that nobody was making had to be changed, so that it is made as it is wanted now."""
    waits = job.state is JobState.QUEUED and (job.on_hold or job.lane is not lane)
    if job.state is not JobState.CANCELLED and not (waits and lane is Lane.PREVIEW):
        return False
    # Either state: a batch may be cancelled at this very moment.
    idle = update(Job).where(Job.id == job.id, Job.state.in_((JobState.QUEUED, JobState.CANCELLED)))
    wanted = {"state": JobState.QUEUED, "lane": lane, "on_hold": False, "published_at": None, "finished_at": None}
    return rows_changed(session, idle.values(**wanted)) == 1


def _free(job_id: int) -> ColumnElement[bool]:
    due = or_(Job.next_attempt_at.is_(None), Job.next_attempt_at <= now())
    return and_(Job.id == job_id, Job.state == JobState.QUEUED, ~Job.on_hold, due)


def _held(claim: Claim) -> ColumnElement[bool]:
    return _running(claim.job_id, claim.fence)


def _running(job_id: int, fence: int) -> ColumnElement[bool]:
    return and_(Job.id == job_id, Job.state == JobState.RUNNING, Job.fence == fence)


def _settle(session: Session, claim: Claim, values: dict[str, object]) -> bool:
    return rows_changed(session, update(Job).where(_held(claim)).values(**values)) == 1


def _queued() -> dict[str, object]:
    return {
        "state": JobState.QUEUED,
        "owner": None,
        "claimed_at": None,
        "published_at": None,
        "next_attempt_at": None,
    }


def _error(failure: Failure | None) -> dict[str, object]:
    return {
        "error_code": failure.code if failure else None,
        "error_for_person": failure.for_person if failure else None,
        "error_for_operator": failure.for_operator if failure else None,
    }
