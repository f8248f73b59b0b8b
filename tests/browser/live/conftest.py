"""A real report in the real web server, and people who fill it in with real browsers."""

import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Error, Locator, Page, expect
from sqlalchemy import Engine

from reports.admitting import Change
from reports.answers import Answers
from reports.states import Move
from service.sections import inputs_of
from storage.filing.fields import fields_of, save
from storage.filing.reports import report_for
from storage.filing.steps import take
from storage.filing.submissions import submit
from storage.people.policy import Person
from storage.session import reading_scope, session_scope
from storage.tables import Report, Role, Unit
from tests.browser.conftest import PATIENCE, NewContext
from tests.browser.signing_in import sign_in
from tests.orders import RECIPE
from tests.people import annual
from tests.service.web_server import WebServer
from tests.units import person_with

_numbers = count(1)


class Form:
    """The page of one section as somebody sees it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.state = page.locator("[data-save-state]")
        self.bar = page.locator(".save-bar")
        self.panel = page.locator("#checks")
        self.conflicts = page.locator("#conflicts")
        self.dead: list[Page] = []
        page.on("crash", lambda dead: self.dead.append(dead))  # noqa: PLW0108  Playwright marks what it is handed.

    def field(self, name: str) -> Locator:
        return self.page.locator(f'[id="{name}"]')

    def finding(self, key: str) -> Locator:
        return self.page.locator(f'[data-finding="{key}"]')

    def type(self, name: str, words: str) -> None:
        """As fingers do: the field is entered, all of it selected, and written over."""
        self.field(name).focus()
        self.field(name).select_text()
        self.page.keyboard.insert_text(words) if words else self.page.keyboard.press("Delete")

    def save(self) -> None:
        self.page.keyboard.press("Control+s")

    def is_saved(self) -> None:
        expect(self.state).to_contain_text("已保存")

    def die(self) -> None:
        """As a browser does: without a last word. (A page that is closed would have one, and its line back for it.)"""
        # Its process may have been shared with a window that died before.
        if not self.dead:
            with self.page.expect_event("crash"), suppress(Error):
                self.page.goto("chrome://crash")
        self.page.close()

    @property
    def kept_here(self) -> dict[str, str]:
        """What this computer keeps."""
        kept: dict[str, str] = self.page.evaluate("({...localStorage})")
        return kept


@dataclass(frozen=True)
class Desk:
    """One report to be filled in, of a unit that no other test knows."""

    app: Flask
    origin: str
    report_id: int
    public_id: str
    unit: Unit

    @property
    def engine(self) -> Engine:
        engine: Engine = self.app.extensions["nianbao"].engine
        return engine

    def address(self, section: str) -> str:
        return f"/reports/{self.public_id}/fill/{section}"

    def person(self) -> Person:
        """Another clerk of the unit."""
        with session_scope(self.engine) as session:
            return person_with(session, f"clerk{next(_numbers)}-{self.public_id[:6].lower()}", (Role.CLERK, self.unit))

    def sign_in(self, context: BrowserContext, person: Person) -> None:
        sign_in(context, self.app, self.origin, person)

    def kept(self) -> dict[str, str]:
        """What the server has of every field."""
        with reading_scope(self.engine) as session:
            report = session.get_one(Report, self.report_id)
            return {name: field.value for name, field in fields_of(session, report).items()}

    def comes_to_keep(self, wanted: Mapping[str, str]) -> None:
        """Wait until the database holds just these: what the page says may be of the request before."""
        patience = time.monotonic() + PATIENCE / 1000
        while self.kept() != wanted and time.monotonic() < patience:
            time.sleep(0.05)
        assert self.kept() == wanted

    def fill(self, values: Mapping[str, str], actor: str = "operator:root") -> None:
        """Somebody else filled this in."""
        with session_scope(self.engine) as session:
            report = session.get_one(Report, self.report_id)
            save(session, report, [Change(name, value) for name, value in values.items()], actor, annual())

    def inputs(self, section: str) -> list[str]:
        """The cells that somebody has to fill in a section."""
        [wanted] = [one for one in annual().sections if one.key == section]
        return list(inputs_of(wanted))

    def sent_last_year(self, answers: Answers) -> None:
        """The unit sent this in the year before."""
        with session_scope(self.engine) as session:
            submit(session, answers, "operator:root", RECIPE)

    def send(self, actor: str = "operator:root") -> None:
        """Somebody else sent the report in."""
        with session_scope(self.engine) as session:
            take(session, session.get_one(Report, self.report_id), Move.SEND, actor)


@pytest.fixture
def desk(house: Flask, web: WebServer) -> Desk:
    """A report of 2024 in which nothing is filled in yet."""
    with session_scope(house.extensions["nianbao"].engine) as session:
        unit = Unit(name=f"临溪县第{next(_numbers)}试验局")
        session.add(unit)
        session.flush()
        report = report_for(session, unit, annual(), 2024)
        return Desk(house, f"http://127.0.0.1:{web.port}", report.id, report.public_id, unit)


@pytest.fixture
def visit(desk: Desk, new_context: NewContext) -> Callable[..., Form]:
    """`visit("requests")`: a clerk of the unit opens this section; `context` for another window of the same browser."""

    def open_one(
        section: str,
        context: BrowserContext | None = None,
        prepared: Callable[[Page], Any] = lambda page: None,
        **options: Any,
    ) -> Form:
        if context is None:
            context = new_context(desk.origin, **options)
            desk.sign_in(context, desk.person())
        page = context.new_page()
        prepared(page)
        page.goto(desk.address(section))
        expect(page.locator("html.live")).to_be_attached()
        return Form(page)

    return open_one
