"""How many worker processes an installation needs, from what its own documents took to make."""

import math
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from storage.tables import TRIAL, Document, Job, JobState

# Before an installation has made documents of its own: twice what a report took by processor (docs/performance.md).
STATED_SECONDS: Final = 0.5
STATED_BYTES: Final = 600_000
# Of fewer documents the median says little.
FEWEST: Final = 20
LOOKED_AT: Final = 500
DEFAULT_HOURS: Final = 8.0
# Half of the time is left for retries, for a machine that fails, and for clerks who work meanwhile.
HEADROOM: Final = 2
# On the last day every unit looks at its document twice, a quarter of them in the busiest hour.
PREVIEWS_IN_AN_HOUR: Final = 0.5
# The largest a worker process and its office were ever seen, rounded up.
MEGABYTES_EACH: Final = 600


@dataclass(frozen=True, slots=True)
class Measured:
    """What one document takes; `documents` says of how many it is the median, 0 where it is only stated."""

    seconds: float
    bytes: int
    documents: int


@dataclass(frozen=True, slots=True)
class Plan:
    """What N units in so many hours take."""

    units: int
    hours: float
    measured: Measured
    batch_workers: int
    preview_workers: int
    # With so many workers and nothing else going on.
    batch_seconds: float
    megabytes: int
    disk_bytes: int

    def to_json(self) -> dict[str, Any]:
        """For programs."""
        return asdict(self)


def measured(session: Session) -> Measured:
    """From the documents made last; STATED_… while there are too few."""
    real = (Job.state == JobState.DONE, Job.format != TRIAL, Job.claimed_at.is_not(None))
    wanted = select(Job.claimed_at, Job.finished_at).where(*real, Job.finished_at.is_not(None))
    lately = session.execute(wanted.order_by(Job.finished_at.desc()).limit(LOOKED_AT)).all()
    took = [(finished - claimed).total_seconds() for claimed, finished in lately if claimed and finished]
    if len(took) < FEWEST:
        return Measured(STATED_SECONDS, STATED_BYTES, 0)
    each = session.scalars(select(func.sum(Document.bytes) / func.count(Document.job_id.distinct()))).one()
    return Measured(median(took), math.ceil(each or STATED_BYTES), len(took))


def plan(one: Measured, units: int, hours: float = DEFAULT_HOURS) -> Plan:
    """What it takes to make the documents of so many units within so many hours, and previews without waiting."""
    work = units * one.seconds
    batch = max(1, math.ceil(work * HEADROOM / (hours * 3600)))
    preview = max(1, math.ceil(units * PREVIEWS_IN_AN_HOUR * one.seconds * HEADROOM / 3600))
    return Plan(units, hours, one, batch, preview, work / batch, (batch + preview) * MEGABYTES_EACH, units * one.bytes)
