"""The form's script saves what is typed and hears at once what does not hold; nothing is lost on the way."""

import gzip
import json
from collections.abc import Mapping
from typing import Any

import pytest
from werkzeug.test import TestResponse

from reports.faces.form import rules_of
from storage.filing.fields import fields_of
from storage.filing.reports import find_report
from storage.session import reading_scope, session_scope
from storage.tables import Report, ReportState, Role
from tests.people import ANNUAL, MARKET, annual, as_json, but, ordinary_report
from tests.service.conftest import Office
from tests.service.visitors import Browser, Program, told

CELL, TEXT = "requests.received.natural_person", "overview.proactive"


@pytest.fixture
def report(office: Office) -> str:
    """The market bureau's report, begun and empty; its public id."""
    with session_scope(office.engine) as session:
        key = {"definition": annual().id, "edition": annual().edition, "year": 2024}
        report = Report(unit_id=office.units.market.id, **key, state=ReportState.DRAFT)
        session.add(report)
    return report.public_id


def save(browser: Browser, report: str, *changes: Mapping[str, Any], token: str | None = None) -> TestResponse:
    """As the script does it: JSON, with the page's token."""
    if token is None:
        token = browser.get("/").all("//input[@name='csrf_token']/@value")[0]
    headers = {"X-CSRFToken": token, "Accept": "application/json"}
    return browser.client.post(f"/reports/{report}/fields", json={"changes": list(changes)}, headers=headers)


def change(name: str, value: str, version: int | None = 0, note: str = "") -> dict[str, Any]:
    return {"name": name, "value": value, "version": version, "note": note}


def kept(office: Office, report: str) -> dict[str, str]:
    with reading_scope(office.engine) as session:
        found = find_report(session, report)
        assert found is not None
        return {name: field.value for name, field in fields_of(session, found).items()}


def test_what_is_typed_is_kept_and_answered_with_what_does_not_hold(
    office: Office, clerk: Browser, report: str
) -> None:
    said = told(save(clerk, report, change(CELL, "十二"), change(TEXT, "2024年，主动公开14条。")))
    assert {one["name"]: one["version"] for one in said["saved"]} == {CELL: 1, TEXT: 1}
    assert said["conflicts"] == []
    assert kept(office, report) == {CELL: "十二", TEXT: "2024年，主动公开14条。"}
    [finding] = [one for one in said["findings"] if one["cells"] == [CELL]]
    assert "“十二”不是数" in finding["message"]
    assert (finding["section"], finding["weight"], finding["look"]) == ("requests", "错误", "bad")
    assert "“自然人”列" in finding["where"]
    assert [section["key"] for section in said["sections"]] == [one.key for one in annual().sections]
    assert len(said["at"]) == 5


def test_a_finding_says_which_cell_would_mend_it(clerk: Browser, office: Office, report: str, program: Program) -> None:
    ordinary = ordinary_report()["cells"]
    typed = [change(name, str(value)) for name, value in ordinary.items() if not annual().cells[name].total]
    said = told(save(clerk, report, *typed, change(CELL, "14")))
    [finding] = [one for one in said["findings"] if one["rule"] == "H3" and one["cells"][0] == CELL]
    assert {"cell": CELL, "value": "12"}.items() <= finding["mends"][0].items()
    assert finding["mends"][0]["sentence"]


def test_what_somebody_else_typed_meanwhile_is_shown_with_his_name(office: Office, clerk: Browser, report: str) -> None:
    colleague = office.visitor("chenli", (Role.CLERK, office.units.market))
    save(colleague, report, change(CELL, "7"))
    said = told(save(clerk, report, change(CELL, "8")))
    assert said["saved"] == []
    [conflict] = said["conflicts"]
    assert (conflict["value"], conflict["version"], conflict["by"]) == ("7", 1, "chenli先生")
    assert kept(office, report) == {CELL: "7"}


def test_what_was_taken_out_of_a_text_is_told(clerk: Browser, report: str) -> None:
    [saved] = told(save(clerk, report, change(TEXT, "主动\x07公开")))["saved"]
    assert (saved["value"], saved["cleaned"]) == ("主动公开", "已去掉 1 个不能印刷的字符")


def test_scripts_in_a_text_are_words_like_any_others(office: Office, clerk: Browser, report: str) -> None:
    script = "</script><script>alert(1)</script>"
    save(clerk, report, change(TEXT, script))
    assert kept(office, report) == {TEXT: script}


def test_what_cannot_be_kept_is_named_and_the_rest_is_kept(office: Office, clerk: Browser, report: str) -> None:
    answer = save(clerk, report, change("requests.received.nobody", "1"), change(CELL, "1" * 65), change(TEXT, "好。"))
    said = told(answer)
    assert (answer.status_code, said["code"]) == (422, "field_refused")
    assert {one["name"] for one in said["problems"]} == {"requests.received.nobody", CELL}
    assert kept(office, report) == {TEXT: "好。"}


