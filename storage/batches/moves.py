"""What is done with a batch that has begun: paused, resumed, cancelled, tried again, and closed when it is through."""

from collections.abc import Collection, Iterable, Sequence
from typing import Final

from sqlalchemy import ColumnElement, Select, Update, and_, exists, func, select, update
from sqlalchemy.orm import Session

from storage import audit
from storage.clock import now
from storage.making import jobs
from storage.session import rows_changed
from storage.tables import Batch, BatchItem, BatchState, Campaign, Job, JobState, Lane

OPEN: Final = (BatchState.RUNNING, BatchState.PAUSED)
UNDER_WAY: Final = (JobState.QUEUED, JobState.RUNNING)
SWEEPER: Final = "program:sweep"


def pause(session: Session, batch: Batch, actor: str) -> bool:
    """Begin nothing more of a batch; what is being made is finished. False when it does not run."""
    if not _move(session, batch, (BatchState.RUNNING,), BatchState.PAUSED):
        return False
    # Those that are being made as well: should one of them come back, it waits with the others.
    held = _jobs(batch, UNDER_WAY).where(Job.lane == Lane.BATCH)
    waiting = rows_changed(session, held.values(on_hold=True))
    _tell(session, batch, actor, "paused", jobs=waiting)
    return True


def resume(session: Session, batch: Batch, actor: str) -> bool:
    """Go on with a batch; False when it is not paused."""
    if not _move(session, batch, (BatchState.PAUSED,), BatchState.RUNNING, resumed_at=now()):
        return False
    waiting = rows_changed(session, _jobs(batch, JobState).where(Job.on_hold).values(on_hold=False))
    _tell(session, batch, actor, "resumed", jobs=waiting)
    return True


def cancel(session: Session, batch: Batch, actor: str) -> bool:
    """Give up what has not begun; what is being made is finished, what is made stays. False when it is over."""
    if not _move(session, batch, OPEN, BatchState.CANCELLED, finished_at=now()):
        return False
    # What a person waits for goes on.
    waiting = _jobs(batch, (JobState.QUEUED,)).where(Job.lane == Lane.BATCH)
    gone = rows_changed(session, waiting.values(state=JobState.CANCELLED, on_hold=False, finished_at=now()))
    rows_changed(session, _jobs(batch, JobState).where(Job.on_hold).values(on_hold=False))
    _tell(session, batch, actor, "cancelled", jobs=gone)
    return True


def retry(session: Session, batch: Batch, actor: str, job_id: int | None = None) -> int:
    """Let what has failed begin anew, one job or all; how many do. None do while another batch is at work."""
    lock_campaign(session, batch.campaign_id)
    session.refresh(batch, with_for_update=True)
    if batch.state is BatchState.CANCELLED or _other_is_open(session, batch):
        return 0
    failed = _jobs(batch, (JobState.FAILED,))
    if job_id is not None:
        failed = failed.where(Job.id == job_id)
    on_hold = batch.state is BatchState.PAUSED
    again = rows_changed(session, failed.values({**jobs.anew(), "lane": Lane.BATCH, "on_hold": on_hold}))
    if again:
        if batch.state is BatchState.FINISHED:
            _move(session, batch, (batch.state,), BatchState.RUNNING, resumed_at=now(), finished_at=None)
        _tell(session, batch, actor, "retried", jobs=again, **({"job": job_id} if job_id else {}))
    return again


def through(session: Session) -> Sequence[Batch]:
    """The batches that are not closed although nothing of theirs waits or is being made."""
    return session.scalars(select(Batch).where(Batch.state.in_(OPEN), ~_is_under_way())).all()


def close_if_through(session: Session, batch: Batch, actor: str = SWEEPER) -> bool:
    """Note that a batch is finished; True for the one of many who was first to note it."""
    # Locked before it is looked at, so that no retry comes in between.
    session.execute(select(Batch.id).where(Batch.id == batch.id).with_for_update())
    done = select(func.max(Job.finished_at)).where(Job.id.in_(job_ids(batch)), Job.finished_at > batch.started_at)
    last = func.coalesce(done.scalar_subquery(), batch.started_at)
    if not _move(session, batch, OPEN, BatchState.FINISHED, ~_is_under_way(), finished_at=last):
        return False
    _tell(session, batch, actor, "finished")
    return True


def lock_campaign(session: Session, campaign_id: int) -> None:
    """Let nobody else start a batch of a campaign until the end of this transaction."""
    session.execute(select(Campaign.id).where(Campaign.id == campaign_id).with_for_update(key_share=True))


def job_ids(batch: Batch) -> Select[int | None]:
    """The numbers of a batch's jobs."""
    return select(BatchItem.job_id).where(BatchItem.batch_id == batch.id, BatchItem.job_id.is_not(None))


def _move(
    session: Session,
    batch: Batch,
    before: Collection[BatchState],
    after: BatchState,
    *so: ColumnElement[bool],
    **noted: object,
) -> bool:
    stands = update(Batch).where(Batch.id == batch.id, Batch.state.in_(before), *so)
    moved = rows_changed(session, stands.values(state=after, **noted)) == 1
    session.refresh(batch)
    return moved


def _jobs(batch: Batch, states: Iterable[JobState]) -> Update:
    return update(Job).where(Job.id.in_(job_ids(batch)), Job.state.in_(list(states)))


def _is_under_way() -> ColumnElement[bool]:
    mine = and_(BatchItem.batch_id == Batch.id, Job.id == BatchItem.job_id)
    return exists().where(mine, Job.state.in_(UNDER_WAY)).correlate(Batch)


def _other_is_open(session: Session, batch: Batch) -> bool:
    others = and_(Batch.campaign_id == batch.campaign_id, Batch.id != batch.id, Batch.state.in_(OPEN))
    return session.scalar(select(Batch.id).where(others)) is not None


def _tell(session: Session, batch: Batch, actor: str, what: str, **detail: object) -> None:
    audit.record(session, actor, f"batch.{what}", f"batch:{batch.public_id}", **detail)
