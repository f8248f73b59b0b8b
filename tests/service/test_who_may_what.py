"""Every role at every address, with a unit that is theirs and with one that is not: what is not allowed is not there.

The table is in `tests/service/routes.py`; a route that is not in it fails here with the line to add.
"""

import re
import secrets
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from service import access, create_app
from storage.batches import batches
from storage.files import DocumentFiles
from storage.people.keys import create_key
from storage.people.policy import Person
from storage.roster.campaigns import find_campaign
from storage.session import session_scope
from storage.settings import Settings
from storage.tables import Account, Revision, Role, Scope
from tests.orders import RECIPE
from tests.people import LANJIANG, MARKET, as_json, ordinary_report
from tests.printing import pdf_with
from tests.service import routes
from tests.service.conftest import SYSTEM, Office
from tests.service.routes import ROUTES, Everybody, Newcomers, People, Programs, of_kind
from tests.service.visitors import Browser, Program, told
from tests.trying import found_sound, handed_in, tried
from tests.units import collect, county, person_with

RULES = {
    Everybody: access._let_in,
    Newcomers: access._by_new_session,
    People: access._by_session,
    Programs: access._by_key,
}
OWN, FOREIGN = MARKET, LANJIANG
OF_A_UNIT = re.compile(r"/(reports|documents|campaigns|archives|review|batches)/<")


@dataclass(frozen=True)
class World:
    """Two units that have both sent in a report whose documents are made, and somebody of each role for the first."""

    office: Office
    people: dict[str, Person]
    # By the unit's name: what stands in addresses.
    names: dict[str, dict[str, str]]

    def path(self, address: str, unit: str) -> str:
        """An address of the table with something of this unit in it."""

        def name(found: re.Match[str]) -> str:
            # `<public_id>` is called differently behind each first word: reports, accounts, campaigns.
            first = address.split("/")[1]
            place = "accounts" if first.startswith("account") else "templates" if first == "templates" else "reports"
            choices = re.match(r"any\((\w+)", found[1])
            variable = found[1].rpartition(":")[2]
            known = self.names[unit]
            return choices[1] if choices else known.get(f"{place}.{variable}", known.get(variable, "something"))

        return re.sub(r"<([^>]+)>", name, address.partition(" ")[2])

    def ask(self, role: str, address: str, unit: str) -> TestResponse:
        """What somebody of this role is answered there."""
        browser = Browser(self.office.app.test_client()).enter(self.office.engine, self.people[role])
        sent, form = (getattr(ROUTES[address], name, None) for name in ("sent", "form"))
        told = {name: self.names[unit].get(value.strip("<>"), value) for name, value in (form or {}).items()}
        method = address.partition(" ")[0]
        return browser.client.open(self.path(address, unit), method=method, json=sent, data=told or None, buffered=True)


