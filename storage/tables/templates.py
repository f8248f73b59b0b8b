"""Word templates that were handed in beside the one that comes with a definition."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.clock import Utc, now
from storage.tables.root import PUBLIC_ID, SHA256, Table, public_id, words


class TemplateState(StrEnum):
    """Where a template stands: examined by a worker, tried on real reports, then put in force by a person."""

    UPLOADED = "uploaded"
    REFUSED = "refused"
    EXAMINED = "examined"
    ACTIVE = "active"
    RETIRED = "retired"


class TemplateVersion(Table):
    """One Word template of a definition; of each edition at most one is active, else the one that came with it."""

    __tablename__ = "template_version"
    __table_args__ = (UniqueConstraint("definition", "edition", "sha256"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(PUBLIC_ID, unique=True, default=public_id)
    definition: Mapped[str] = mapped_column(String(64))
    edition: Mapped[str] = mapped_column(String(16))
    # Counted within its edition: 模板 2021-3.
    number: Mapped[int]
    # What jobs call it, see `Recipe.template_version`.
    version: Mapped[str] = mapped_column(SHA256, index=True)
    sha256: Mapped[str] = mapped_column(SHA256)
    bytes: Mapped[int] = mapped_column(BigInteger)
    storage_key: Mapped[str] = mapped_column(Text, unique=True)
    file_name: Mapped[str] = mapped_column(Text)
    state: Mapped[TemplateState] = mapped_column(words(TemplateState), default=TemplateState.UPLOADED)
    uploaded_at: Mapped[datetime] = mapped_column(Utc, insert_default=now())
    uploaded_by: Mapped[str] = mapped_column(Text)
    # What a worker found, in JSON; None until one has looked.
    examination: Mapped[str | None] = mapped_column(Text)
    # The job of the last trial on a real report.
    trial_job_id: Mapped[int | None] = mapped_column(ForeignKey("job.id"))
    activated_at: Mapped[datetime | None] = mapped_column(Utc)
    activated_by: Mapped[str | None] = mapped_column(Text)
