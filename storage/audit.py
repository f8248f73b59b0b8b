"""Who did what, when: an append-only chain in which every event carries the hash of the one before."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from reports.wording import _
from storage.clock import now
from storage.tables import AuditEvent, AuditHead

NO_EVENT = "0" * 64


@dataclass(frozen=True, slots=True)
class Breach:
    """The first event that is not as it was written, and what is wrong with it."""

    number: int
    reason: str

    def __str__(self) -> str:
        return _("第 {n} 条操作记录：{reason}").format(n=self.number, reason=self.reason)


def record(session: Session, actor: str, action: str, subject: str, **detail: Any) -> AuditEvent:
    """Write down an act in the transaction that does it. Let it be the last thing before the commit."""
    head = select(AuditHead.number, AuditHead.sha256)
    # The lock on the head puts writers in line; whoever took it first and other locks later could deadlock.
    number, previous = session.execute(head.with_for_update()).one()
    event = AuditEvent(
        number=number + 1,
        at=session.scalars(select(now())).one(),
        actor=actor,
        action=action,
        subject=subject,
        detail=json.dumps(detail, ensure_ascii=False, sort_keys=True),
        previous_sha256=previous,
    )
    event.sha256 = _digest(event)
    session.add(event)
    session.execute(update(AuditHead).values(number=event.number, sha256=event.sha256))
    return event


@dataclass(frozen=True, slots=True)
class Checked:
    """How far a chain was read: the last event that is as it was written, and the first that is not."""

    number: int
    sha256: str
    of: int
    breach: Breach | None = None

    @property
    def is_over(self) -> bool:
        return self.breach is not None or self.number >= self.of


# Nothing is read yet, so that there is at least one to come.
BEGINNING: Final = Checked(0, NO_EVENT, 1)


def verify_chain(session: Session) -> Breach | None:
    """Read the whole chain; None when every event is as it was written."""
    so_far = verify_on(session, BEGINNING)
    while not so_far.is_over:
        so_far = verify_on(session, so_far)
    return so_far.breach


def verify_on(session: Session, so_far: Checked, limit: int = 20_000) -> Checked:
    """Read on from where somebody has read to, so many events at most; what is read stays as it is."""
    last = (so_far.number, so_far.sha256)
    wanted = select(*_COLUMNS).where(AuditEvent.number > so_far.number).order_by(AuditEvent.number).limit(limit)
    read = 0
    for event in session.execute(wanted):
        if reason := _reason(*last, event):
            return Checked(*last, of=so_far.of, breach=Breach(event.number, reason))
        last, read = (event.number, event.sha256), read + 1
    number, sha256 = session.execute(select(AuditHead.number, AuditHead.sha256)).one()
    at_end = read < limit
    if at_end and (number, sha256) != last:
        return Checked(*last, of=number, breach=Breach(last[0] + 1, _("记录已丢失，或链尾被改动")))
    return Checked(*last, of=last[0] if at_end else max(number, last[0] + 1))


_COLUMNS: Final = (
    AuditEvent.number,
    AuditEvent.at,
    AuditEvent.actor,
    AuditEvent.action,
    AuditEvent.subject,
    AuditEvent.detail,
    AuditEvent.previous_sha256,
    AuditEvent.sha256,
)


def _reason(last: int, sha256: str, event: Any) -> str | None:
    if event.number != last + 1:
        return _("此前缺少第 {n} 条").format(n=last + 1)
    if event.previous_sha256 != sha256:
        return _("与前一条不衔接")
    if event.sha256 != _digest(event):
        return _("内容被改动")
    return None


def _digest(event: Any) -> str:
    told = [
        event.number,
        event.at.isoformat(timespec="microseconds"),
        event.actor,
        event.action,
        event.subject,
        event.detail,
        event.previous_sha256,
    ]
    return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()
