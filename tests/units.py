"""A county for the tests: the office that supervises, the units whose reports it collects, and who works there."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from storage.people.accounts import appoint, create_account, load_person
from storage.people.policy import Person
from storage.roster.campaigns import open_campaign
from storage.tables import Campaign, Role, Unit
from tests.people import ARCHIVES, LANJIANG, MARKET, annual

OFFICE = "临溪县人民政府办公室"
ADMINISTRATOR = "operator:root"


@dataclass(frozen=True)
class County:
    """Two units under one office, and a third that is another office's."""

    office: Unit
    archives: Unit
    market: Unit
    elsewhere: Unit


def county(session: Session) -> County:
    """临溪县 with its office and two units, and 澜江市, which is none of its business."""
    office = Unit(name=OFFICE, contact="王敏 0571-8800")
    elsewhere = Unit(name=LANJIANG)
    session.add_all([office, elsewhere])
    session.flush()
    archives = Unit(name=ARCHIVES, supervisor_id=office.id)
    market = Unit(name=MARKET, supervisor_id=office.id)
    session.add_all([archives, market])
    session.flush()
    return County(office, archives, market, elsewhere)


def person_with(session: Session, login: str, *appointments: tuple[Role, Unit | None]) -> Person:
    """Somebody with these appointments."""
    account = create_account(session, login, f"{login}先生", ADMINISTRATOR)
    for role, unit in appointments:
        appoint(session, account, role, unit, ADMINISTRATOR)
    person = load_person(session, account.id)
    assert person is not None
    return person


def collect(session: Session, office: Unit, *units: Unit, year: int = 2025, days: int = 10) -> Campaign:
    """An office collects the reports of these units; they are due in so many days from today."""
    due = date.today() + timedelta(days=days)
    definition = annual()
    return open_campaign(session, office, definition, year, due, due + timedelta(days=10), units, ADMINISTRATOR)
