"""Every screen there is: fit for whoever cannot see it, for who zooms in, for who reads English, and for slow lines."""

from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Request

from service.demo.start import prepare
from storage.settings import Settings
from tests.browser.conftest import LAPTOP, NewContext
from tests.screens.district import Demonstration
from tests.screens.scenes import SCENES, Scene
from tests.service.web_server import WebServer

SERIOUS = {"serious", "critical"}
# What a first page may weigh on the line, with everything it loads.
FIRST_PAGE = 150 * 1024
# A laptop's window when everything in it is twice as large.
ZOOMED = {"width": LAPTOP["width"] // 2, "height": LAPTOP["height"] // 2}
# Those at which one only looks, and that need no document; the journeys look at the others.
LOOKED_AT = [
    "sign-in",
    "home-returned",
    "home-not-begun",
    "home-two-units",
    "home-head",
    "form-figures",
    "form-texts",
    "form-documents",
    "form-disputes",
    "findings",
    "send",
    "send-blocked",
    "report",
    "publishing",
    "publishing-last-year",
    "publishing-statement",
    "public-catalogue",
    "public-data",
    "overview",
    "units",
    "unit",
    "units-import",
    "units-difference",
    "campaign",
    "campaign-new",
    "roster-entry",
    "reminders",
    "reminders-preview",
    "reminders-calls",
    "review",
    "review-figures",
    "review-texts",
    "review-sent-again",
    "review-return",
    "review-approve",
    "reports",
    "batches",
    "batch",
    "batch-units",
    "archives",
    "capacity",
    "account",
    "password",
    "accounts",
    "accounts-import",
    "audit",
    "system",
    "definition",
    "duties",
    "nothing-there",
]
WATCHED = [scene for scene in SCENES if scene.name in LOOKED_AT]
NOT_THERE = (r"Failed to load resource.* 404",)
# The buttons, labels and headings of ours; what is quoted from the form or typed by people stays as it is.
OURS = ".bar nav a, button:not([lang]), label:not([for*='.']), .tag, table.list th[scope=col]"
IN_CHINESE = """(ours) => Array.from(document.querySelectorAll(ours), (one) => one.textContent.trim())
  .filter((text) => /[\\u3400-\\u9fff]/.test(text))"""
NOTHING_BESIDE = "document.documentElement.scrollWidth <= document.documentElement.clientWidth + 1"

Visit = Callable[..., Page]


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demonstration]:
    """The demonstration, behind the real web server."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("district"))
    logins = {one.member.login: one.password for one in prepare(settings)}
    with closing(WebServer(settings)) as server:
        yield Demonstration(f"http://127.0.0.1:{server.port}", logins, settings, invitation="")


@pytest.fixture(scope="module")
def kept() -> dict[str, Any]:
    """The cookies of each login, so that everybody signs in once."""
    return {}


@pytest.fixture
def visit(district: Demonstration, new_context: NewContext, kept: dict[str, Any]) -> Visit:
    """`visit(scene)`: the page of a scene, as whoever belongs there sees it."""

    def go(scene: Scene) -> Page:
        context = new_context(district.address, expected=NOT_THERE if scene.name == "nothing-there" else ())
        page = context.new_page()
        if scene.login in kept:
            context.add_cookies(kept[scene.login])
        elif scene.login:
            sign_in(page, scene.login, district.passwords[scene.login])
            kept[scene.login] = context.cookies()
        scene.play(page, district)
        return page

    return go


def sign_in(page: Page, login: str, password: str) -> None:
    page.goto("/sign-in")
    page.fill("[name=login]", login)
    page.fill("[name=password]", password)
    page.press("[name=password]", "Enter")
    page.wait_for_url(lambda address: "/sign-in" not in address)


def obstacles(page: Page) -> list[tuple[str, str]]:
    """What axe calls serious or critical, and where."""
    found = Axe().run(page).response["violations"]
    return [(one["id"], node["html"][:200]) for one in found if one["impact"] in SERIOUS for node in one["nodes"]]


def test_every_screen_that_is_only_looked_at_is_there() -> None:
    assert [scene.name for scene in WATCHED] == LOOKED_AT


@pytest.mark.parametrize("scene", WATCHED, ids=lambda scene: scene.name)
def test_nothing_is_in_anybodys_way_nor_cut_off_when_twice_as_large(scene: Scene, visit: Visit) -> None:
    page = visit(scene)
    assert obstacles(page) == []
    page.set_viewport_size(ZOOMED)
    assert page.evaluate(NOTHING_BESIDE)


def test_what_is_in_the_way_or_too_wide_is_found(visit: Visit) -> None:
    page = visit(WATCHED[0])
    page.evaluate("document.querySelector('label').removeAttribute('for')")
    page.evaluate("document.querySelector('main').style.minWidth = '3000px'")
    assert "label" in {rule for rule, _ in obstacles(page)}
    assert not page.evaluate(NOTHING_BESIDE)


@pytest.mark.parametrize("scene", WATCHED, ids=lambda scene: scene.name)
def test_in_english_no_chinese_is_left_but_what_is_quoted(scene: Scene, visit: Visit, district: Demonstration) -> None:
    page = visit(scene)
    page.context.add_cookies([{"name": "language", "value": "en", "url": district.address}])
    # A file that was handed in is not handed in once more by loading the page again.
    scene.play(page, district) if scene.name == "units-difference" else page.reload()
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.evaluate(IN_CHINESE, OURS) == []


@pytest.mark.parametrize("name", ["sign-in", "home-returned", "form-figures"])
def test_a_first_page_is_light(name: str, visit: Visit) -> None:
    page = visit(next(one for one in WATCHED if one.name == name))
    weights: dict[str, int] = {}

    def weigh(request: Request) -> None:
        weights[request.url] = request.sizes()["responseBodySize"]

    page.on("requestfinished", weigh)
    page.reload(wait_until="networkidle")
    assert weights
    assert sum(weights.values()) <= FIRST_PAGE, weights
