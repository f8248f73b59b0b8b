"""Whom the invented district expects reports of, and until when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import Final

from sqlalchemy.orm import Session

from reports.definition import Definition
from service.demo.district import Agency, Stands, district
from storage.making.jobs import Recipe
from storage.tables import Campaign, RosterEntry, Unit, UnitKind

CHINA: Final = timezone(timedelta(hours=8))
_DAYS_LEFT: Final = 12
_KINDS: Final = {
    "区人民政府": UnitKind.GOVERNMENT,
    "人民政府": UnitKind.TOWNSHIP,
    "街道办事处": UnitKind.STREET,
    "局": UnitKind.DEPARTMENT,
}


@dataclass(frozen=True, slots=True)
class Plan:
    """What the district is built with."""

    definition: Definition
    recipe: Recipe
    today: date

    @property
    def year(self) -> int:
        """The year that is being reported on."""
        return self.today.year - 1

    @property
    def due_on(self) -> date:
        """The day by which reports are due: some days ahead."""
        return self.today + timedelta(days=_DAYS_LEFT)


def make_units(session: Session) -> dict[str, Unit]:
    """The office and everybody it supervises, itself among them."""
    office = Unit(name=district().office, contact=district().contact, kind=UnitKind.OFFICE)
    session.add(office)
    session.flush()
    office.supervisor_id = office.id
    agencies = [one for one in district().agencies if one.name != office.name]
    others = [_unit(one.name, office, place) for place, one in enumerate(agencies, 1)]
    session.add_all(others)
    session.flush()
    return {unit.name: unit for unit in (office, *others)}


def _unit(name: str, office: Unit, place: int) -> Unit:
    short = name.removeprefix("云溪区") if name.startswith("云溪区") and not name.endswith("人民政府") else ""
    return Unit(
        name=name,
        short_name=short,
        kind=next((kind for ending, kind in _KINDS.items() if name.endswith(ending)), UnitKind.OTHER),
        supervisor_id=office.id,
        position=place,
        contact=f"政务公开联络员 0000-66201{place:02}",
        # A few have none, as it is: they are called.
        email="" if place % 4 == 0 else f"zwgk{place:02}@yunxi.example",
    )


def open_campaign(session: Session, units: Mapping[str, Unit], plan: Plan, year: int) -> Campaign:
    """The campaign of one year: this year's is open, the one before long over."""
    this = year == plan.year
    campaign = Campaign(
        supervisor_id=units[district().office].id,
        definition=plan.definition.id,
        edition=plan.definition.edition,
        year=year,
        due_on=plan.due_on if this else date(year + 1, 1, 26),
        publish_by=plan.due_on + timedelta(days=5) if this else date(year + 1, 1, 31),
        closed_at=None if this else datetime(year + 1, 2, 2, 9, tzinfo=CHINA),
    )
    session.add(campaign)
    session.flush()
    return campaign


def expect(campaign: Campaign, unit: Unit, agency: Agency, today: date) -> RosterEntry:
    """The line of the roster that expects a unit's report, or says why there will be none."""
    entry = RosterEntry(campaign_id=campaign.id, unit_id=unit.id)
    if agency.stands is Stands.EXEMPT:
        entry.exempt_because = "机构改革中并入区政府办公室，不再单独报送"
    if agency.stands is Stands.LATE:
        entry.extended_to = today - timedelta(days=2)
        entry.extended_because = "机房搬迁，停电两天"
    return entry
