"""Whatever goes wrong is told in words: what happened, what to do, a number to quote; and nothing of the inside."""

import json
import re
from pathlib import Path

import pytest

from service import errors
from service.access import everybody
from storage.settings import Settings
from tests.people import as_json, ordinary_report
from tests.service.conftest import Office
from tests.service.visitors import Browser, Program, told

DOCS = Path(__file__).parent.parent.parent / "docs" / "errors.md"


@pytest.fixture
def broken(office: Office) -> Office:
    """An office with a page that nobody foresaw could fail."""

    def fail() -> str:
        raise RuntimeError("secret of the house")

    office.app.add_url_rule("/broken", view_func=everybody(fail))
    office.app.add_url_rule("/api/broken", endpoint="api_broken", view_func=fail)
    return office


def test_the_unforeseen_is_told_with_a_number_and_nothing_else(broken: Office, stranger: Browser) -> None:
    page = stranger.get("/broken")
    assert page.status == 500
    assert page.heading == "系统出了问题，刚才的操作没有完成"
    assert page.answer.headers["X-Request-ID"] in page.words
    assert "secret" not in page.text
    assert "Traceback" not in page.text


def test_the_number_leads_to_the_traceback_in_the_log(
    broken: Office, stranger: Browser, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    number = stranger.get("/broken").answer.headers["X-Request-ID"]
    [record] = [one for one in caplog.records if one.name == "service.errors"]
    assert number in str(record.msg)
    assert "secret of the house" in str(record.msg)


def test_a_program_gets_the_unforeseen_as_a_problem(broken: Office, program: Program) -> None:
    answer = program.get("/api/broken")
    assert (answer.status_code, answer.mimetype) == (500, "application/problem+json")
    problem = told(answer)
    assert problem["code"] == "internal_error"
    assert problem["request"] == answer.headers["X-Request-ID"]
    assert "secret" not in json.dumps(problem)


@pytest.mark.parametrize(
    ("path", "accept", "kind"),
    [
        ("/nothing", "text/html,application/xhtml+xml,*/*;q=0.8", "text/html"),
        ("/nothing", "*/*", "text/html"),
        ("/nothing", "application/json", "application/problem+json"),
        ("/nothing", "application/problem+json", "application/problem+json"),
        ("/api/nothing", "text/html", "application/problem+json"),
        ("/api/v1/nothing", "*/*", "application/problem+json"),
    ],
)
def test_people_get_a_page_and_programs_a_problem(office: Office, path: str, accept: str, kind: str) -> None:
    answer = office.app.test_client().get(path, headers={"Accept": accept})
    assert (answer.status_code, answer.mimetype) == (404, kind)


def test_a_wrong_method_says_which_are_right(program: Program) -> None:
    answer = program.client.delete("/api/v1/reports", headers=program.headers)
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]
    assert told(answer)["code"] == "http_405"


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever waits for a lock gives up soon; ask for it before the office."""
    monkeypatch.setattr("storage.session.WAIT_FOR_LOCK_SECONDS", 0.05)


def test_while_somebody_holds_the_database_a_report_is_refused_and_pages_can_be_read(
    impatient: None, office: Office, reviewer: Browser, program: Program
) -> None:
    with office.engine.connect() as somebody:
        somebody.exec_driver_sql("UPDATE audit_head SET number = number")
        answer = program.hand_in(as_json(ordinary_report()))
        assert reviewer.get("/reports").status == 200
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    assert told(answer)["code"] == "storage_unavailable"
    assert program.hand_in(as_json(ordinary_report())).status_code == 202


@pytest.mark.parametrize("path", ["/", "/reports/x", "/documents/x.pdf"])
def test_without_its_database_the_office_says_so(office: Office, reviewer: Browser, path: str) -> None:
    with office.engine.begin() as session:
        session.exec_driver_sql("ALTER TABLE login_session RENAME TO taken_away")
    page = reviewer.get(path)
    assert page.status == 503
    assert page.heading == "暂时存取不了数据"
    assert "OperationalError" not in page.text


def codes() -> set[str]:
    """Every code that a page or the API may answer with."""
    written = set(re.findall(r'Trouble\(\d+, "([a-z_]+)"', Path(errors.__file__).read_text("utf-8")))
    ours = [kind for kind in errors._TROUBLES if kind.__module__.startswith(("service.", "storage."))]
    return written | {kind.code for kind in ours if hasattr(kind, "code")}


def test_every_code_has_a_page_in_the_documentation() -> None:
    documented = set(re.findall(r"^### `([a-z_0-9]+)`", DOCS.read_text("utf-8"), re.MULTILINE))
    assert codes() >= {"internal_error", "answers_refused", "key_refused", "file_damaged"}
    assert codes() <= documented
    assert {f"http_{status}" for status in errors._STATUSES} <= documented


def test_settings_never_reach_a_page(settings: Settings, broken: Office, stranger: Browser) -> None:
    assert str(settings.data_dir) not in stranger.get("/broken").text
