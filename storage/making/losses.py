"""Jobs taken back from workers that died, and from documents that kill them."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Update, and_, case, exists, or_, update
from sqlalchemy.orm import Session

from storage.clock import now, seconds_ago, seconds_from_now
from storage.tables import Job, JobState, Lane, Worker

LOSSES_BEFORE_QUARANTINE = 5
POISON = "poison"
FOR_PERSON = "这份报告多次使制作程序中断，已停止制作。请与管理员联系；已填写的内容没有丢失。"
FOR_OPERATOR = "its worker died six times, the last time alone in quarantine; try it by hand with `nianbao make`"


@dataclass(frozen=True, slots=True)
class Lost:
    """A job whose worker was lost: queued again, or given up as poison."""

    job_id: int
    state: JobState
    lost_count: int


def take_back_stale(session: Session, stale_seconds: float, job_hard_seconds: float) -> list[Lost]:
    """Take back what silent workers hold, and what any worker has held for too long."""
    overdue = Job.claimed_at < seconds_ago(job_hard_seconds)
    return _take_back(session, or_(~_owner_is_alive(stale_seconds), overdue))


def take_back_from(session: Session, boot_ids: Iterable[str]) -> list[Lost]:
    """Take back what these workers hold, which are known to be dead."""
    return _take_back(session, Job.owner.in_(list(boot_ids)))


def current_lane() -> ColumnElement[str]:
    """The lane a job runs in: its own, or quarantine after too many losses."""
    return case((Job.lost_count >= LOSSES_BEFORE_QUARANTINE, Lane.QUARANTINE.value), else_=Job.lane)


def _owner_is_alive(stale_seconds: float) -> ColumnElement[bool]:
    # Who was last heard in the future was heard before the clock went back, and not since.
    beating = Worker.heartbeat_at.between(seconds_ago(stale_seconds), seconds_from_now(stale_seconds))
    return exists().where(Worker.boot_id == Job.owner, beating)


def _take_back(session: Session, lost: ColumnElement[bool]) -> list[Lost]:
    alone = Job.lost_count >= LOSSES_BEFORE_QUARANTINE
    given_up = _lose(and_(lost, alone), JobState.FAILED).values(
        error_code=POISON, error_for_person=FOR_PERSON, error_for_operator=FOR_OPERATOR, finished_at=now()
    )
    again = _lose(and_(lost, ~alone), JobState.QUEUED).values(
        owner=None, claimed_at=None, published_at=None, next_attempt_at=None
    )
    return [*_rows(session, given_up), *_rows(session, again)]


def _lose(which: ColumnElement[bool], state: JobState) -> Update:
    return update(Job).where(Job.state == JobState.RUNNING, which).values(state=state, lost_count=Job.lost_count + 1)


def _rows(session: Session, statement: Update) -> list[Lost]:
    told = statement.returning(Job.id, Job.state, Job.lost_count)
    return [Lost(*row) for row in session.execute(told, execution_options={"synchronize_session": False})]
