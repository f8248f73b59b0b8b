"""What is handed in is kept as it is or refused by name; by page and by API alike, and never half."""

import json

import pytest
from sqlalchemy import select

from reports.checks import check
from storage.filing.reports import latest_revision
from storage.session import reading_scope
from storage.tables import AuditEvent, Report, Unit
from tests.people import ANNUAL, LANJIANG, as_json, but, nil_return, ordinary_report, read
from tests.service.conftest import SYSTEM, Office
from tests.service.visitors import Browser, Program, told

NOTHING = {"unit": 0, "report": 0, "revision": 0, "job": 0, "audit": 0}
ONE_OF_EACH = {"unit": 1, "report": 1, "revision": 1, "job": 1, "audit": 1}
CELL = "requests.received.natural_person"
TEXT = "overview.proactive"


def cell(value: object) -> bytes:
    return as_json(but(ordinary_report(), cells={CELL: value}))


def literal(value: str) -> bytes:
    """A number as nobody but a program writes it."""
    return cell("HERE").replace(b'"HERE"', value.encode())


def text(value: str) -> bytes:
    return as_json(but(ordinary_report(), texts={TEXT: value}))


def without(name: str) -> bytes:
    document = ordinary_report()
    del document["cells"][name]
    return as_json(document)


def unit(name: object) -> bytes:
    return as_json(ordinary_report() | {"unit": {"name": name}})


UNREADABLE: dict[str, tuple[bytes, str]] = {
    "nothing at all": (b"", "文件"),
    "no JSON": (b"<html>", "文件"),
    "only half of it": (as_json(ordinary_report())[:-40], "文件"),
    "a list": (b"[]", "文件"),
    "another encoding": (as_json(ordinary_report()).decode().encode("gb18030"), "文件"),
    "the same key twice": (
        as_json(ordinary_report()).replace(b'"year": 2024', b'"year": 2024, "year": 2023'),
        "",
    ),
    "not a number": (literal("NaN"), "文件"),
    "brackets without end": (b"[" * 100_000, "文件"),
    "an unknown kind of report": (as_json(ordinary_report() | {"report": "nothing/1"}), "report"),
    "an unknown name": (as_json(but(ordinary_report(), cells={"requests.received.nobody": 1})), ""),
    "a lone surrogate": (text("\ud800"), TEXT),
    "NUL": (text("before\0after"), TEXT),
    "two megabytes of text": (text("公" * 700_000), TEXT),
    "CRLF in a name": (unit("临溪县\r\n档案局"), "unit.name"),
    "a name of 201 characters": (unit("局" * 201), "unit.name"),
    "no unit": (unit(""), "unit.name"),
    "a unit that is a number": (unit(7), "unit.name"),
    "the year 1899": (as_json(ordinary_report() | {"year": 1899}), "year"),
    "a year in words": (as_json(ordinary_report() | {"year": "2024"}), "year"),
}
BLOCKED: dict[str, bytes] = {
    "a missing figure": without(CELL),
    "a blank figure": cell(""),
    "null": cell(None),
    "-3": cell(-3),
    "3.5": cell(3.5),
    "1e9999": literal("1e9999"),
    "300 digits": literal("9" * 300),
    "5000 digits": literal("9" * 5000),
    "words for a number": cell("十二"),
    "a list for a number": cell([12]),
    "true": cell(True),
    "a formula for a number": cell("{{ 7*7 }}"),
}
KEPT: dict[str, bytes] = {
    "an ordinary report": as_json(ordinary_report()),
    "a nil return": as_json(nil_return()),
    "a number in quotes": cell("12"),
    "a name of 200 characters": unit("局" * 200),
    "a formula": text("2024年 {{ 7*7 }} {% for x in y %}"),
    "a script": text("2024年 <script>alert(1)</script> & <b>"),
    "CRLF in a text": text("2024年第一段\r\n第二段"),
    "rare characters": unit("\U00020bb7野村民委员会"),
}


@pytest.mark.parametrize("what", UNREADABLE)
def test_what_cannot_be_read_is_refused_by_name_to_a_program(office: Office, program: Program, what: str) -> None:
    data, name = UNREADABLE[what]
    answer = program.hand_in(data)
    assert answer.status_code == 422
    assert answer.mimetype == "application/problem+json"
    refusal = told(answer)
    assert refusal["code"] == "answers_refused"
    assert all(one["name"] and one["reason"] and one["remedy"] for one in refusal["problems"])
    assert any(one["name"].startswith(name) for one in refusal["problems"])
    assert office.kept() == NOTHING


