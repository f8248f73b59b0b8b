"""A stranger finds a report, reads it as a page, keeps its files, and can tell which version it is."""

import hashlib
import json
import re

import pytest

from storage.session import session_scope
from storage.tables import Unit
from tests.people import ARCHIVES, MARKET, but, nil_return, ordinary_report
from tests.service.conftest import PDF, WORD, Office
from tests.service.published import closed, corrected, opened
from tests.service.visitors import Browser, Page

BETTER = but(ordinary_report(), texts={"overview.proactive": "2024年，全年主动公开政府信息15条。"})


def fetched(stranger: Browser, path: str, **headers: str):
    return stranger.client.get(path, headers=headers, buffered=True)


def test_before_anything_is_published_the_catalogue_says_so(stranger: Browser) -> None:
    page = stranger.get("/public/")
    assert (page.status, page.heading) == (200, "报告目录")
    assert "还没有公布的报告" in page.words
    assert "还没有公布的报告" in stranger.get("/public/data").words


def test_the_catalogue_lists_by_year_and_kind_with_date_and_files(office: Office, stranger: Browser) -> None:
    report = opened(office)
    opened(office, nil_return(ARCHIVES, 2023))
    page = stranger.get("/public/")
    assert page.heading == "2024年度报告目录", "the newest year"
    assert [link.text for link in page.all("//tbody//th/a")] == [MARKET]
    assert page.all("//tbody//th/a/@href") == [f"/public/reports/{report}"]
    assert page.all("//td[contains(@class,'files')]/a/@href")[1:] == [
        f"/public/reports/{report}/1.pdf",
        f"/public/reports/{report}/1.docx",
    ]
    assert [link.get("href") for link in page.all("//nav[@class='chips']/a")] == [
        "/public/?year=2024",
        "/public/?year=2023",
    ]
    assert [link.text for link in stranger.get("/public/?year=2023").all("//tbody//th/a")] == [ARCHIVES]


@pytest.mark.parametrize(("typed", "units"), [("市场", [MARKET]), ("LXXSC", [MARKET]), ("临溪", [MARKET]), ("xyz", [])])
def test_a_name_or_its_initials_find_a_report(office: Office, stranger: Browser, typed: str, units: list[str]) -> None:
    opened(office)
    with session_scope(office.engine) as session:
        session.get_one(Unit, office.units.market.id).initials = "lxxscjdglj"
    page = stranger.get(f"/public/?q={typed}")
    assert [link.text for link in page.all("//tbody//th/a")] == units
    assert page.all("//input[@name='q']/@value") == [typed]
    assert ("没有找到" in page.words) is not bool(units)


def test_many_are_listed_a_page_at_a_time(office: Office, stranger: Browser) -> None:
    for number in range(52):
        opened(office, nil_return(f"临溪县第{number:02d}局"))
    first = stranger.get("/public/")
    assert "共 52 份报告" in first.words
    [onward] = first.all("//a[@rel='next']/@href")
    second = stranger.get(onward)
    assert len(first.all("//tbody//th")) + len(second.all("//tbody//th")) == 52
    assert second.all("//a[@rel='prev']")


def test_a_report_is_a_real_page_with_tables_that_can_be_heard(office: Office, stranger: Browser) -> None:
    page = stranger.get(f"/public/reports/{opened(office)}")
    assert page.all("//h1/span/text()") == [MARKET, "2024年政府信息公开工作年度报告"]
    assert page.all("//article//h2")[0].text == "一、总体情况"
    assert "2024年，全年主动公开政府信息14条。" in page.words
    assert len(page.all("//article//table")) == 6
    assert len(page.all("//article//td[@headers]")) == 200
    ids = set(page.all("//article//th/@id"))
    assert {one for said in page.all("//td/@headers") for one in said.split()} <= ids
    assert not page.all("//th[not(@scope)]")


def test_the_page_tells_source_date_version_and_fingerprint(office: Office, stranger: Browser) -> None:
    report = opened(office)
    page = stranger.get(f"/public/reports/{report}")
    told = json.loads(fetched(stranger, f"/public/reports/{report}/1.json").data)
    sha256 = told["fingerprint"]["sha256"]
    assert sha256[:4] + "·" in page.words
    assert page.all("//abbr/@title") == [f"SHA-256 {sha256}"]
    assert re.search(r"20\d\d年\d+月\d+日公布", page.words)
    assert "来自同一份经审核的报告（第 1 版）" in page.words
    assert "汇集公布临溪县人民政府办公室" in page.words.replace(" ", "")
    assert page.all("//*[@class='qr']/*[local-name()='svg']")


def test_the_files_are_those_that_were_approved(office: Office, stranger: Browser) -> None:
    report = opened(office)
    pdf, word = (fetched(stranger, f"/public/reports/{report}/1.{ending}") for ending in ("pdf", "docx"))
    assert (pdf.data, word.data) == (PDF, WORD)
    assert pdf.content_type == "application/pdf"
    assert pdf.headers["Content-Disposition"].startswith("inline"), "it is for reading"
    assert word.headers["Content-Disposition"].startswith("attachment")
    assert fetched(stranger, f"/public/reports/{report}.pdf").location == f"/public/reports/{report}/1.pdf"


