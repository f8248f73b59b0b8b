"""An office with a campaign in the real web server; its units send in, its reviewers have real browsers."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import Engine, select

from reports.admitting import Change
from reports.drafting import inputs
from reports.states import ReportState
from storage.filing.fields import fields_of, save
from storage.filing.reports import report_for
from storage.filing.sending import send
from storage.filing.submissions import submit
from storage.people.policy import Person
from storage.session import reading_scope, session_scope
from storage.tables import Campaign, Report, Role, RosterEntry, Start, Unit
from tests.browser.conftest import PATIENCE, NewContext
from tests.browser.signing_in import sign_in
from tests.orders import RECIPE
from tests.people import annual, but, ordinary_report, read
from tests.service.web_server import WebServer
from tests.units import collect, person_with

IN_FORCE = "article_20_1.normative_documents.in_force"
_numbers = count(1)


@dataclass(frozen=True)
class Office:
    """A supervising office that no other test knows, with its campaign of 2025."""

    app: Flask
    origin: str
    unit: Unit
    campaign: Campaign

    @property
    def engine(self) -> Engine:
        engine: Engine = self.app.extensions["nianbao"].engine
        return engine

    def units(self, number: int) -> list[Unit]:
        """So many units whose reports are expected."""
        with session_scope(self.engine) as session:
            units = [
                Unit(name=f"{self.unit.name}{next(_numbers)}局", supervisor_id=self.unit.id) for _ in range(number)
            ]
            session.add_all(units)
            session.flush()
            session.add_all(RosterEntry(campaign_id=self.campaign.id, unit_id=unit.id) for unit in units)
        return units

    def person(self, role: Role, unit: Unit | None = None) -> Person:
        """Somebody of the office, or of a unit."""
        with session_scope(self.engine) as session:
            return person_with(session, f"{role.value}{next(_numbers)}-{self.unit.id}", (role, unit or self.unit))

    def sent(self, unit: Unit, **texts: str) -> str:
        """The unit filled in its report and sent it; its public id."""
        with session_scope(self.engine) as session:
            submit(session, read(ordinary_report(unit.name, 2024)), "operator:root", RECIPE)
        said = read(but(ordinary_report(unit.name, 2025), cells={IN_FORCE: 11}, texts=own_words(unit) | texts))
        typed = {name: said.shown(name) for name in inputs(annual())} | dict(said.texts)
        with session_scope(self.engine) as session:
            report = report_for(session, unit, annual(), 2025)
            report.started = Start.BLANK
            save(session, report, [Change(name, value) for name, value in typed.items()], "operator:root", annual())
        with session_scope(self.engine) as session:
            report = session.get_one(Report, report.id)
            send(session, report, said, {}, {"filler": "王芳", "filler_phone": "0571-8801"}, "operator:root", RECIPE)
            return report.public_id

    def state(self, report: str) -> ReportState:
        with reading_scope(self.engine) as session:
            return session.scalars(select(Report.state).where(Report.public_id == report)).one()

    def comes_to_be(self, report: str, wanted: ReportState) -> None:
        """Wait until the report stands there."""
        patience = time.monotonic() + PATIENCE / 1000
        while self.state(report) is not wanted and time.monotonic() < patience:
            time.sleep(0.05)
        assert self.state(report) is wanted

    def filled_in(self, report: str, name: str) -> str:
        """What stands in a field of its form."""
        with reading_scope(self.engine) as session:
            found = session.scalars(select(Report).where(Report.public_id == report)).one()
            return fields_of(session, found)[name].value


def own_words(unit: Unit) -> dict[str, str]:
    """Long enough a text of the unit's own: nobody's is another's."""
    letters = "".join(chr(0x4E00 + (unit.id * 997 + step * 61) % 20_000) for step in range(120))
    return {"overview.management": f"{letters}。", "overview.platform": f"{letters[::-1]}。"}


@pytest.fixture
def office(house: Flask, web: WebServer) -> Office:
    with session_scope(house.extensions["nianbao"].engine) as session:
        unit = Unit(name=f"青溪县第{next(_numbers)}片")
        session.add(unit)
        session.flush()
        campaign = collect(session, unit)
    return Office(house, f"http://127.0.0.1:{web.port}", unit, campaign)


@pytest.fixture
def enter(office: Office, new_context: NewContext) -> Callable[..., Page]:
    """`enter(person, "/review")`: somebody who is signed in already opens that page."""

    def open_one(person: Person, path: str, **options: Any) -> Page:
        context = new_context(office.origin, **options)
        sign_in(context, office.app, office.origin, person)
        page = context.new_page()
        page.goto(path)
        return page

    return open_one


def is_alive(page: Page) -> None:
    """Until the scripts of the page listen."""
    expect(page.locator("html.live")).to_be_attached()