@pytest.mark.parametrize("what", BLOCKED)
def test_what_does_not_add_up_is_refused_with_findings_to_a_program(
    office: Office, program: Program, what: str
) -> None:
    answer = program.hand_in(BLOCKED[what])
    assert answer.status_code == 422
    refusal = told(answer)
    assert refusal["code"] == "answers_blocked"
    assert any(CELL in one["cells"] and one["severity"] == "error" for one in refusal["findings"])
    assert office.kept() == NOTHING


@pytest.mark.parametrize("what", KEPT)
def test_what_can_be_kept_is_kept_as_it_is(office: Office, program: Program, what: str) -> None:
    answer = program.hand_in(KEPT[what])
    assert answer.status_code == 202
    full = told(program.get(told(answer)["report"]))
    assert as_json(full["answers"]) == as_json(json.loads(read(json.loads(KEPT[what])).to_json()))
    assert office.kept() == ONE_OF_EACH


@pytest.mark.parametrize("what", {**UNREADABLE, **BLOCKED})
def test_the_page_refuses_what_the_api_refuses_in_the_same_words(
    office: Office, reviewer: Browser, program: Program, what: str
) -> None:
    data = UNREADABLE[what][0] if what in UNREADABLE else BLOCKED[what]
    refusal = told(program.hand_in(data))
    page = reviewer.hand_in(data)
    assert page.status == 422
    assert page.heading == refusal["title"]
    for problem in refusal.get("problems", []):
        assert " ".join(f"{problem['reason']}；{problem['remedy']}".split()) in page.words
    for finding in refusal.get("findings", []):
        assert finding["message"] in page.words
    assert page.all("//input[@type='file']"), "the next try begins on the same page"
    assert office.kept() == NOTHING


@pytest.mark.parametrize("what", KEPT)
def test_the_page_keeps_what_the_api_keeps(office: Office, reviewer: Browser, what: str) -> None:
    page = reviewer.hand_in(KEPT[what])
    assert page.status == 303
    shown = reviewer.get(page.answer.headers["Location"])
    assert shown.status == 200
    for paragraph in json.loads(KEPT[what])["texts"][TEXT].splitlines():
        assert paragraph in shown.words
    assert not shown.all("//article//script")
    assert office.kept() == ONE_OF_EACH


def test_a_page_without_a_file_says_what_is_missing(office: Office, reviewer: Browser) -> None:
    page = reviewer.send(reviewer.get("/reports"), "/reports")
    assert page.status == 422
    assert "没有选择文件；请选择填报数据文件（JSON）" in page.words


def test_five_megabytes_are_refused_before_they_are_read(office: Office, program: Program, reviewer: Browser) -> None:
    answer = program.hand_in(b" " * 5_000_000)
    assert answer.status_code == 413
    assert "最多 4 MB" in told(answer)["detail"]
    page = reviewer.hand_in(b" " * 5_000_000)
    assert page.status == 413
    assert "最多 4 MB" in page.words
    assert office.kept() == NOTHING


def test_a_program_is_told_where_to_follow_its_report(program: Program) -> None:
    answer = program.hand_in(as_json(ordinary_report()))
    taken = told(answer)
    assert answer.headers["Location"] == taken["job"]["url"]
    assert taken["is_new"] is True
    assert taken["revision"] == 1
    assert taken["job"]["state"] == "queued"
    assert taken["job"]["state_in_words"] == "排队中"
    assert told(program.get(taken["job"]["url"])) == taken["job"]


def test_the_same_answers_again_lead_to_the_same_job(office: Office, program: Program) -> None:
    first, again = (told(program.hand_in(as_json(ordinary_report()))) for _ in range(2))
    assert again == first | {"is_new": False}
    assert office.kept() == ONE_OF_EACH


def test_the_same_answers_written_otherwise_lead_to_the_same_job(office: Office, program: Program) -> None:
    document = ordinary_report()
    document["cells"] = dict(reversed(document["cells"].items()))
    first = told(program.hand_in(as_json(ordinary_report())))
    again = told(program.hand_in(json.dumps(document, indent=4).encode()))
    assert again["job"]["id"] == first["job"]["id"]
    assert office.kept() == ONE_OF_EACH


def test_other_answers_make_another_revision_of_the_same_report(office: Office, program: Program) -> None:
    first = told(program.hand_in(as_json(ordinary_report())))
    second = told(program.hand_in(text("2024年，全年主动公开政府信息15条。")))
    assert second["report"] == first["report"]
    assert second["revision"] == 2
    assert second["job"]["id"] != first["job"]["id"]
    assert office.kept() == ONE_OF_EACH | {"revision": 2, "job": 2, "audit": 2}


def test_a_hint_does_not_block_and_is_told(program: Program, reviewer: Browser) -> None:
    long = text("2024年" + "公开" * 2_000)
    hints = [finding.to_json() for finding in check(read(json.loads(long)))]
    assert hints, "the definition says how long the first part should be"
    taken = told(program.hand_in(long))
    assert taken["findings"] == hints
    assert hints[0]["message"] in reviewer.get(taken["report"].removeprefix("/api/v1")).words


