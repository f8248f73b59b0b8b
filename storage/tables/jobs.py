"""Jobs, the documents they make, and the workers that make them."""

from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.clock import Utc, now
from storage.tables.reports import Revision
from storage.tables.root import PUBLIC_ID, SHA256, Table, public_id, words


class Lane(StrEnum):
    """Whom a job is made for: a person who waits, or a batch. After too many losses it runs alone, in quarantine."""

    PREVIEW = "preview"
    BATCH = "batch"
    QUARANTINE = "quarantine"


class JobState(StrEnum):
    """Where a job stands; done, failed and cancelled are final, until somebody asks again."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Stage(StrEnum):
    """What is done with a document at a moment, in this order."""

    FILL = "fill"
    PROVE_WORD = "prove_word"
    CONVERT = "convert"
    PROVE_PDF = "prove_pdf"
    STORE = "store"


class Format(StrEnum):
    """What kind of file a document is."""

    DOCX = "docx"
    PDF = "pdf"


# The format of a job that tries a template: its documents are for administrators, and never stand for the report.
TRIAL: Final = "trial"


class Job(Table):
    """The order to make the documents of one revision; the truth about it is here, Redis only nudges."""

    __tablename__ = "job"
    __table_args__ = (
        UniqueConstraint("revision_id", "template_version", "renderer_version", "format"),
        Index(None, "state", "lane"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(PUBLIC_ID, unique=True, default=public_id)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"))
    template_version: Mapped[str] = mapped_column(SHA256)
    renderer_version: Mapped[str] = mapped_column(String(32))
    format: Mapped[str] = mapped_column(String(16))
    lane: Mapped[Lane] = mapped_column(words(Lane))
    state: Mapped[JobState] = mapped_column(words(JobState), default=JobState.QUEUED)
    created_at: Mapped[datetime] = mapped_column(Utc, insert_default=now())
    # Raised by every claim: whoever holds a smaller one may no longer write.
    fence: Mapped[int] = mapped_column(default=0)
    # Not a foreign key: it still says who made the document when the worker's row is gone.
    owner: Mapped[str | None] = mapped_column(String(32))
    claimed_at: Mapped[datetime | None] = mapped_column(Utc)
    finished_at: Mapped[datetime | None] = mapped_column(Utc)
    published_at: Mapped[datetime | None] = mapped_column(Utc)
    next_attempt_at: Mapped[datetime | None] = mapped_column(Utc)
    # Apart on purpose: a power cut must not turn a good report into a failed one.
    lost_count: Mapped[int] = mapped_column(default=0)
    fail_count: Mapped[int] = mapped_column(default=0)
    error_code: Mapped[str | None] = mapped_column(String(64))
    error_for_person: Mapped[str | None] = mapped_column(Text)
    error_for_operator: Mapped[str | None] = mapped_column(Text)
    # Of a batch that pauses: it is not to be told of, nor claimed.
    on_hold: Mapped[bool] = mapped_column(default=False, server_default=false())
    # Seconds by stage, in JSON.
    seconds: Mapped[str | None] = mapped_column(Text)

    revision: Mapped[Revision] = relationship(lazy="raise")


class Document(Table):
    """A produced file; visible only while its job is done with the same fence."""

    __tablename__ = "document"
    __table_args__ = (UniqueConstraint("job_id", "fence", "format"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    job_id: Mapped[int] = mapped_column(ForeignKey("job.id"))
    fence: Mapped[int]
    format: Mapped[Format] = mapped_column(words(Format))
    sha256: Mapped[str] = mapped_column(SHA256)
    bytes: Mapped[int] = mapped_column(BigInteger)
    pages: Mapped[int]
    storage_key: Mapped[str] = mapped_column(Text, unique=True)
    # Of what it shows: equal for equal reports, where the bytes of a PDF never are.
    content_sha256: Mapped[str | None] = mapped_column(SHA256)
    # Which typeface drew which declared one, in JSON.
    typefaces: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Utc, insert_default=now())


class Worker(Table):
    """One process that makes documents, from one start to its end; it is alive while its heart beats."""

    __tablename__ = "worker"

    boot_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    lane: Mapped[Lane] = mapped_column(words(Lane))
    host: Mapped[str] = mapped_column(Text)
    pid: Mapped[int]
    started_at: Mapped[datetime] = mapped_column(Utc, insert_default=now())
    heartbeat_at: Mapped[datetime] = mapped_column(Utc, insert_default=now())
    # What it did at its last heartbeat; None when it waited.
    stage: Mapped[Stage | None] = mapped_column(words(Stage))
    # What it works with, in JSON: versions, fonts and their stand-ins.
    about: Mapped[str] = mapped_column(Text, default="", server_default="")