def test_the_json_describes_itself_and_proves_its_fingerprint(office: Office, stranger: Browser) -> None:
    report = opened(office)
    told = json.loads(fetched(stranger, f"/public/reports/{report}/1.json").data)
    assert told["title"] == f"{MARKET}2024年政府信息公开工作年度报告"
    assert told["coverage"] == {"from": "2024-01-01", "to": "2024-12-31", "units": 1}
    assert told["licence"]
    written = json.dumps(told["answers"], ensure_ascii=False, indent=1).encode()
    assert hashlib.sha256(written).hexdigest() == told["fingerprint"]["sha256"]


def test_a_correction_links_both_ways(office: Office, stranger: Browser) -> None:
    report = opened(office)
    corrected(office, BETTER, "更正主动公开条数，原为14条。", pdf=b"%PDF the corrected one")
    new, old = stranger.get(f"/public/reports/{report}"), stranger.get(f"/public/reports/{report}/1")
    assert "更正主动公开条数，原为14条。" in new.words
    assert "政府信息15条" in new.words
    assert f"/public/reports/{report}/1" in new.all("//main//a/@href")
    assert old.status == 200
    assert "政府信息14条" in old.words, "the old one says what it said"
    assert "这一版已被更正" in old.words
    assert f"/public/reports/{report}" in old.all("//main//a/@href")
    assert fetched(stranger, f"/public/reports/{report}/1.pdf").data == PDF
    assert fetched(stranger, f"/public/reports/{report}/2.pdf").data == b"%PDF the corrected one"
    assert "已更正" in stranger.get("/public/").words


def test_a_withdrawn_report_leaves_a_notice_and_nothing_else(office: Office, stranger: Browser) -> None:
    report = opened(office)
    closed(office, report, "报告中误载了个人信息")
    for path in (f"/public/reports/{report}", f"/public/reports/{report}/1"):
        page = stranger.get(path)
        assert (page.status, page.heading) == (410, "报告已撤下")
        assert "报告中误载了个人信息" in page.words
        assert "主动公开政府信息14条" not in page.text
    for ending in ("pdf", "docx", "xlsx", "csv", "json"):
        assert fetched(stranger, f"/public/reports/{report}/1.{ending}").status_code == 410
        assert fetched(stranger, f"/public/reports/{report}.{ending}").status_code == 410
    assert MARKET not in stranger.get("/public/").words
    assert report not in stranger.get("/sitemap.xml").text


def test_of_a_corrected_report_the_old_version_alone_can_be_withdrawn(office: Office, stranger: Browser) -> None:
    report = opened(office)
    corrected(office, BETTER, "更正")
    closed(office, report, "含有个人信息", number=1)
    assert stranger.get(f"/public/reports/{report}").status == 200
    old = stranger.get(f"/public/reports/{report}/1")
    assert old.status == 410
    assert f"/public/reports/{report}" in old.all("//main//a/@href")


def test_robots_and_sitemap_lead_to_what_is_public(office: Office, stranger: Browser) -> None:
    report = opened(office)
    robots = fetched(stranger, "/robots.txt").get_data(as_text=True)
    assert "Disallow: /\n" in robots
    assert "Allow: /public/" in robots
    assert "http://localhost/sitemap.xml" in robots
    sitemap = fetched(stranger, "/sitemap.xml").get_data(as_text=True)
    assert f"<loc>http://localhost/public/reports/{report}</loc>" in sitemap


def test_the_door_shows_the_way_to_the_catalogue_once_there_is_one(office: Office, stranger: Browser) -> None:
    assert not stranger.get("/sign-in").all("//a[@href='/public/']")
    opened(office)
    assert stranger.get("/sign-in").all("//a[@href='/public/']")
    assert stranger.get("/").answer.location.startswith("/sign-in")


def test_pages_speak_english_to_whoever_asks(office: Office, stranger: Browser) -> None:
    opened(office)
    chosen = stranger.get("/public/appearance?language=en&next=/public/?year=2024")
    assert chosen.answer.location == "/public/?year=2024"
    assert '<html lang="en"' in fetched(stranger, "/public/").get_data(as_text=True)


def test_larger_letters_and_contrast_are_remembered(office: Office, stranger: Browser) -> None:
    report = opened(office)

    def classes(page: Page) -> str:
        return str(page.all("//html/@class")[0])

    assert classes(stranger.get("/public/")) == "size-standard contrast-standard"
    stranger.get("/public/appearance?size=larger&next=/public/")
    stranger.get("/public/appearance?contrast=high&next=/public/")
    assert classes(stranger.get(f"/public/reports/{report}")) == "size-larger contrast-high"
    stranger.get("/public/appearance?size=<script>&contrast=standard")
    assert classes(stranger.get("/public/")) == "size-larger contrast-standard"