def test_it_is_compared_with_the_report_of_the_year_before(program: Program, reviewer: Browser) -> None:
    said_last_year = but(ordinary_report(year=2023), cells={"article_20_1.normative_documents.in_force": 5})
    told(program.hand_in(as_json(said_last_year)))
    taken = told(program.hand_in(as_json(ordinary_report(year=2024))))
    recount = [finding for finding in taken["findings"] if finding["rule"] == "X2"]
    assert [(one["severity"], one["left"], one["right"]) for one in recount] == [("explain", 9, 7)]
    assert recount[0]["message"] in reviewer.get(taken["report"].removeprefix("/api/v1")).words
    assert recount[0] in told(program.get(taken["report"]))["findings"]


def test_the_report_of_another_unit_or_year_is_nothing_to_compare_with(program: Program) -> None:
    told(program.hand_in(as_json(ordinary_report("临溪县教育局", 2023))))
    told(program.hand_in(as_json(ordinary_report(year=2022))))
    taken = told(program.hand_in(as_json(ordinary_report(year=2024))))
    assert taken["findings"] == []


def test_who_handed_it_in_is_on_record(office: Office, program: Program) -> None:
    program.hand_in(as_json(ordinary_report()))
    with reading_scope(office.engine) as session:
        report = session.scalars(select(Report)).one()
        revision = latest_revision(session, report)
        event = session.scalars(select(AuditEvent).where(AuditEvent.action == "report.send")).one()
    assert revision is not None
    assert (event.actor, event.subject) == (f"key:{SYSTEM}", f"report:{report.public_id}")
    assert revision.created_by == f"key:{SYSTEM}"


def test_when_the_record_cannot_be_written_nothing_is_kept(
    office: Office, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr("storage.audit.record", full)
    assert program.hand_in(as_json(ordinary_report())).status_code == 503
    assert office.kept() == NOTHING


def test_the_list_has_pages(program: Program) -> None:
    for year in range(2021, 2026):
        assert program.hand_in(as_json(nil_return(year=year))).status_code == 202
    first = told(program.get("/api/v1/reports?limit=3"))
    assert [one["year"] for one in first["reports"]] == [2025, 2024, 2023]
    second = told(program.get(first["next"]))
    assert [one["year"] for one in second["reports"]] == [2022, 2021]
    assert second["next"] is None


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "limit=x", "offset=-1", "offset=99999999999"])
def test_a_wrong_parameter_is_named(program: Program, query: str) -> None:
    answer = program.get(f"/api/v1/reports?{query}")
    assert answer.status_code == 422
    assert told(answer)["problems"][0]["name"] == query.partition("=")[0]


def test_definitions_lead_to_their_schemas(program: Program) -> None:
    [definition] = told(program.get("/api/v1/definitions"))["definitions"]
    assert definition["reference"] == ANNUAL
    assert definition["figures"] == 200
    schema = told(program.get(definition["schema_url"]))
    assert len(schema["properties"]["cells"]["properties"]) == 200
    assert program.get("/api/v1/definitions/nothing/1/schema").status_code == 404


@pytest.mark.parametrize("kind", ["reports", "jobs", "documents"])
@pytest.mark.parametrize("id", ["nothing", "1", "a" * 500, "%00", "..%2f..%2fetc%2fpasswd", "x.pdf", "é"])
def test_what_nobody_knows_is_not_found(program: Program, reviewer: Browser, kind: str, id: str) -> None:
    assert program.get(f"/api/v1/{kind}/{id}").status_code == 404
    assert reviewer.get(f"/{kind}/{id}").status == 404


def test_nobody_hands_in_for_the_units_of_another_office(office: Office, reviewer: Browser) -> None:
    page = reviewer.hand_in(as_json(ordinary_report(LANJIANG)))
    assert (page.status, page.heading) == (403, f"不能替“{LANJIANG}”报送")
    assert office.kept() == NOTHING


def test_a_unit_that_is_new_belongs_to_the_office_that_hands_in(office: Office, reviewer: Browser) -> None:
    assert reviewer.hand_in(as_json(ordinary_report("临溪县新设局"))).status == 303
    with reading_scope(office.engine) as session:
        unit = session.scalars(select(Unit).where(Unit.name == "临溪县新设局")).one()
    assert unit.supervisor_id == office.units.office.id


def test_a_clerk_hands_in_nothing_by_file(office: Office, clerk: Browser) -> None:
    [token] = clerk.get("/account").all("//meta[@name='csrf-token']/@content")
    assert clerk.post("/reports", {"csrf_token": token}).status == 404
