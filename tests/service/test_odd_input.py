"""Characters and numbers that no database takes: refused or cleaned in so many words, with both databases alike."""

import json
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from reports.states import ReportState
from service import create_app
from storage.people.keys import create_key
from storage.session import session_scope
from storage.settings import Settings
from storage.tables import Report, Role
from tests.people import annual
from tests.service.conftest import SYSTEM, Office
from tests.service.drafts import DECLARED, ready, send
from tests.service.visitors import Browser
from tests.units import county

CELL = "requests.received.natural_person"


@pytest.fixture
def office(either: Settings) -> Iterator[Office]:
    """An office with either database."""
    app = create_app(either)
    engine: Engine = app.extensions["nianbao"].engine
    with session_scope(engine) as session:
        key = create_key(session, SYSTEM, "operator:李明")
        units = county(session)
    yield Office(app, either, key, units)
    engine.dispose()


@pytest.fixture
def report(office: Office) -> str:
    with session_scope(office.engine) as session:
        key = {"definition": annual().id, "edition": annual().edition, "year": 2024}
        report = Report(unit_id=office.units.market.id, **key, state=ReportState.DRAFT)
        session.add(report)
    return report.public_id


def save(browser: Browser, report: str, name: str, version: int | None) -> int:
    token = browser.get("/").all("//meta[@name='csrf-token']/@content")[0]
    change = {"name": name, "value": "1", "note": "", "version": version}
    headers = {"X-CSRFToken": token, "Accept": "application/json", "Content-Type": "application/json"}
    data = json.dumps({"changes": [change]})
    return browser.client.post(f"/reports/{report}/fields", data=data, headers=headers).status_code


def test_a_version_that_there_cannot_be_is_a_bad_request(clerk: Browser, report: str) -> None:
    assert save(clerk, report, CELL, 2**31) == 400
    assert save(clerk, report, CELL, 10**30) == 400
    assert save(clerk, report, CELL, None) == 200


def test_a_version_of_what_there_never_was_overwrites_nobody(clerk: Browser, report: str) -> None:
    assert save(clerk, report, CELL, 7) == 200


def test_a_name_that_is_half_a_character_is_refused(clerk: Browser, report: str) -> None:
    assert save(clerk, report, "\ud800", None) == 422
    assert save(clerk, report, f"X1@{CELL}\x00", None) == 422


@pytest.mark.parametrize(
    "path", ["/accounts?like=%00", "/reports/%00", "/documents/%00.pdf", "/invitation?token=%00", "/?unit=%00"]
)
def test_a_character_that_is_none_finds_nothing(office: Office, path: str) -> None:
    units = office.units
    somebody = office.visitor("somebody", (Role.SECURITY, None), (Role.CLERK, units.market))
    assert somebody.get(path).status in (200, 400, 404, 410)


def test_it_is_no_name_to_sign_in_with(stranger: Browser) -> None:
    assert stranger.sign_in("wang\x00fang", "any").status in (400, 401)


def test_what_is_said_with_a_report_is_cleaned_and_has_an_end(office: Office, clerk: Browser, head: Browser) -> None:
    public_id = ready(office)
    path = f"/reports/{public_id}/send"
    refused = clerk.send(clerk.get(path), path, declared="yes", remark="改" * 501)
    assert refused.status == 422
    assert "最多 500 个字" in refused.words
    assert clerk.send(clerk.get(path), path, declared="yes", remark="已\x00核对\x0b").status == 303
    assert "已核对" in head.get(f"/reports/{public_id}/sign").words


def test_names_of_a_declaration_stand_in_one_line(office: Office, clerk: Browser) -> None:
    public_id = ready(office)
    assert send(clerk, public_id, **{**DECLARED, "filler": "王\x00芳\r\n主任"}).status == 303
    assert "王芳 主任" in clerk.get(f"/reports/{public_id}/receipt").words
