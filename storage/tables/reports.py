"""Reports: what is filled in, what was frozen, what was sent, and every step on the way."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from reports.states import Move, ReportState
from storage.clock import Utc, now
from storage.tables.root import PUBLIC_ID, SHA256, Table, public_id, words
from storage.tables.units import Unit


class Start(StrEnum):
    """How the clerk began: with last year's report beside, or with an empty form."""

    LAST_YEAR = "last_year"
    BLANK = "blank"


class Report(Table):
    """One unit, one definition, one year."""

    __tablename__ = "report"
    __table_args__ = (UniqueConstraint("unit_id", "definition", "edition", "year"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(PUBLIC_ID, unique=True, default=public_id)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    definition: Mapped[str] = mapped_column(String(64))
    edition: Mapped[str] = mapped_column(String(16))
    year: Mapped[int]
    state: Mapped[ReportState] = mapped_column(words(ReportState))
    # None until the clerk has chosen.
    started: Mapped[Start | None] = mapped_column(words(Start))
    created_at: Mapped[datetime] = mapped_column(Utc, insert_default=now())

    unit: Mapped[Unit] = relationship(lazy="raise")


class Field(Table):
    """One thing typed into the form as it was typed: a cell, a text, or a reason (`X2@cell`, see `reports.reasons`)."""

    __tablename__ = "field"
    __table_args__ = (UniqueConstraint("report_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"))
    name: Mapped[str] = mapped_column(String(200))
    value: Mapped[str] = mapped_column(Text)
    note: Mapped[str] = mapped_column(Text, default="")
    # Counts changes: whoever saves over a version not seen is shown both.
    version: Mapped[int]
    changed_at: Mapped[datetime] = mapped_column(Utc)
    changed_by: Mapped[str] = mapped_column(Text)


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


class Submission(Table):
    """A revision that was sent in: what counts until it is withdrawn or another is sent."""

    __tablename__ = "submission"
    __table_args__ = (UniqueConstraint("report_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"))
    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"), index=True)
    number: Mapped[int]
    # What the clerk can quote: 2024-000123.
    receipt: Mapped[str] = mapped_column(String(32), unique=True)
    # JSON: reasons by `rule@cell`, and who declared what.
    reasons: Mapped[str] = mapped_column(Text, default="{}")
    declaration: Mapped[str] = mapped_column(Text, default="{}")
    made_at: Mapped[datetime] = mapped_column(Utc, insert_default=now())
    made_by: Mapped[str] = mapped_column(Text)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Utc)
    # JSON, when a program or a reviewer handed in over a draft: the revision that keeps it, and what could not be read.
    replaced: Mapped[str | None] = mapped_column(Text)

    revision: Mapped[Revision] = relationship(lazy="raise")


class Step(Table):
    """One move of a report: who, when, from where to where, and the words that came with it."""

    __tablename__ = "step"
    __table_args__ = (UniqueConstraint("report_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"))
    number: Mapped[int]
    move: Mapped[Move] = mapped_column(words(Move))
    before: Mapped[ReportState] = mapped_column(words(ReportState))
    after: Mapped[ReportState] = mapped_column(words(ReportState))
    at: Mapped[datetime] = mapped_column(Utc, insert_default=now())
    by: Mapped[str] = mapped_column(Text)
    remark: Mapped[str] = mapped_column(Text, default="")
    # With a return: the new day.
    due_on: Mapped[date | None]
    submission_id: Mapped[int | None] = mapped_column(ForeignKey("submission.id"))


class Comment(Table):
    """A reviewer's word on one cell or text ("" on the report as a whole); the clerk sees it with the return."""

    __tablename__ = "comment"

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"), index=True)
    # The return it came with; None while the reviewer is still collecting.
    step_id: Mapped[int | None] = mapped_column(ForeignKey("step.id"))
    name: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    # The paragraph of a text that is meant, in its own words; "" for all of it.
    quote: Mapped[str] = mapped_column(Text, default="", server_default="")
    at: Mapped[datetime] = mapped_column(Utc, insert_default=now())
    by: Mapped[str] = mapped_column(Text)