@pytest.fixture(scope="module")
def pattern(tmp_path_factory: pytest.TempPathFactory, sqlite_pattern: Path) -> World:
    """What the world of each test is copied from."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("world"))
    shutil.copy(sqlite_pattern, settings.data_dir / "nianbao.sqlite3")
    app = create_app(settings)
    with session_scope(app.extensions["nianbao"].engine) as session:
        units, key = county(session), create_key(session, SYSTEM, "operator:李明")
        people = {
            routes.CLERK: person_with(session, "clerk", (Role.CLERK, units.market)),
            routes.HEAD: person_with(session, "head", (Role.HEAD, units.market)),
            routes.REVIEWER: person_with(session, "reviewer", (Role.REVIEWER, units.office)),
            routes.SYSTEM: person_with(session, "system", (Role.SYSTEM, None)),
            routes.SECURITY: person_with(session, "security", (Role.SECURITY, None)),
            routes.AUDIT: person_with(session, "audit", (Role.AUDIT, None)),
            routes.NOBODY: person_with(session, "nobody"),
        }
        somebody = person_with(session, "somebody")
        called = {
            unit.name: {
                "campaign": collect(session, office, unit).public_id,
                "unit": unit.public_id,
                "accounts.public_id": somebody.public_id,
                "id": "open-government-annual",
                "edition": "2021",
                "section": "requests",
                "number": "1",
            }
            for office, unit in ((units.office, units.market), (units.elsewhere, units.elsewhere))
        }
        for known in called.values():
            campaign = find_campaign(session, known["campaign"])
            assert campaign
            known["batch"] = batches.start(session, campaign, Scope.APPROVED, RECIPE, "operator:李明").public_id
    office = Office(app, settings, key, units)
    program = Program(app.test_client(), key)
    for unit in (OWN, FOREIGN):
        taken = told(program.hand_in(as_json(ordinary_report(unit))))
        office.make(taken["job"]["id"], pdf=pdf_with("一", "二"))
        called[unit] |= {
            "reports.public_id": taken["report"].rpartition("/")[2],
            "document": f"{taken['job']['id']}.pdf",
        }
    with session_scope(office.engine) as session:
        files, folder = DocumentFiles(settings), settings.data_dir
        template = found_sound(session, files, handed_in(session, files, folder), folder)
        trial = tried(session, files, template, session.scalars(select(Revision)).first(), folder)
        for known in called.values():
            known |= {"templates.public_id": template.public_id, "templates.job": trial.public_id}
    office.engine.dispose()
    return World(office, people, called)


@pytest.fixture
def world(pattern: World, tmp_path: Path) -> Iterator[World]:
    """A world of its own for each test, since some doors change what is behind others."""
    folder = tmp_path / "world"
    shutil.copytree(pattern.office.settings.data_dir, folder)
    settings = Settings(data_dir=folder)
    app = create_app(settings)
    app.config["WTF_CSRF_ENABLED"] = False
    yield replace(pattern, office=replace(pattern.office, app=app, settings=settings))
    app.extensions["nianbao"].engine.dispose()


def is_let_in(answer: TestResponse) -> bool:
    """Whether it is any answer but: there is no such thing, or sign in first."""
    assert answer.status_code < 500, answer.get_data(as_text=True)
    return answer.status_code not in (401, 403, 404) and not str(answer.location or "").startswith("/sign-in")


def kind_of(app: Flask, address: str) -> type | None:
    method, _, path = address.partition(" ")
    for rule in app.url_map.iter_rules():
        if rule.rule == path and method in (rule.methods or ()):
            asked = access.rule_of(app.view_functions[rule.endpoint])
            return next((kind for kind, known in RULES.items() if known is asked), None)
    return None


def test_every_route_is_in_the_table_and_every_line_is_a_route(world: World) -> None:
    there = {
        f"{method} {rule.rule}"
        for rule in world.office.app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    missing = [f'    "{address}": People(…),' for address in sorted(there - ROUTES.keys())]
    assert not missing, "say in tests/service/routes.py who may call them:\n" + "\n".join(missing)
    assert not ROUTES.keys() - there, (
        "these routes are no longer there: remove their lines from tests/service/routes.py"
    )


@pytest.mark.parametrize("address", sorted(ROUTES))
def test_every_route_has_the_rule_of_the_table(world: World, address: str) -> None:
    assert kind_of(world.office.app, address) is type(ROUTES[address])


@pytest.mark.parametrize("address", of_kind(Newcomers, People))
def test_the_roles_of_the_table_are_let_in_and_for_all_others_there_is_nothing(world: World, address: str) -> None:
    allowed = ROUTES[address].roles  # type: ignore[union-attr]
    let_in = {role for role in sorted(routes.ROLES) if is_let_in(world.ask(role, address, OWN))}
    assert let_in == allowed, f"{address}: the table says {sorted(allowed)}, let in are {sorted(let_in)}"


@pytest.mark.parametrize("address", [one for one in of_kind(People) if OF_A_UNIT.search(one)])
def test_what_belongs_to_another_unit_is_not_there_for_anybody(world: World, address: str) -> None:
    assert world.path(address, OWN) != world.path(address, FOREIGN), "the address must name something of a unit"
    answers = {role: world.ask(role, address, FOREIGN).status_code for role in sorted(routes.ROLES)}
    assert answers == dict.fromkeys(sorted(routes.ROLES), 404)


@pytest.mark.parametrize("address", of_kind(People))
def test_who_has_to_choose_a_password_first_gets_nowhere_else(world: World, address: str) -> None:
    office = world.office
    with session_scope(office.engine) as session:
        person = person_with(
            session, f"due-{secrets.token_hex(8)}", (Role.CLERK, office.units.market), (Role.SECURITY, None)
        )
        session.get_one(Account, person.account_id).must_change = True
    browser = Browser(office.app.test_client()).enter(office.engine, person)
    answer = browser.client.open(world.path(address, OWN), method=address.partition(" ")[0])
    assert (answer.status_code, answer.location) == (302, "/account/password")
