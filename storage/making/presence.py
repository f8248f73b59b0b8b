"""Which worker processes are there: each arrives, beats, and leaves."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, exists, select, update
from sqlalchemy.orm import Session

from storage.clock import now, seconds_ago
from storage.making import jobs
from storage.session import rows_changed
from storage.tables import Job, JobState, Lane, Stage, Worker


@dataclass(frozen=True, slots=True)
class Badge:
    """One worker process, from one start to its end."""

    boot_id: str
    lane: Lane
    host: str
    pid: int
    # What it works with, in JSON.
    about: str = ""


def arrive(session: Session, badge: Badge) -> None:
    """A worker starts."""
    session.add(Worker(boot_id=badge.boot_id, lane=badge.lane, host=badge.host, pid=badge.pid, about=badge.about))


def beat(session: Session, badge: Badge, stage: Stage | None = None) -> None:
    """A worker is alive and in this stage of a document; one that was taken for dead and forgotten arrives again."""
    mine = update(Worker).where(Worker.boot_id == badge.boot_id)
    if rows_changed(session, mine.values(heartbeat_at=now(), stage=stage)) != 1:
        arrive(session, badge)


def leave(session: Session, badge: Badge) -> None:
    """A worker ends in good order: what it holds goes back uncounted."""
    jobs.release_all(session, badge.boot_id)
    session.execute(delete(Worker).where(Worker.boot_id == badge.boot_id))


def on_host(session: Session, lane: Lane, host: str) -> Sequence[Worker]:
    """The workers of a lane that were last seen on a machine."""
    return session.scalars(select(Worker).where(Worker.lane == lane, Worker.host == host)).all()


def forget_silent(session: Session, silent_seconds: float) -> None:
    """Drop workers long silent who hold nothing any more."""
    holds = exists().where(Job.owner == Worker.boot_id, Job.state == JobState.RUNNING)
    silent = Worker.heartbeat_at < seconds_ago(silent_seconds)
    session.execute(delete(Worker).where(silent, ~holds), execution_options={"synchronize_session": False})
