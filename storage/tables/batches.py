"""Batches: many jobs that were started together."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.clock import Utc, now
from storage.tables.root import PUBLIC_ID, SHA256, Table, public_id, words


class BatchState(StrEnum):
    """Where a batch stands; how far it has come is counted from its jobs."""

    RUNNING = "running"
    PAUSED = "paused"
    CANCELLED = "cancelled"
    FINISHED = "finished"


class Scope(StrEnum):
    """Of which reports documents are made."""

    APPROVED = "approved"
    SENT = "sent"


class Batch(Table):
    """The documents of a campaign, ordered together after one recipe."""

    __tablename__ = "batch"
    __table_args__ = (UniqueConstraint("campaign_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(PUBLIC_ID, unique=True, default=public_id)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    # Counted within its campaign: 第 3 批.
    number: Mapped[int]
    state: Mapped[BatchState] = mapped_column(words(BatchState), default=BatchState.RUNNING)
    scope: Mapped[Scope] = mapped_column(words(Scope))
    format: Mapped[str] = mapped_column(String(16))
    template_version: Mapped[str] = mapped_column(SHA256)
    renderer_version: Mapped[str] = mapped_column(String(32))
    started_at: Mapped[datetime] = mapped_column(Utc, insert_default=now())
    started_by: Mapped[str] = mapped_column(Text)
    # When it last began to move: at its start, after a pause, or because failed jobs are tried again.
    resumed_at: Mapped[datetime] = mapped_column(Utc, insert_default=now())
    finished_at: Mapped[datetime | None] = mapped_column(Utc)


class BatchItem(Table):
    """One expected unit in a batch: its job, or the reason why there is none."""

    __tablename__ = "batch_item"
    __table_args__ = (UniqueConstraint("batch_id", "unit_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("batch.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    job_id: Mapped[int | None] = mapped_column(ForeignKey("job.id"), index=True)
    # The same report was made after the same recipe before: its documents are taken over.
    reused: Mapped[bool] = mapped_column(default=False)
    # A code such as `not_approved`; None when there is a job.
    left_out: Mapped[str | None] = mapped_column(String(32))
