"""What the public reads."""

from datetime import datetime

from sqlalchemy import ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.clock import Utc, now
from storage.tables.root import PUBLIC_ID, Table, public_id


class Publication(Table):
    """An approved revision and its documents, open to everybody; a corrected one gets a successor and stays."""

    __tablename__ = "publication"
    __table_args__ = (UniqueConstraint("report_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(PUBLIC_ID, unique=True, default=public_id)
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"))
    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"))
    # The job whose documents are public.
    job_id: Mapped[int] = mapped_column(ForeignKey("job.id"))
    number: Mapped[int]
    published_at: Mapped[datetime] = mapped_column(Utc, insert_default=now())
    published_by: Mapped[str] = mapped_column(Text)
    # What was corrected against the one before; "" for the first.
    correction: Mapped[str] = mapped_column(Text, default="")
    withdrawn_at: Mapped[datetime | None] = mapped_column(Utc)
    withdrawn_because: Mapped[str] = mapped_column(Text, default="")
