"""Units, and the campaigns that call for their reports."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column

from storage.clock import Utc, now
from storage.roster.initials import initials_of
from storage.tables.root import PUBLIC_ID, Table, public_id, words


class UnitKind(StrEnum):
    """What sort of body a unit is: folders, catalogues and rules ask for it."""

    GOVERNMENT = "government"
    OFFICE = "office"
    DEPARTMENT = "department"
    TOWNSHIP = "township"
    STREET = "street"
    VERTICAL = "vertical"
    OTHER = "other"


def _initials(row: DefaultExecutionContext) -> str:
    # Whoever makes a unit, by page, file or program: it can be looked up.
    return initials_of(str(row.get_current_parameters()["name"]))  # type: ignore[no-untyped-call]


class Unit(Table):
    """A body that reports are about. Its supervisor is the office that collects and reviews its reports."""

    __tablename__ = "unit"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(PUBLIC_ID, unique=True, index=True, default=public_id, server_default="")
    name: Mapped[str] = mapped_column(Text, unique=True)
    # The 统一社会信用代码, where it is known.
    code: Mapped[str | None] = mapped_column(String(18), unique=True, index=True)
    supervisor_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    # Whom a clerk can ask: a name and a telephone number, as people write them.
    contact: Mapped[str] = mapped_column(Text, default="", server_default="")
    kind: Mapped[UnitKind] = mapped_column(words(UnitKind), default=UnitKind.OTHER, server_default="other")
    # Where it stands among its like: lists are in the order of the 编办's own list, not of the alphabet.
    position: Mapped[int] = mapped_column(default=0, server_default="0")
    short_name: Mapped[str] = mapped_column(Text, default="", server_default="")
    # Of its name in pinyin, for those who look it up by typing yxqjyj.
    initials: Mapped[str] = mapped_column(Text, default=_initials, server_default="")
    # Where reminders go; several addresses are separated by spaces.
    email: Mapped[str] = mapped_column(Text, default="", server_default="")
    # The unit whose duties and last year's report it took over, and the day from which it is no more.
    predecessor_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    ended_on: Mapped[date | None]
    # Where its duties went, when it was merged into another or made anew under another name.
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))


class Campaign(Table):
    """One year's collection by one supervising office, of one kind of report."""

    __tablename__ = "campaign"
    __table_args__ = (UniqueConstraint("supervisor_id", "definition", "year"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(PUBLIC_ID, unique=True, default=public_id)
    supervisor_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    definition: Mapped[str] = mapped_column(String(64))
    edition: Mapped[str] = mapped_column(String(16))
    year: Mapped[int]
    # Calendar days in China, both of them still in time.
    due_on: Mapped[date]
    publish_by: Mapped[date]
    opened_at: Mapped[datetime] = mapped_column(Utc, insert_default=now())
    closed_at: Mapped[datetime | None] = mapped_column(Utc)


class RosterEntry(Table):
    """One unit that a campaign expects a report of, with its own later day, or the reason why it is exempt."""

    __tablename__ = "roster_entry"
    __table_args__ = (UniqueConstraint("campaign_id", "unit_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    extended_to: Mapped[date | None]
    extended_because: Mapped[str] = mapped_column(Text, default="", server_default="")
    exempt_because: Mapped[str | None] = mapped_column(Text)
    # Why it is here although it was not when the roster was made; "" for those who were.
    added_because: Mapped[str] = mapped_column(Text, default="", server_default="")
