"""Who gets in: people with a session, programs with a key, and nobody from another site."""

from collections.abc import Iterator

import pytest
from flask import Flask

from service import create_app
from service.access import local_address
from storage.people.keys import create_key, revoke_key
from storage.session import session_scope
from storage.settings import Settings
from tests.people import as_json, ordinary_report
from tests.service.conftest import SYSTEM, Office
from tests.service.visitors import Browser, Page, Program, told


def test_a_revoked_key_opens_nothing(office: Office, program: Program) -> None:
    assert program.get("/api/v1/reports").status_code == 200
    with session_scope(office.engine) as session:
        revoke_key(session, SYSTEM, "operator:李明")
    assert program.get("/api/v1/reports").status_code == 401


def test_a_cookie_does_not_open_the_api(reviewer: Browser) -> None:
    assert reviewer.client.get("/api/v1/reports").status_code == 401


def test_a_key_in_a_header_does_not_open_the_pages(office: Office, stranger: Browser) -> None:
    assert stranger.get("/", Authorization=f"Bearer {office.key}").status == 302


@pytest.mark.parametrize("scheme", ["Bearer nb_wrong", "Basic {key}", "{key}", "Bearer", "Bearer  ", "bearer\xa0é"])
def test_a_program_is_refused_unless_it_shows_a_key_properly(office: Office, program: Program, scheme: str) -> None:
    answer = program.get("/api/v1/reports", Authorization=scheme.format(key=office.key))
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert told(answer)["code"] == "key_refused"


def test_a_form_of_another_site_changes_nothing(office: Office, reviewer: Browser) -> None:
    page = reviewer.get("/reports")
    forged = reviewer.post("/sign-out", {"csrf_token": "guessed"})
    assert (forged.status, forged.heading) == (400, "页面已过期，刚才的操作没有执行")
    [token] = page.all("//form[@action='/reports']//input[@name='csrf_token']/@value")
    stolen = reviewer.post("/reports", {"csrf_token": token}, **{"Sec-Fetch-Site": "cross-site"})
    assert (stolen.status, stolen.heading) == (400, "页面已过期，刚才的操作没有执行")
    own = reviewer.post("/reports", {"csrf_token": token}, **{"Sec-Fetch-Site": "same-origin"})
    assert own.status == 422, "our own form gets as far as the missing file"


@pytest.mark.parametrize(
    ("asked", "led_to"),
    [
        ("/reports/abc", "/reports/abc"),
        ("https://elsewhere.example/", "/"),
        ("//elsewhere.example/", "/"),
        ("////elsewhere.example/", "/"),
        ("//[", "/"),
        ("/\\elsewhere.example", "/"),
        ("/\t/elsewhere.example", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
        (None, "/"),
    ],
)
def test_signing_in_leads_nowhere_but_to_this_site(office: Office, asked: str | None, led_to: str) -> None:
    with office.app.test_request_context():
        assert local_address(asked) == led_to


@pytest.fixture
def https_app(settings: Settings) -> Iterator[Flask]:
    app = create_app(settings.model_copy(update={"https": True}))
    yield app
    app.extensions["nianbao"].engine.dispose()


def cookie_of(app: Flask, **asked: str) -> str:
    return app.test_client().get("/sign-in", **asked).headers["Set-Cookie"]


def test_on_a_plain_intranet_the_cookie_is_hidden_from_scripts_and_other_sites(office: Office) -> None:
    cookie = cookie_of(office.app)
    assert cookie.startswith("nianbao=")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie
    assert "Expires" not in cookie, "it ends with the browser"


def test_behind_https_the_cookie_never_travels_in_the_open(https_app: Flask) -> None:
    cookie = cookie_of(https_app, base_url="https://office.example")
    assert cookie.startswith("__Host-nianbao=")
    assert {"Secure", "HttpOnly", "Path=/"} <= set(cookie.split("; "))
    assert "Domain" not in cookie


def test_behind_https_browsers_are_told_to_stay_there(https_app: Flask, office: Office) -> None:
    assert "max-age" in https_app.test_client().get("/sign-in").headers["Strict-Transport-Security"]
    assert "Strict-Transport-Security" not in office.app.test_client().get("/sign-in").headers


def test_behind_https_the_forms_still_work(https_app: Flask) -> None:
    client = https_app.test_client()
    office = {"base_url": "https://office.example"}
    page = Page(client.get("/sign-in", **office))
    [token] = page.all("//form[@action='/sign-in']/input[@name='csrf_token']/@value")
    fields = {"csrf_token": token, "login": "nobody", "password": "no"}
    assert client.post("/sign-in", data=fields, **office).status_code == 400, "it does not say where it comes from"
    own = {"Referer": "https://office.example/sign-in"}
    assert client.post("/sign-in", data=fields, headers=own, **office).status_code == 401, "it is read"


def test_two_keys_see_the_same_reports_under_their_own_names(office: Office, program: Program) -> None:
    program.hand_in(as_json(ordinary_report()))
    with session_scope(office.engine) as session:
        other = create_key(session, "民政局系统", "operator:李明")
    found = told(Program(office.app.test_client(), other).get("/api/v1/reports"))
    assert [one["submitted_by"] for one in found["reports"]] == [f"key:{SYSTEM}"]