@pytest.mark.parametrize("state", [ReportState.SUBMITTED, ReportState.REVIEWING, ReportState.APPROVED])
def test_nothing_is_changed_after_sending(office: Office, clerk: Browser, report: str, state: ReportState) -> None:
    with session_scope(office.engine) as session:
        found = find_report(session, report)
        assert found is not None
        found.state = state
    answer = save(clerk, report, change(CELL, "1"))
    assert (answer.status_code, told(answer)["code"]) == (409, "report_not_open")
    assert kept(office, report) == {}


def test_whoever_is_signed_out_is_told_so_in_json(office: Office, clerk: Browser, report: str) -> None:
    token = clerk.get("/").all("//input[@name='csrf_token']/@value")[0]
    with clerk.client.session_transaction() as cookie:
        cookie.pop("token")
    answer = save(clerk, report, change(CELL, "1"), token=token)
    assert (answer.status_code, told(answer)["code"]) == (401, "signed_out")


def test_without_the_pages_token_nothing_is_saved(office: Office, clerk: Browser, report: str) -> None:
    answer = save(clerk, report, change(CELL, "1"), token="forged")
    assert (answer.status_code, told(answer)["code"]) == (400, "form_expired")
    assert kept(office, report) == {}


def test_another_units_report_is_not_there(office: Office, report: str) -> None:
    stranger = office.visitor("sunwei", (Role.CLERK, office.units.archives))
    assert save(stranger, report, change(CELL, "1")).status_code == 404
    assert kept(office, report) == {}


def test_a_reviewer_reads_and_does_not_type(office: Office, reviewer: Browser, report: str) -> None:
    token = reviewer.get("/reports").all("//input[@name='csrf_token']/@value")[0]
    assert save(reviewer, report, change(CELL, "1"), token=token).status_code == 404


MALFORMED: dict[str, Any] = {
    "no changes": {},
    "a list": [],
    "changes that are no list": {"changes": {"name": CELL}},
    "a change that is a word": {"changes": ["1"]},
    "a number for a value": {"changes": [{"name": CELL, "value": 1, "version": 0}]},
    "no name": {"changes": [{"value": "1", "version": 0}]},
    "a version below zero": {"changes": [{"name": CELL, "value": "1", "version": -1}]},
    "a version that is true": {"changes": [{"name": CELL, "value": "1", "version": True}]},
    "more changes than any form has": {"changes": [{"name": CELL, "value": "1", "version": 0}] * 1001},
}


@pytest.mark.parametrize("sent", MALFORMED.values(), ids=MALFORMED)
def test_what_no_script_of_ours_sends_is_refused(office: Office, clerk: Browser, report: str, sent: object) -> None:
    token = clerk.get("/").all("//input[@name='csrf_token']/@value")[0]
    headers = {"X-CSRFToken": token, "Accept": "application/json"}
    assert clerk.client.post(f"/reports/{report}/fields", json=sent, headers=headers).status_code == 400
    assert kept(office, report) == {}


# --- rules ---


def test_the_rules_are_kept_by_the_browser_under_an_address_that_changes_with_them(
    office: Office, clerk: Browser, report: str
) -> None:
    save(clerk, report, change(CELL, "1"))
    [address] = clerk.get(f"/reports/{report}/fill/requests").all("//*[@id='form']/@data-rules")
    answer = clerk.client.get(address, headers={"Accept-Encoding": "gzip"})
    assert json.loads(gzip.decompress(answer.data)) == json.loads(json.dumps(rules_of(annual())))
    assert "immutable" in answer.headers["Cache-Control"]
    assert len(answer.data) < 10_000


def test_rules_under_an_old_address_are_not_kept(clerk: Browser) -> None:
    answer = clerk.client.get(f"/definitions/{ANNUAL}/rules.json?v=old")
    assert answer.headers["Cache-Control"] == "no-store"
    assert json.loads(answer.data)["definition"] == ANNUAL


def test_rules_of_no_definition_are_not_there(clerk: Browser) -> None:
    assert clerk.client.get("/definitions/nothing/1/rules.json").status_code == 404


# --- programs ---


def test_after_a_submission_by_program_the_form_shows_what_was_sent(office: Office, program: Program) -> None:
    document = but(ordinary_report(MARKET), cells={"article_20_8.fees.charged": "12.50"})
    public_id = told(program.hand_in(as_json(document)))["report"].rpartition("/")[2]
    values = kept(office, public_id)
    assert values["article_20_8.fees.charged"] == "12.50"
    assert values[TEXT] == document["texts"][TEXT]


@pytest.mark.parametrize("state", [ReportState.REVIEWING, ReportState.APPROVED])
def test_a_program_is_told_that_a_report_is_closed(office: Office, program: Program, state: ReportState) -> None:
    public_id = told(program.hand_in(as_json(ordinary_report())))["report"].rpartition("/")[2]
    with session_scope(office.engine) as session:
        found = find_report(session, public_id)
        assert found is not None
        found.state = state
    before = kept(office, public_id)
    answer = program.hand_in(as_json(but(ordinary_report(), texts={TEXT: "2024年，改了。"})))
    assert (answer.status_code, told(answer)["code"]) == (409, "report_closed")
    assert "审核人退回" in told(answer)["detail"]
    assert kept(office, public_id) == before
