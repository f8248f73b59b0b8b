"""A real browser, one for each test process, that lets no error in the console and no request to elsewhere pass."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from service import create_app
from storage.settings import Settings
from tests.browser.sites import StaticSite
from tests.browser.watching import Watch
from tests.service.web_server import WebServer

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--no-proxy-server",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# A laptop as offices have them. Limits are generous: the machine may be busy.
LAPTOP = {"width": 1366, "height": 768}
PATIENCE = 30_000

NewContext = Callable[..., BrowserContext]
NewPage = Callable[..., Page]

expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser itself."""
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("no chromium on this machine")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def new_context(chromium: Browser) -> Iterator[NewContext]:
    """`new_context(origin, expected=(…), **options)`: one person's browser, visiting one site.

    `expected` are patterns of console errors that the test provokes; the options are Playwright's own.
    """
    opened: list[tuple[BrowserContext, Watch]] = []

    def open_one(origin: str, expected: tuple[str, ...] = (), **options: Any) -> BrowserContext:
        context = chromium.new_context(base_url=origin, locale="zh-CN", **{"viewport": LAPTOP, **options})
        context.set_default_timeout(PATIENCE)
        opened.append((context, Watch(context, origin, expected)))
        return context

    yield open_one
    for context, _ in opened:
        context.close()
    troubles = [trouble for _, watch in opened for trouble in watch.troubles]
    assert troubles == []


@pytest.fixture
def new_page(new_context: NewContext) -> NewPage:
    """`new_page(origin, path="/", …)`: a page of that site in a context of its own."""

    def open_one(origin: str, path: str = "/", **options: Any) -> Page:
        page = new_context(origin, **options).new_page()
        page.goto(path)
        return page

    return open_one


@pytest.fixture(scope="session")
def static_site() -> Iterator[StaticSite]:
    """Our static files and pages that a test makes up."""
    site = StaticSite()
    yield site
    site.close()


@pytest.fixture(scope="session")
def web(tmp_path_factory: pytest.TempPathFactory, sqlite_pattern: Path) -> Iterator[WebServer]:
    """The real web server of this test process, with a database that starts empty; tests bring units of their own."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("browser"))
    shutil.copy(sqlite_pattern, settings.data_dir / "nianbao.sqlite3")
    server = WebServer(settings)
    yield server
    server.close()


@pytest.fixture(scope="session")
def house(web: WebServer) -> Iterator[Flask]:
    """The application of the web server, in this process: what people did elsewhere is done with it."""
    app = create_app(web.settings)
    yield app
    app.extensions["nianbao"].engine.dispose()
