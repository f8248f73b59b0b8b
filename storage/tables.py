"""What is kept: units, reports and their revisions, jobs and documents, workers, keys, and who did what."""

import secrets
from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Enum,
    ForeignKey,
    Index,
    MetaData,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from storage.clock import Utc, now

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
PUBLIC_ID = String(22)
SHA256 = String(64)


class Lane(StrEnum):
    """Whom a job is made for: a person who waits, or a batch. After too many losses it runs alone, in quarantine."""

    PREVIEW = "preview"
    BATCH = "batch"
    QUARANTINE = "quarantine"


class JobState(StrEnum):
    """Where a job stands; done and failed are final."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class ReportState(StrEnum):
    """Where a report stands on its way."""

    SUBMITTED = "submitted"


class Format(StrEnum):
    """What kind of file a document is."""

    DOCX = "docx"
    PDF = "pdf"


def _public_id() -> str:
    return secrets.token_urlsafe(16)


def _words(of: type[StrEnum]) -> Enum:
    # Plain text in the database: a word more needs no migration.
    return Enum(of, native_enum=False, length=16, values_callable=lambda members: [m.value for m in members])


class Table(DeclarativeBase):
    """The root of all tables."""

    metadata = MetaData(naming_convention=NAMING)


class Unit(Table):
    """A body that reports are about."""

    __tablename__ = "unit"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text, unique=True)


class Report(Table):
    """One unit, one definition, one year."""

    __tablename__ = "report"
    __table_args__ = (UniqueConstraint("unit_id", "definition", "edition", "year"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(PUBLIC_ID, unique=True, default=_public_id)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    definition: Mapped[str] = mapped_column(String(64))
    edition: Mapped[str] = mapped_column(String(16))
    year: Mapped[int]
    state: Mapped[ReportState] = mapped_column(_words(ReportState))
    created_at: Mapped[datetime] = mapped_column(Utc, insert_default=now())

    unit: Mapped[Unit] = relationship(lazy="raise")


class Revision(Table):
    """An immutable snapshot of a report's answers; the database refuses to change one."""

    __tablename__ = "revision"
    __table_args__ = (UniqueConstraint("report_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"))
    number: Mapped[int]
    answers: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(SHA256)
    created_at: Mapped[datetime] = mapped_column(Utc, insert_default=now())
    created_by: Mapped[str] = mapped_column(Text)

    report: Mapped[Report] = relationship(lazy="raise")


class Job(Table):
    """The order to make the documents of one revision; the truth about it is here, Redis only nudges."""

    __tablename__ = "job"
    __table_args__ = (
        UniqueConstraint("revision_id", "template_version", "renderer_version", "format"),
        Index(None, "state", "lane"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(PUBLIC_ID, unique=True, default=_public_id)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"))
    template_version: Mapped[str] = mapped_column(SHA256)
    renderer_version: Mapped[str] = mapped_column(String(32))
    format: Mapped[str] = mapped_column(String(16))
    lane: Mapped[Lane] = mapped_column(_words(Lane))
    state: Mapped[JobState] = mapped_column(_words(JobState), default=JobState.QUEUED)
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

    revision: Mapped[Revision] = relationship(lazy="raise")


class Document(Table):
    """A produced file; visible only while its job is done with the same fence."""

    __tablename__ = "document"
    __table_args__ = (UniqueConstraint("job_id", "fence", "format"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    job_id: Mapped[int] = mapped_column(ForeignKey("job.id"))
    fence: Mapped[int]
    format: Mapped[Format] = mapped_column(_words(Format))
    sha256: Mapped[str] = mapped_column(SHA256)
    bytes: Mapped[int] = mapped_column(BigInteger)
    pages: Mapped[int]
    storage_key: Mapped[str] = mapped_column(Text, unique=True)
    created_at: Mapped[datetime] = mapped_column(Utc, insert_default=now())


class Worker(Table):
    """One process that makes documents, from one start to its end; it is alive while its heart beats."""

    __tablename__ = "worker"

    boot_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    lane: Mapped[Lane] = mapped_column(_words(Lane))
    host: Mapped[str] = mapped_column(Text)
    pid: Mapped[int]
    started_at: Mapped[datetime] = mapped_column(Utc, insert_default=now())
    heartbeat_at: Mapped[datetime] = mapped_column(Utc, insert_default=now())


class ApiKey(Table):
    """A key a program signs in with; only its hash is kept."""

    __tablename__ = "api_key"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text, unique=True)
    sha256: Mapped[str] = mapped_column(SHA256, unique=True)
    created_at: Mapped[datetime] = mapped_column(Utc, insert_default=now())
    revoked_at: Mapped[datetime | None] = mapped_column(Utc)


class AuditEvent(Table):
    """Who did what, when; the database refuses to change or delete one, and each names the one before."""

    __tablename__ = "audit_event"

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
