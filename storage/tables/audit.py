"""The audit trail."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from storage.clock import Utc
from storage.tables.root import SHA256, Table


class AuditEvent(Table):
    """Who did what, when; the database refuses to change or delete one, and each names the one before."""

    __tablename__ = "audit_event"
    # The last of one person, of one sort, about one thing, of one day: each found without reading all the others.
    __table_args__ = tuple(Index(None, column, "number") for column in ("actor", "action", "subject", "at"))

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(Utc)
    actor: Mapped[str] = mapped_column(Text)
    action: Mapped[str] = mapped_column(String(64))
    subject: Mapped[str] = mapped_column(Text)
    detail: Mapped[str] = mapped_column(Text)
    previous_sha256: Mapped[str] = mapped_column(SHA256, unique=True)
    sha256: Mapped[str] = mapped_column(SHA256)


class AuditHead(Table):
    """The last audit event: the lock that puts writers in line, and the proof that none was cut off."""

    __tablename__ = "audit_head"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int]
    sha256: Mapped[str] = mapped_column(SHA256)
