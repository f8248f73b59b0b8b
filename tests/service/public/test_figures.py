"""Figures of a report and of a year: the same in every file, added up with their coverage, described for programs."""

import csv
import io
import json
from typing import Any

import jsonschema
import pytest
from python_calamine import CalamineWorkbook

from storage.session import session_scope
from storage.tables import Unit, UnitKind
from tests.people import ARCHIVES, LANJIANG, MARKET, annual, but, nil_return, ordinary_report
from tests.service.conftest import Office
from tests.service.drafts import exempt
from tests.service.published import closed, opened
from tests.service.visitors import Browser
from tests.units import collect

RECEIVED = "requests.received.total"
FEES = "article_20_8.fees.charged"


def told(stranger: Browser, path: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(stranger.client.get(path, buffered=True).data)
    return found


def lines(stranger: Browser, path: str) -> list[list[str]]:
    data = stranger.client.get(path, buffered=True).data
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))


@pytest.fixture
def campaign(office: Office):
    """The reports of both units for 2024."""
    units = office.units
    with session_scope(office.engine) as session:
        return collect(session, units.office, units.market, units.archives, year=2024)


def test_a_reports_json_is_what_its_schema_says(office: Office, stranger: Browser) -> None:
    report = opened(office, but(ordinary_report(), cells={FEES: {"value": "12.365", "note": "含退费"}}))
    document = told(stranger, f"/public/reports/{report}/1.json")
    assert document["$schema"] == "http://localhost/public/schemas/open-government-annual/2021.json"
    schema = told(stranger, "/public/schemas/open-government-annual/2021.json")
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(document, schema)
    del document["answers"]["cells"][RECEIVED]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(document, schema)
    assert stranger.get("/public/schemas/nothing/2021.json").status == 404


def test_all_files_of_a_report_hold_the_same_figures(office: Office, stranger: Browser) -> None:
    path = f"/public/reports/{opened(office)}/1"
    cells = told(stranger, f"{path}.json")["answers"]["cells"]
    listed = {line[0]: line[5] for line in lines(stranger, f"{path}.csv")[1:]}
    book = CalamineWorkbook.from_filelike(io.BytesIO(stranger.client.get(f"{path}.xlsx", buffered=True).data))
    sheet = {row[0]: row[5] for row in book.get_sheet_by_name("全部数据").to_python()[1:]}
    assert set(cells) == set(listed) == set(sheet) == set(annual().cells)
    assert {name: str(value) for name, value in cells.items()} == listed
    assert {name: float(value) for name, value in cells.items()} == sheet


def test_a_year_is_added_up_and_says_what_it_covers(office: Office, stranger: Browser, campaign) -> None:
    opened(office)
    page = stranger.get("/public/statistics/2024")
    assert page.heading == "2024年度汇总"
    assert "不完整" in page.words
    assert "应公布 2 份，已公布 1 份，计入汇总 1 份。" in page.words
    assert f"尚未公布、因而没有计入：{ARCHIVES}" in page.words
    opened(office, but(nil_return(ARCHIVES), cells={RECEIVED: 4, "requests.received.natural_person": 4}))
    page = stranger.get("/public/statistics/2024")
    assert "不完整" not in page.words
    assert "完整 应公布 2 份，已公布 2 份，计入汇总 2 份。" in " ".join(page.words.split())
    heads = {one.find("dt").text: one.find("dd").text for one in page.all("//dl[contains(@class,'heads')]/div")}
    assert heads["一、本年新收"] == "20"


def test_who_is_exempt_is_not_missing(office: Office, stranger: Browser, campaign) -> None:
    opened(office)
    exempt(office, campaign, office.units.archives, "撤销")
    assert "不完整" not in stranger.get("/public/statistics/2024").words


def test_a_governments_own_report_is_not_added_to_its_parts(office: Office, stranger: Browser, campaign) -> None:
    opened(office)
    with session_scope(office.engine) as session:
        session.get_one(Unit, office.units.elsewhere.id).kind = UnitKind.GOVERNMENT
    opened(office, ordinary_report(LANJIANG))
    page = stranger.get("/public/statistics/2024")
    assert "计入汇总 1 份" in page.words
    assert f"不计入汇总的：{LANJIANG}" in page.words
    heads = {one.find("dt").text: one.find("dd").text for one in page.all("//dl[contains(@class,'heads')]/div")}
    assert heads["一、本年新收"] == "16"


def test_units_that_changed_names_are_added_up_as_they_are_called_today(office: Office, stranger: Browser) -> None:
    opened(office)
    with session_scope(office.engine) as session:
        session.get_one(Unit, office.units.market.id).name = "临溪县市场监督管理和知识产权局"
        session.get_one(Unit, office.units.archives.id).name = MARKET
    opened(office, nil_return(MARKET))
    assert "计入汇总 2 份" in stranger.get("/public/statistics/2024").words


def test_without_a_roster_nobody_can_say_whether_a_year_is_complete(office: Office, stranger: Browser) -> None:
    opened(office)
    assert "范围未知" in stranger.get("/public/statistics/2024").words


def test_a_year_in_one_file_names_every_report_and_what_is_missing(office: Office, stranger: Browser, campaign) -> None:
    report = opened(office)
    year = told(stranger, "/public/data/2024.json")
    assert year["coverage"] == {
        "from": "2024-01-01",
        "to": "2024-12-31",
        "reports": 1,
        "missing": [ARCHIVES],
        "complete": False,
    }
    assert set(year["names"]) == set(annual().cells)
    [one] = year["reports"]
    assert (one["unit"], one["version"]) == (MARKET, 1)
    assert one["json"] == f"http://localhost/public/reports/{report}/1.json"
    assert one["cells"][RECEIVED] == 16
    heads, line = lines(stranger, "/public/data/2024.csv")
    assert line[heads.index(RECEIVED)] == "16"
    assert line[heads.index("unit")] == MARKET
    book = stranger.client.get("/public/data/2024.xlsx", buffered=True).data
    assert MARKET in CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(1).to_python()[2]


def test_a_year_of_which_nothing_is_public_is_not_there(office: Office, stranger: Browser) -> None:
    closed(office, opened(office), "原因")
    for path in (
        "/public/statistics/2024",
        "/public/data/2024.json",
        "/public/data/2024.csv",
        "/public/data/2024.xlsx",
    ):
        assert stranger.client.get(path).status_code == 404


def test_other_sites_may_read_the_data(office: Office, stranger: Browser) -> None:
    report = opened(office)
    for path in (f"/public/reports/{report}/1.json", "/public/data/2024.json"):
        assert stranger.client.get(path, buffered=True).headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Origin" not in stranger.client.get("/public/", buffered=True).headers
