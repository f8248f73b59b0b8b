"""The public pages in a real browser: for who cannot see them, who zooms in, who has no script, and on paper."""

import io
import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pypdfium2
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from service import create_app
from service.public.export import export
from storage.session import session_scope
from storage.settings import Settings
from storage.tables import Unit, UnitKind
from tests.browser.conftest import LAPTOP, NewContext, NewPage
from tests.people import ARCHIVES, MARKET, but, nil_return, ordinary_report
from tests.printing import pdf_with
from tests.service.conftest import Office
from tests.service.published import closed, corrected, opened
from tests.service.web_server import WebServer
from tests.units import collect, county

ZOOMED = {"width": LAPTOP["width"] // 2, "height": LAPTOP["height"] // 2}
TELEPHONE = {"width": 390, "height": 844}
LONG = "临溪县经济和信息化局（县中小企业发展服务和数字经济促进中心、县无线电管理办公室）"
BETTER = but(ordinary_report(), texts={"overview.proactive": "2024年，全年主动公开政府信息15条。"})
NOTHING_BESIDE = "document.documentElement.scrollWidth <= document.documentElement.clientWidth + 1"
GONE = (r"Failed to load resource.* 410", r"Failed to load resource.* 404")


@dataclass(frozen=True)
class Portal:
    """An office with a public side, and what is to be seen there."""

    origin: str
    folder: Path
    pages: dict[str, str]


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory, sqlite_pattern: Path) -> Iterator[Portal]:
    """Reports in force, corrected, withdrawn, and one with a long name; behind the real web server, and exported."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("portal"))
    shutil.copy(sqlite_pattern, settings.data_dir / "nianbao.sqlite3")
    app = create_app(settings)
    with session_scope(app.extensions["nianbao"].engine) as session:
        units = county(session)
        session.get_one(Unit, units.market.id).kind = UnitKind.DEPARTMENT
        session.get_one(Unit, units.market.id).initials = "lxxscjdglj"
        collect(session, units.office, units.market, units.archives, year=2024)
    office, pdf = Office(app, settings, "", units), pdf_with("一", "二")
    market = opened(office, pdf=pdf)
    corrected(office, BETTER, "更正主动公开条数，原为14条。", pdf=pdf)
    gone = opened(office, nil_return(ARCHIVES, 2022), pdf=pdf)
    closed(office, gone, "误载了个人信息")
    opened(office, nil_return(LONG, 2023), pdf=pdf)
    folder = settings.data_dir / "exported"
    export(app, folder)
    app.extensions["nianbao"].engine.dispose()
    pages = {
        "catalogue": "/public/",
        "found": "/public/?q=lxxsc",
        "not found": "/public/?q=zzz",
        "long name": "/public/?year=2023",
        "report": f"/public/reports/{market}",
        "corrected": f"/public/reports/{market}/1",
        "withdrawn": f"/public/reports/{gone}",
        "data": "/public/data",
        "statistics": "/public/statistics/2024",
        "nothing there": "/public/reports/nothing",
    }
    with closing(WebServer(settings)) as server:
        yield Portal(f"http://127.0.0.1:{server.port}", folder, pages)


NAMES = ["catalogue", "found", "not found", "long name", "report", "corrected", "withdrawn", "data", "statistics"]
NAMES += ["nothing there"]


def obstacles(page: Page) -> list[tuple[str, str]]:
    """What axe calls serious or critical, and where."""
    found = Axe().run(page).response["violations"]
    serious = [one for one in found if one["impact"] in ("serious", "critical")]
    return [(one["id"], node["html"][:200]) for one in serious for node in one["nodes"]]


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_in_anybodys_way_nor_cut_off(portal: Portal, new_page: NewPage, name: str) -> None:
    page = new_page(portal.origin, portal.pages[name], expected=GONE)
    assert obstacles(page) == []
    for size in (ZOOMED, TELEPHONE):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        assert page.evaluate(NOTHING_BESIDE), size


@pytest.mark.parametrize("name", ["catalogue", "report", "statistics", "withdrawn"])
def test_the_largest_letters_with_contrast_fit_and_can_be_read(
    portal: Portal, new_context: NewContext, name: str
) -> None:
    context = new_context(portal.origin, expected=GONE)
    context.add_cookies([{"name": "reading", "value": "larger.high", "url": f"{portal.origin}/public/"}])
    page = context.new_page()
    page.goto(portal.pages[name])
    expect(page.locator("html")).to_have_class("size-larger contrast-high")
    assert obstacles(page) == []
    page.set_viewport_size(TELEPHONE)  # type: ignore[arg-type]
    assert page.evaluate(NOTHING_BESIDE)


def test_without_a_script_one_searches_reads_and_chooses_how(portal: Portal, new_page: NewPage) -> None:
    page = new_page(portal.origin, "/public/", java_script_enabled=False)
    page.get_by_label("按单位名称或拼音首字母查找").fill("市场")
    page.get_by_role("button", name="查找").click()
    page.get_by_role("link", name=MARKET, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(MARKET)
    before = page.locator("article p").first.evaluate("one => parseFloat(getComputedStyle(one).fontSize)")
    page.get_by_role("button", name="字号：特大").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(MARKET)
    after = page.locator("article p").first.evaluate("one => parseFloat(getComputedStyle(one).fontSize)")
    assert after == 1.5 * before
    page.get_by_role("button", name="高对比").click()
    expect(page.locator("html")).to_have_class("size-larger contrast-high")


def test_every_figure_is_reached_with_the_keyboard_and_names_its_headings(portal: Portal, new_page: NewPage) -> None:
    page = new_page(portal.origin, portal.pages["report"])
    told = page.evaluate("""() => Array.from(document.querySelectorAll("article td[headers]"), (cell) =>
      cell.getAttribute("headers").split(" ").every((id) => document.getElementById(id)))""")
    assert len(told) == 200
    assert all(told)
    regions = page.locator(".across[tabindex='0']")
    assert regions.count() == 6, "wide tables can be scrolled without a mouse"


def test_on_paper_there_is_the_report_and_nothing_of_the_page_around_it(portal: Portal, new_page: NewPage) -> None:
    page = new_page(portal.origin, portal.pages["report"])
    with pypdfium2.PdfDocument(io.BytesIO(page.pdf(format="A4"))) as pdf:
        text = "".join(one.get_textpage().get_text_range() for one in pdf)
        assert 3 <= len(pdf) <= 5
    plain = "".join(text.split())
    for said in (
        "2024年政府信息公开工作年度报告",
        "更正主动公开条数",
        "主动公开政府信息15条",
        "六、其他需要报告的事项",
        "内容指纹",
    ):
        assert said in plain, said
    for around in ("报告目录", "高对比", "English"):
        assert around not in plain, around


def test_the_exported_folder_works_from_disk(portal: Portal, new_page: NewPage) -> None:
    page = new_page("file://", f"file://{portal.folder}/index.html")
    search = page.get_by_label("按单位名称或拼音首字母查找")
    search.fill("zzz")
    expect(page.locator("[data-find]:visible")).to_have_count(0)
    search.fill("LXXSC")
    page.get_by_role("link", name=MARKET, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(MARKET)
    page.get_by_role("button", name="高对比").click()
    expect(page.locator("html")).to_have_class("size-standard contrast-high")
    page.get_by_role("link", name="第 1 版").click()
    expect(page.get_by_text("这一版已被更正")).to_be_visible()


def test_a_page_is_light_and_sets_no_cookie(portal: Portal, new_context: NewContext) -> None:
    context = new_context(portal.origin)
    page = context.new_page()
    weights: dict[str, int] = {}
    page.on("requestfinished", lambda request: weights.update({request.url: request.sizes()["responseBodySize"]}))
    page.goto(portal.pages["report"], wait_until="networkidle")
    assert sum(weights.values()) <= 100 * 1024, weights
    assert context.cookies() == []
