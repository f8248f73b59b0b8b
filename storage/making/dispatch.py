"""Which jobs wait to be told to the workers, and how many workers there are to tell."""

from collections.abc import Collection, Sequence

from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.orm import Session

from storage.clock import now, seconds_ago, seconds_from_now
from storage.making.losses import current_lane
from storage.session import rows_changed
from storage.tables import Job, JobState, Lane, Worker


def waiting(session: Session, lane: Lane, republish_seconds: float, limit: int) -> Sequence[int]:
    """The oldest jobs of a lane that are due and not on hold, and that nobody was told of lately."""
    due = or_(Job.next_attempt_at.is_(None), Job.next_attempt_at <= now())
    # Told of in the future: the clock has gone back since.
    lately = Job.published_at.between(seconds_ago(republish_seconds), seconds_from_now(republish_seconds))
    untold = or_(Job.published_at.is_(None), ~lately)
    free = and_(Job.state == JobState.QUEUED, ~Job.on_hold)
    jobs = select(Job.id).where(free, current_lane() == lane.value, due, untold)
    return session.scalars(jobs.order_by(Job.id).limit(limit)).all()


def mark_published(session: Session, job_ids: Collection[int]) -> None:
    """Note that workers were told of these jobs just now."""
    told = update(Job).where(Job.id.in_(list(job_ids)), Job.state == JobState.QUEUED)
    rows_changed(session, told.values(published_at=now()))


def running(session: Session, lane: Lane) -> int:
    """How many jobs of a lane are being made at this moment."""
    jobs = select(func.count()).where(Job.state == JobState.RUNNING, current_lane() == lane.value)
    return session.scalars(jobs).one()


def slots(session: Session, lanes: Collection[Lane], stale_seconds: float) -> int:
    """How many living workers serve these lanes."""
    alive = Worker.heartbeat_at >= seconds_ago(stale_seconds)
    workers = select(func.count()).select_from(Worker).where(Worker.lane.in_(list(lanes)), alive)
    return session.scalars(workers).one()
