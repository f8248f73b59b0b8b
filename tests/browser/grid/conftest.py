"""The tables of a section in a real browser, with fingers and a clipboard."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import NewPage
from tests.browser.grid.pages import STARTING, harness
from tests.browser.sites import StaticSite
from tests.people import annual

# What the browser does when somebody pastes: the event with what is on the clipboard.
PASTE = """([name, flavours]) => {
  const data = new DataTransfer();
  Object.keys(flavours).forEach((type) => data.setData(type, flavours[type]));
  const event = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
  return !document.getElementById(name).dispatchEvent(event);
}"""


class Tables:
    """A page of tables, and what one does with it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.bar = page.locator("[data-paste-bar]")

    def cell(self, name: str) -> Locator:
        return self.page.locator(f'[id="{name}"]')

    def place(self, name: str) -> Locator:
        return self.page.locator(f'td[data-cell="{name}"]')

    def enter(self, name: str) -> None:
        self.cell(name).focus()

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def paste(self, name: str, text: str = "", html: str = "") -> bool:
        """Paste into a cell; whether the tables took it over from the browser."""
        flavours = {"text/plain": text, "text/html": html}
        self.enter(name)
        taken: bool = self.page.evaluate(PASTE, [name, {kind: data for kind, data in flavours.items() if data}])
        return taken

    def apply(self) -> None:
        self.bar.get_by_role("button", name="应用").click()

    @property
    def focused(self) -> str:
        return str(self.page.evaluate("document.activeElement.id"))

    def value(self, name: str) -> str:
        return str(self.page.evaluate("(name) => window.fields.value(name)", name))

    def note(self, name: str) -> str:
        return str(self.page.evaluate("(name) => window.fields.note(name)", name))

    @property
    def values(self) -> dict[str, str]:
        """What stands in every cell that is not blank."""
        listed = "Object.fromEntries(fields.names().map((name) => [name, fields.value(name)]))"
        found: dict[str, str] = self.page.evaluate(listed)
        return {name: value for name, value in found.items() if value}


@pytest.fixture
def tables(new_page: NewPage, static_site: StaticSite) -> Callable[..., Tables]:
    """`tables("requests", {name: value})`: the tables of a section, started."""
    static_site.put("/starting.js", STARTING)

    def open_one(section: str = "requests", values: Mapping[str, str] | None = None, **options: Any) -> Tables:
        # Each page under its own name: tests do not see each other's.
        path = f"/section-{len(static_site.pages)}"
        static_site.put(path, harness(annual(), section, values))
        page = new_page(static_site.origin, path, **options)
        expect(page.locator("html[data-started]")).to_be_attached()
        return Tables(page)

    return open_one
