"""Opening a campaign: what is offered, what was typed, what is wrong with it, and whom it will expect."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask import request
from sqlalchemy import select
from sqlalchemy.orm import Session

from reports.definition import Definition
from service import access
from service.deadlines import today
from service.language import _
from service.resources import resources
from storage.people.policy import OF_UNITS, Act, offices_of
from storage.roster.entries import contradictions, doubts
from storage.roster.units import under
from storage.tables import Appointment, Campaign, Role, RosterEntry, Unit


@dataclass(frozen=True, slots=True)
class Choice:
    """A unit that may be put on the roster, and whether it is unless somebody takes it off."""

    unit: Unit
    chosen: bool


@dataclass(slots=True)
class Wish:
    """A campaign as somebody typed it: what could be read, and what is wrong, by field."""

    office: Unit | None
    definition: Definition | None
    year: int
    due_on: date | None
    publish_by: date | None
    chosen: frozenset[str]
    problems: dict[str, str]
    doubts: Sequence[str] = ()


def offices(session: Session) -> Sequence[Unit]:
    """The offices for which whoever is signed in opens campaigns."""
    mine = offices_of(access.me(), Act.CAMPAIGN)
    return session.scalars(select(Unit).where(Unit.id.in_(mine)).order_by(Unit.position, Unit.id)).all()


def choices(session: Session, office: Unit) -> list[Choice]:
    """Whom a campaign of this office can expect: itself, if it files, and the units under it that are still there."""
    units = [one for one in under(session, office.id) if one.ended_on is None]
    return [Choice(office, _files(session, office)), *(Choice(one, True) for one in units)]


def known_definitions() -> Mapping[str, Definition]:
    """The kinds of reports that can be collected, by reference."""
    found = resources().definitions
    return {reference: found[reference] for reference in found.references()}


def wish(session: Session) -> Wish:
    """What the form says, read field by field."""
    form, problems = request.form, {}
    office = next((one for one in offices(session) if one.public_id == form.get("office")), None)
    if office is None:
        problems["office"] = _("请选择主管单位。")
    definition = known_definitions().get(form.get("definition", ""))
    if definition is None:
        problems["definition"] = _("请选择报告种类。")
    year = form.get("year", 0, type=int)
    if definition and not definition.first_year <= year <= today().year:
        problems["year"] = _("年度应在 {first} 至 {last} 之间。").format(first=definition.first_year, last=today().year)
    days = {name: day_in(form.get(name, "")) for name in ("due_on", "publish_by")}
    problems |= {name: _("请写一个日期，例如 2026-01-26。") for name, day in days.items() if day is None}
    chosen = frozenset(form.getlist("unit"))
    found = Wish(office, definition, year, days["due_on"], days["publish_by"], chosen, problems)
    if office and not chosen & {one.unit.public_id for one in choices(session, office)}:
        problems["unit"] = _("请至少选择一个单位。")
    if found.due_on and found.publish_by and "year" not in problems:
        problems |= contradictions(year, found.due_on, found.publish_by)
        found.doubts = doubts(year, found.due_on, found.publish_by, today())
    return found


def day_in(typed: str) -> date | None:
    """The day that was typed: 2026-01-26, 2026/1/26, 2026.1.26 or 2026年1月26日."""
    parts = (
        typed.strip().rstrip("日").replace("年", "-").replace("月", "-").replace("/", "-").replace(".", "-").split("-")
    )
    try:
        year, month, day = (int(part) for part in parts)
        return date(year, month, day)
    except ValueError:
        return None


def _files(session: Session, office: Unit) -> bool:
    """Whether an office has filed a report of its own before, or somebody is appointed to."""
    before = select(RosterEntry.id).join(Campaign).where(RosterEntry.unit_id == office.id)
    theirs = [role for role in OF_UNITS if role is not Role.REVIEWER]
    people = select(Appointment.id).where(Appointment.unit_id == office.id, Appointment.role.in_(theirs))
    return any(session.scalar(asked.limit(1)) is not None for asked in (before, people))
