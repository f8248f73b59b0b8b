"""The catalogue as a folder: every link leads somewhere, wherever the folder lies; twice the same, and whole or not."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from click.testing import CliRunner
from lxml import html

from reports.wording import spoken
from service.cli import main
from service.public.export import SUMS, ExportRefused, export
from storage.session import session_scope
from tests.people import ARCHIVES, MARKET, but, nil_return, ordinary_report
from tests.service.conftest import PDF, Office
from tests.service.published import closed, corrected, opened
from tests.units import collect

BETTER = but(ordinary_report(), texts={"overview.proactive": "2024年，全年主动公开政府信息15条。"})
SITE = "https://portal.example/xxgk/nianbao"


@pytest.fixture
def full(office: Office) -> dict[str, str]:
    """A catalogue with a corrected report, one of another year, and one that was withdrawn; their ids."""
    with session_scope(office.engine) as session:
        collect(session, office.units.office, office.units.market, office.units.archives, year=2024)
    report = opened(office)
    corrected(office, BETTER, "更正条数")
    other = opened(office, nil_return(ARCHIVES, 2023))
    gone = opened(office, nil_return("临溪县财政局", 2022))
    closed(office, gone, "含有个人信息")
    return {"corrected": report, "other": other, "withdrawn": gone}


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def links(page: Path, folder: Path) -> Iterator[str]:
    """Where a page's links lead, as files of the folder; SITE stands for the folder itself."""
    here = page.relative_to(folder).as_posix()
    tree = html.document_fromstring(page.read_text())
    for said in tree.xpath("//@href | //@src"):
        whole = urljoin(f"{SITE}/{here}", said)
        assert whole.startswith(f"{SITE}/"), f"{here} leads out of the folder: {said}"
        assert not urlsplit(said).scheme or said.startswith(SITE)
        path, fragment = unquote(urlsplit(whole).path).removeprefix(urlsplit(SITE).path + "/"), urlsplit(whole).fragment
        yield path
        if fragment:
            target = html.document_fromstring((folder / path).read_text())
            assert target.xpath(f"//*[@id='{fragment}']"), f"{here} → {said}"


@pytest.mark.parametrize("site", ["", SITE])
def test_every_link_of_every_page_leads_to_a_file(
    office: Office, full: dict[str, str], tmp_path: Path, site: str
) -> None:
    folder = tmp_path / "out"
    export(office.app, folder, site)
    pages = sorted(folder.rglob("*.html"))
    there = bytes_of(folder).keys()
    broken = [(str(page), link) for page in pages for link in links(page, folder) if link not in there]
    assert broken == []
    assert len(pages) >= 10
    reached = {link for page in pages for link in links(page, folder)}
    apart = {name for name in there if name.endswith((".html", ".pdf", ".docx", ".xlsx", ".csv"))} - reached
    # What was withdrawn keeps its address and is listed nowhere.
    assert {name for name in apart if full["withdrawn"] not in name} == {"index.html"} - reached


@pytest.mark.usefixtures("full")
def test_it_is_in_chinese_whatever_was_spoken_before(office: Office, tmp_path: Path) -> None:
    with spoken(lambda _sentence: "in English"):
        export(office.app, tmp_path / "out")
    assert "in English" not in (tmp_path / "out" / "index.html").read_text()


def test_it_holds_what_is_public_and_nothing_else(office: Office, full: dict[str, str], tmp_path: Path) -> None:
    export(office.app, tmp_path / "out")
    there = bytes_of(tmp_path / "out")
    assert there[f"reports/{full['corrected']}/1.pdf"] == PDF
    told = json.loads(there[f"reports/{full['corrected']}/2.json"])
    assert told["answers"]["texts"]["overview.proactive"] == "2024年，全年主动公开政府信息15条。"
    assert "含有个人信息" in there[f"reports/{full['withdrawn']}.html"].decode()
    assert [name for name in there if full["withdrawn"] in name and not name.endswith(".html")] == []
    assert "不完整" in there["statistics/2024.html"].decode()
    assert MARKET in there["index.html"].decode()
    whole = b"".join(data for name, data in there.items() if name.endswith((".html", ".json", ".csv", ".xml")))
    assert b"csrf" not in whole
    assert b"limin" not in whole
    assert b"/public/" not in whole, "there is no server behind it"


def test_the_list_of_checksums_is_complete_and_true(office: Office, full: dict[str, str], tmp_path: Path) -> None:
    made = export(office.app, tmp_path / "out", SITE)
    there = bytes_of(tmp_path / "out")
    listed = dict(reversed(line.split("  ", 1)) for line in there.pop(SUMS).decode().splitlines())
    assert listed == {name: hashlib.sha256(data).hexdigest() for name, data in there.items()}
    assert made.files == len(listed)
    assert made.reports == 2


def test_equal_publications_make_equal_bytes(office: Office, full: dict[str, str], tmp_path: Path) -> None:
    for name in ("first", "second"):
        export(office.app, tmp_path / name, SITE)
    assert bytes_of(tmp_path / "first") == bytes_of(tmp_path / "second")


def test_again_replaces_the_folder_whole(office: Office, full: dict[str, str], tmp_path: Path) -> None:
    folder = tmp_path / "out"
    export(office.app, folder)
    closed(office, full["other"], "误报")
    (folder / "left-over.txt").write_text("from before")
    export(office.app, folder)
    assert not (folder / "2023.html").exists()
    assert not (folder / "left-over.txt").exists()
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".out")] == []


def test_a_folder_with_something_else_in_it_is_left_alone(office: Office, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "holiday.jpg").write_text("mine")
    with pytest.raises(ExportRefused):
        export(office.app, folder)
    assert [path.name for path in folder.iterdir()] == ["holiday.jpg"]


def test_a_damaged_file_stops_it_and_the_old_folder_stays(office: Office, full: dict[str, str], tmp_path: Path) -> None:
    folder = tmp_path / "out"
    export(office.app, folder)
    before = bytes_of(folder)
    for path in (office.settings.data_dir / "documents").rglob("*.pdf"):
        path.write_bytes(b"x")
    office.app.extensions["nianbao"].files._verified.clear()
    result = CliRunner().invoke(main, ["site", "export", "--out", str(folder)], env=environment(office))
    assert result.exit_code == 1
    assert "没有导出" in result.output
    assert bytes_of(folder) == before
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".out")] == []


def environment(office: Office) -> dict[str, str]:
    return {"NIANBAO_DATA_DIR": str(office.settings.data_dir)}


def test_the_command_tells_what_it_made(office: Office, full: dict[str, str], tmp_path: Path) -> None:
    told = ["site", "export", "--out", str(tmp_path / "out"), "--address", SITE]
    result = CliRunner().invoke(main, told, env=environment(office))
    assert result.exit_code == 0, result.output
    assert "2 份报告" in result.output
    assert f"<loc>{SITE}/reports/{full['corrected']}.html</loc>" in (tmp_path / "out" / "sitemap.xml").read_text()
    wrong = CliRunner().invoke(main, [*told[:-1], "portal"], env=environment(office))
    assert wrong.exit_code == 2
    assert "不是网址" in wrong.output


def test_nothing_published_makes_an_empty_catalogue(office: Office, tmp_path: Path) -> None:
    made = export(office.app, tmp_path / "out")
    assert made.reports == 0
    assert "还没有公布的报告" in (tmp_path / "out" / "index.html").read_text()
