"""The audit trail as auditors read it: found by person, sort, subject and day, the newest first, however long it is."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from storage.tables import AuditEvent, AuditHead

# Numbers rise with time but for what a clock that was set back may have mixed up; so much is looked at besides.
_MIXED_UP: Final = 1000


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which events are wanted: None is all of them, an empty tuple none."""

    actors: tuple[str, ...] | None = None
    actions: tuple[str, ...] | None = None
    subjects: tuple[str, ...] | None = None
    since: datetime | None = None
    until: datetime | None = None


def head(session: Session) -> tuple[int, str]:
    """The number and the hash of the last event."""
    number, sha256 = session.execute(select(AuditHead.number, AuditHead.sha256)).one()
    return number, sha256


def newest(session: Session, wanted: Wanted, limit: int, before: int | None = None) -> Sequence[AuditEvent]:
    """The newest of these events, or the newest that are older than the one of that number."""
    found = _found(session, wanted)
    if before is not None:
        found = found.where(AuditEvent.number < before)
    return session.scalars(found.order_by(AuditEvent.number.desc()).limit(limit)).all()


def oldest(session: Session, wanted: Wanted, limit: int, after: int, up_to: int) -> Sequence[AuditEvent]:
    """The oldest of these events between two numbers, to go through all of them piece by piece."""
    found = _found(session, wanted).where(AuditEvent.number > after, AuditEvent.number <= up_to)
    return session.scalars(found.order_by(AuditEvent.number).limit(limit)).all()


def are_more_than(session: Session, wanted: Wanted, most: int) -> bool:
    """Whether there are more of these events than so many."""
    beyond = _found(session, wanted).with_only_columns(AuditEvent.number).order_by(AuditEvent.number)
    return session.scalar(beyond.offset(most).limit(1)) is not None


def _found(session: Session, wanted: Wanted) -> Select[AuditEvent]:
    return select(AuditEvent).where(*_conditions(wanted), *_between(session, wanted))


def _conditions(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    columns: tuple[tuple[Any, tuple[str, ...] | None], ...] = (
        (AuditEvent.actor, wanted.actors),
        (AuditEvent.action, wanted.actions),
        (AuditEvent.subject, wanted.subjects),
    )
    for column, values in columns:
        if values is not None:
            yield column.in_(values)


def _between(session: Session, wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    """A period as a range of numbers too, so that the order of the list and the period share one index."""
    at, number = AuditEvent.at, AuditEvent.number
    if wanted.since is not None:
        yield at >= wanted.since
        first = select(number).where(at >= wanted.since).order_by(at, number).limit(1)
        if (begin := session.scalar(first)) is not None:
            yield number >= begin - _MIXED_UP
    if wanted.until is not None:
        yield at < wanted.until
        last = select(number).where(at < wanted.until).order_by(at.desc(), number.desc()).limit(1)
        if (end := session.scalar(last)) is not None:
            yield number <= end + _MIXED_UP
