"""Reminders to units that have not filed: written down first, then sent."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from storage.clock import Utc, now
from storage.tables.root import PUBLIC_ID, Table, public_id, words


class ReminderState(StrEnum):
    """Where a reminder stands. Of one that was being sent when its sender died nobody knows: it is not sent again."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    CANCELLED = "cancelled"


class Reminder(Table):
    """One message to one unit, in the words that the reviewer saw before."""

    __tablename__ = "reminder"
    __table_args__ = (Index(None, "state", "not_before"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(PUBLIC_ID, unique=True, default=public_id)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    # Addresses, separated by spaces.
    to: Mapped[str] = mapped_column(Text)
    subject: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    state: Mapped[ReminderState] = mapped_column(words(ReminderState), default=ReminderState.QUEUED)
    made_at: Mapped[datetime] = mapped_column(Utc, insert_default=now())
    made_by: Mapped[str] = mapped_column(Text)
    # Nobody is written to during quiet hours.
    not_before: Mapped[datetime] = mapped_column(Utc, insert_default=now())
    claimed_at: Mapped[datetime | None] = mapped_column(Utc)
    sent_at: Mapped[datetime | None] = mapped_column(Utc)
    attempts: Mapped[int] = mapped_column(default=0)
    error_code: Mapped[str | None] = mapped_column(String(64))
    error: Mapped[str] = mapped_column(Text, default="")
