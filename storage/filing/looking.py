"""Who has a report open for review: two who look at the same one see each other's name."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from storage.clock import now, seconds_ago
from storage.session import find_or_add, rows_changed
from storage.tables import Account, Looking, Report

# Three times as long as a page waits before it says again that it is there.
FORGOTTEN_AFTER: Final = 45


def look(session: Session, report: Report, account_id: int) -> None:
    """Somebody has this report open. Whoever was not heard of for long is forgotten along the way."""
    mine = update(Looking).where(Looking.report_id == report.id, Looking.account_id == account_id)
    if rows_changed(session, mine.values(seen_at=now())) == 1:
        return
    session.execute(delete(Looking).where(Looking.seen_at < seconds_ago(FORGOTTEN_AFTER)))
    here = select(Looking).where(Looking.report_id == report.id, Looking.account_id == account_id)
    find_or_add(session, here, Looking(report_id=report.id, account_id=account_id))


def look_away(session: Session, report: Report, account_id: int) -> None:
    """Somebody has closed it."""
    session.execute(delete(Looking).where(Looking.report_id == report.id, Looking.account_id == account_id))


def others_looking(session: Session, report: Report, account_id: int) -> Sequence[Account]:
    """Who else has it open, who came first in front."""
    others = (
        select(Account)
        .join(Looking, Looking.account_id == Account.id)
        .where(Looking.report_id == report.id, Looking.account_id != account_id)
        .where(Looking.seen_at >= seconds_ago(FORGOTTEN_AFTER))
    )
    return session.scalars(others.order_by(Looking.id)).all()
