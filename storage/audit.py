"""Who did what, when: an append-only chain in which every event carries the hash of the one before."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from storage.clock import now
from storage.tables import AuditEvent, AuditHead

NO_EVENT = "0" * 64


@dataclass(frozen=True, slots=True)
class Breach:
    """The first event that is not as it was written, and what is wrong with it."""

    number: int
    reason: str

    def __str__(self) -> str:
        return f"第 {self.number} 条操作记录：{self.reason}"


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


def verify_chain(session: Session) -> Breach | None:
    """Read the whole chain; None when every event is as it was written."""
    last = AuditEvent(number=0, sha256=NO_EVENT)
    for event in session.scalars(select(AuditEvent).order_by(AuditEvent.number)).yield_per(1000):
        if reason := _reason(last, event):
            return Breach(event.number, reason)
        last = event
    number, sha256 = session.execute(select(AuditHead.number, AuditHead.sha256)).one()
    if (number, sha256) != (last.number, last.sha256):
        return Breach(last.number + 1, "记录已丢失，或链尾被改动")
    return None


def _reason(last: AuditEvent, event: AuditEvent) -> str | None:
    if event.number != last.number + 1:
        return f"此前缺少第 {last.number + 1} 条"
    if event.previous_sha256 != last.sha256:
        return "与前一条不衔接"
    if event.sha256 != _digest(event):
        return "内容被改动"
    return None


def _digest(event: AuditEvent) -> str:
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
