"""What reviewers see of each other, and which reports resemble one another."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.clock import Utc, now
from storage.tables.root import Table


class Looking(Table):
    """Somebody who has a report open for review, and when the page last said so."""

    __tablename__ = "looking"
    __table_args__ = (UniqueConstraint("report_id", "account_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    seen_at: Mapped[datetime] = mapped_column(Utc, insert_default=now())


class TextBand(Table):
    """A fingerprint of a part of a revision's narrative; revisions that share some are compared in full."""

    __tablename__ = "text_band"
    __table_args__ = (Index(None, "band"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"), index=True)
    band: Mapped[int] = mapped_column(BigInteger)


class Likeness(Table):
    """How much of a revision's narrative stands in another unit's as well, in per cent."""

    __tablename__ = "likeness"
    __table_args__ = (UniqueConstraint("revision_id", "other_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"))
    other_id: Mapped[int] = mapped_column(ForeignKey("revision.id"), index=True)
    percent: Mapped[int]
