"""How far a batch is, counted from its jobs by one statement; how fast it goes, and how long it will take."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, and_, case, func, select
from sqlalchemy.orm import Session

from storage.clock import now, seconds_ago
from storage.tables import Batch, BatchItem, Job, JobState, Stage

# The pace of the last minutes, not of the night: what stood still an hour ago says nothing about now.
LOOK_BACK_SECONDS: Final = 120.0
# With less than this behind it, nobody can say.
_ENOUGH: Final = 3
_ENOUGH_SECONDS: Final = 8.0
# Of how many documents the stages are told.
_LATELY: Final = 60


@dataclass(frozen=True, slots=True)
class Progress:
    """The jobs of a batch by what became of them; `left_out` are units that have none."""

    done: int = 0
    reused: int = 0
    failed: int = 0
    running: int = 0
    waiting: int = 0
    # Of those that wait: had an error, and are tried again by themselves.
    retrying: int = 0
    cancelled: int = 0
    left_out: int = 0
    # Finished lately, and in how many seconds.
    lately: int = 0
    seconds: float = 0.0

    @property
    def total(self) -> int:
        """How many jobs there are."""
        return self.done + self.failed + self.running + self.waiting + self.cancelled

    @property
    def to_do(self) -> int:
        """How many are not settled yet."""
        return self.running + self.waiting

    @property
    def a_minute(self) -> float | None:
        """How many are finished in a minute; None while nobody can say."""
        if self.lately < _ENOUGH or self.seconds < _ENOUGH_SECONDS:
            return None
        return self.lately * 60 / self.seconds

    @property
    def seconds_left(self) -> float | None:
        """When all will be settled, at the pace of the last minutes; None while nobody can say."""
        return self.to_do * 60 / self.a_minute if self.a_minute else None


def progress(session: Session, batch: Batch) -> Progress:
    """How far a batch is."""
    numbers: Counter[str] = Counter()
    moment = batch.resumed_at
    for state, reused, jobs, lately, retrying, moment in session.execute(_counts(batch)):  # noqa: B007
        numbers[_called(state)] += jobs
        numbers["lately"] += lately
        if reused and state is JobState.DONE:
            numbers["reused"] += jobs
        if state is JobState.QUEUED:
            numbers["retrying"] += retrying
    return Progress(**numbers, seconds=_looked_back(batch, moment))


def stage_seconds(session: Session, batch: Batch) -> Mapping[Stage, float]:
    """How long each stage took on the average of the documents made last."""
    made = select(Job.seconds).join(BatchItem, BatchItem.job_id == Job.id)
    mine = made.where(BatchItem.batch_id == batch.id, ~BatchItem.reused, Job.seconds.is_not(None))
    told = [json.loads(one or "{}") for one in session.scalars(mine.order_by(Job.finished_at.desc()).limit(_LATELY))]
    return {stage: _mean(one.get(stage.value, 0.0) for one in told) for stage in Stage} if told else {}


def _counts(batch: Batch) -> Select[JobState, bool, int, Any, Any, datetime]:
    settled = Job.state.in_((JobState.DONE, JobState.FAILED))
    lately = and_(Job.finished_at >= batch.resumed_at, Job.finished_at >= seconds_ago(LOOK_BACK_SECONDS))
    return (
        select(
            Job.state,
            BatchItem.reused,
            func.count(),
            func.sum(case((and_(~BatchItem.reused, settled, lately), 1), else_=0)),
            func.sum(case((Job.fail_count > 0, 1), else_=0)),
            now(),
        )
        .select_from(BatchItem)
        .outerjoin(Job, Job.id == BatchItem.job_id)
        .where(BatchItem.batch_id == batch.id)
        .group_by(Job.state, BatchItem.reused)
    )


def _called(state: JobState | None) -> str:
    if state is None:
        return "left_out"
    return "waiting" if state is JobState.QUEUED else state.value


def _looked_back(batch: Batch, moment: datetime) -> float:
    return min(LOOK_BACK_SECONDS, (moment - batch.resumed_at).total_seconds())


def _mean(values: Iterable[float]) -> float:
    told = list(values)
    return sum(told) / len(told)
