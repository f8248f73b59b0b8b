"""The lines of a batch, each an expected unit: found by what became of it or by name, and all at a glance."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import Session

from storage.clock import seconds_ago
from storage.tables import Batch, BatchItem, Job, JobState, Lane, Report, Revision, Stage, Unit, Worker


class Outcome(StrEnum):
    """What became of an expected unit in a batch, those first that somebody has to look at."""

    FAILED = "failed"
    LEFT_OUT = "left_out"
    CANCELLED = "cancelled"
    RUNNING = "running"
    WAITING = "waiting"
    DONE = "done"
    REUSED = "reused"


@dataclass(frozen=True, slots=True)
class Line:
    """One expected unit in a batch, its job and its report, as far as there are any."""

    item: BatchItem
    unit: Unit
    job: Job | None
    report_public_id: str | None
    outcome: Outcome


_became = case(
    (BatchItem.job_id.is_(None), Outcome.LEFT_OUT.value),
    (Job.state == JobState.FAILED, Outcome.FAILED.value),
    (Job.state == JobState.CANCELLED, Outcome.CANCELLED.value),
    (Job.state == JobState.RUNNING, Outcome.RUNNING.value),
    (Job.state == JobState.QUEUED, Outcome.WAITING.value),
    (BatchItem.reused, Outcome.REUSED.value),
    else_=Outcome.DONE.value,
)
_weight = case({one.value: weight for weight, one in enumerate(Outcome)}, value=_became)


def lines(
    session: Session, batch: Batch, limit: int, offset: int = 0, outcome: Outcome | None = None, like: str = ""
) -> Sequence[Line]:
    """The lines of a batch, what failed first; of one outcome, or of units called like that."""
    narrowed: list[ColumnElement[bool]] = [_became == outcome.value] if outcome else []
    if like:
        narrowed.append(or_(*(named.contains(like, autoescape=True) for named in (Unit.name, Unit.short_name))))
    wanted = _lines(batch).where(*narrowed).order_by(_weight, BatchItem.id)
    return [_line(*row) for row in session.execute(wanted.limit(limit).offset(offset))]


def line_of(session: Session, batch: Batch, unit_public_id: str) -> Line | None:
    """The line of one unit; None when it was not expected."""
    row = session.execute(_lines(batch).where(Unit.public_id == unit_public_id)).one_or_none()
    return _line(*row) if row else None


def outcomes(session: Session, batch: Batch) -> Sequence[Outcome]:
    """What became of every unit, in the order of the list."""
    every = select(_became).select_from(BatchItem).outerjoin(Job, Job.id == BatchItem.job_id)
    mine = every.where(BatchItem.batch_id == batch.id).order_by(BatchItem.id)
    return [Outcome(one) for one in session.scalars(mine)]


def names(session: Session, batch: Batch) -> Sequence[tuple[str, str]]:
    """Public id and name of every unit, in the same order."""
    every = select(Unit.public_id, Unit.name).join(BatchItem, BatchItem.unit_id == Unit.id)
    mine = every.where(BatchItem.batch_id == batch.id).order_by(BatchItem.id)
    return [(public_id, name) for public_id, name in session.execute(mine)]


def left_out(session: Session, batch: Batch) -> Mapping[str, int]:
    """How many units have no documents, by the reason."""
    counted = select(BatchItem.left_out, func.count()).where(BatchItem.batch_id == batch.id)
    grouped = counted.where(BatchItem.left_out.is_not(None)).group_by(BatchItem.left_out)
    return {reason: number for reason, number in session.execute(grouped) if reason}


def crew(session: Session, stale_seconds: float) -> Sequence[Stage | None]:
    """The living workers of batches, each with the stage it was in when it was last heard."""
    alive = and_(Worker.lane == Lane.BATCH, Worker.heartbeat_at >= seconds_ago(stale_seconds))
    return session.scalars(select(Worker.stage).where(alive)).all()


def _lines(batch: Batch) -> Select[BatchItem, Unit, Job, str, str]:
    return (
        select(BatchItem, Unit, Job, Report.public_id, _became)
        .join(Unit, Unit.id == BatchItem.unit_id)
        .outerjoin(Job, Job.id == BatchItem.job_id)
        .outerjoin(Revision, Revision.id == Job.revision_id)
        .outerjoin(Report, Report.id == Revision.report_id)
        .where(BatchItem.batch_id == batch.id)
    )


def _line(item: BatchItem, unit: Unit, job: Job | None, report: str | None, outcome: str) -> Line:
    return Line(item, unit, job, report, Outcome(outcome))
