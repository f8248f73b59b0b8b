"""A reviewer starts a batch, watches it, tries again what failed, and takes the archive home, in a real browser."""

import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from threading import Event, Thread

import pytest
from playwright.sync_api import Page, expect

from reports.states import Move
from storage.filing.submissions import submit
from storage.people.passwords import hashed, set_password
from storage.session import session_scope
from storage.settings import Settings
from storage.tables import Account, Role, Unit
from tests.batches import AT_ONCE, move
from tests.browser.conftest import NewContext
from tests.browser.test_every_screen import NOTHING_BESIDE, ZOOMED, obstacles, sign_in
from tests.fakes.worker import BROKEN, MENDED, PATIENT
from tests.orders import CLERK, answers_of
from tests.people import ARCHIVES, MARKET
from tests.servers import RedisServer
from tests.service.web_server import WebServer
from tests.units import OFFICE, collect, person_with
from tests.workers.conftest import QUICK, Office

pytestmark = pytest.mark.timeout(600)

PASSWORD = "Lin-Xi 2025 nian bao"
# In the order of the list, which is that of the work: one is made, one fails, at the third the worker waits.
READY = (ARCHIVES, BROKEN, PATIENT, MARKET, f"{MARKET}城东分局")
SILENT = "临溪县新设机构筹备组"


@pytest.fixture
def office(settings: Settings, redis_server: RedisServer) -> Iterator[Office]:
    """An office with a campaign that is ready, one real worker with a stand-in for LibreOffice, and a sweeper."""
    redis_server.client.flushall()
    office = Office(settings.model_copy(update={"redis_url": redis_server.url, **QUICK}), redis_server)
    with closing(office):
        campaign(office)
        office.close_gate()
        office.hire()
        with sweeping(office):
            yield office


def campaign(office: Office) -> None:
    secret = hashed(PASSWORD)
    with session_scope(office.engine) as session:
        here = Unit(name=OFFICE)
        session.add(here)
        session.flush()
        units = [Unit(name=name, supervisor_id=here.id, position=at) for at, name in enumerate((*READY, SILENT))]
        session.add_all(units)
        session.flush()
        collect(session, here, *units, year=2024)
        for name in READY:
            submit(session, answers_of(name), CLERK, AT_ONCE)
        move(session, units[: len(READY)], Move.APPROVE)
        reviewer = person_with(session, "limin", (Role.REVIEWER, here))
        set_password(session, session.get_one(Account, reviewer.account_id), secret, "operator:root")


@contextmanager
def sweeping(office: Office) -> Iterator[None]:
    """Somebody looks after jobs for as long as the block takes."""
    done = Event()

    def sweep() -> None:
        while not done.wait(0.1):
            # As in its own process: what is slow to answer on a busy machine is asked again.
            office.sweeper.round()

    thread = Thread(target=sweep)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


@pytest.fixture
def web(office: Office) -> Iterator[WebServer]:
    """The web of that office."""
    with closing(WebServer(office.settings)) as server:
        yield server


@pytest.fixture
def page(web: WebServer, new_context: NewContext) -> Page:
    """The reviewer has signed in and opened the page of batches."""
    page = new_context(f"http://127.0.0.1:{web.port}").new_page()
    sign_in(page, "limin", PASSWORD)
    page.get_by_role("link", name="批次", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("批次")
    return page


def start(page: Page) -> None:
    page.get_by_role("button", name="开始生成").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("正在生成 5 份报告")


def tiles(page: Page) -> str:
    """What the tiles say, one sign for each unit."""
    return "".join(page.locator("[data-tiles] > a").all_inner_texts())


def figure(page: Page, word: str) -> str:
    return page.locator(".five > div", has_text=re.compile(f"^\\s*{word}")).locator("dd").inner_text()


def heading(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(words)


def test_a_batch_is_started_watched_retried_and_downloaded(office: Office, page: Page) -> None:
    start(page)
    failed = page.locator(".fails li")
    expect(failed).to_have_count(1)
    expect(failed).to_contain_text(BROKEN)
    expect(failed).to_contain_text("不能制作。")
    # Not a word of it was said by reloading: the page asks for itself.
    expect(page.locator("[data-tiles] > a").nth(2)).to_have_text("▸")
    assert tiles(page) == "✓✕▸··○"
    expect(page.locator("[data-tiles] > a").nth(1)).to_have_attribute("title", f"{BROKEN}：未生成")
    assert obstacles(page) == []

    page.get_by_role("button", name="暂停").click()
    heading(page, "已暂停：5 份报告")
    page.get_by_role("button", name="继续").click()
    heading(page, "正在生成 5 份报告")

    (office.settings.data_dir / MENDED).touch()
    office.open_gate()
    page.get_by_role("button", name=f"重试：{BROKEN}").click()
    heading(page, "5 份报告全部生成")
    expect(page.locator("[data-tiles] > a.bad")).to_have_count(0)
    assert tiles(page) == "✓✓✓✓✓○"
    expect(page.locator("#batch-state .notice")).to_contain_text("还缺 1 个单位")
    download(page)


def download(page: Page) -> None:
    """The archive of the batch has every document, and says in its name what is missing."""
    page.get_by_role("link", name="打包下载，附清单").click()
    with page.expect_download() as begun:
        page.locator("main a[href*='.zip']").first.click()
    assert "缺 1" in begun.value.suggested_filename
    with zipfile.ZipFile(io.BytesIO(begun.value.path().read_bytes())) as packed:
        names = packed.namelist()
    assert sum(name.endswith(".pdf") for name in names) == sum(name.endswith(".docx") for name in names) == len(READY)


def test_what_is_done_in_one_tab_is_seen_in_the_other(office: Office, page: Page) -> None:
    start(page)
    other = page.context.new_page()
    other.goto(page.url)
    other.get_by_role("button", name="暂停").click()
    heading(page, "已暂停：5 份报告")
    expect(page.locator("#batch-said")).to_have_text("已暂停。")
    page.locator("summary", has_text="取消本批").click()
    page.get_by_role("button", name="确定取消").click()
    heading(other, "已取消：5 份报告")
    expect(other.get_by_role("button", name="继续")).to_have_count(0)
    office.open_gate()


def test_without_scripts_everything_is_there_as_well(office: Office, web: WebServer, new_context: NewContext) -> None:
    page = new_context(f"http://127.0.0.1:{web.port}", java_script_enabled=False).new_page()
    page.goto("/sign-in")
    page.fill("[name=login]", "limin")
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.goto("/batches")
    start(page)
    office.open_gate()
    # It loads itself again every few seconds.
    heading(page, "已结束，1 份没有生成")
    (office.settings.data_dir / MENDED).touch()
    page.get_by_role("button", name="重试失败 1").click()
    heading(page, "5 份报告全部生成")


def test_the_pages_of_a_batch_fit_whoever_cannot_see_them_and_who_zooms_in(office: Office, page: Page) -> None:
    looked_at = [page.url]
    start(page)
    looked_at += [page.url, f"{page.url}/units"]
    for address in looked_at:
        page.set_viewport_size({"width": 1366, "height": 768})
        page.goto(address)
        assert obstacles(page) == [], address
        page.set_viewport_size(ZOOMED)
        assert page.evaluate(NOTHING_BESIDE), address
    page.locator("tbody th a").first.click()
    assert obstacles(page) == []
    office.open_gate()
