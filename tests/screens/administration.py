"""What administrators do before their pictures are taken; done twice, for two sizes, it looks the same."""

import tempfile
from pathlib import Path

from playwright.sync_api import Page

from service.admin.account_sheet import HEADS
from tests.screens.district import Demonstration
from tests.screens.plays import Play
from tests.spreadsheets import sheet
from tests.trying import wider

_EXAMINED = 180_000


def hands_in_a_template(then: str = "") -> Play:
    """A template is uploaded unless it is there, examined, and looked at."""

    def play(page: Page, shown: Demonstration) -> None:
        page.goto("/templates")
        if not page.get_by_role("link", name="2021-1", exact=True).count():
            with tempfile.TemporaryDirectory() as folder:
                page.set_input_files("#file", wider(Path(folder), 620))
                page.click("form:has(#file) .btn.main")
                page.wait_for_url("**/templates/*")
        else:
            page.get_by_role("link", name="2021-1", exact=True).click()
        page.wait_for_selector("#template-state .tag.ok", timeout=_EXAMINED)
        if then:
            page.goto(then if then == "/templates" else page.url.partition("#")[0] + then)
        for leaf in page.locator(".sides img").all():
            leaf.scroll_into_view_if_needed()
        page.wait_for_load_state("networkidle")
        page.evaluate("scrollTo(0, 0)")

    return play


def looks_at_a_list() -> Play:
    """A list of accounts is uploaded, and what it would change is looked at."""
    rows = (
        ("chenjing", "陈静", "0000-6620041", "chenjing@yunxi.example.cn", "云溪区司法局", "填报人"),
        ("liuwei", "刘伟", "0000-6620042", "", "云溪区水务局", "填报人"),
        ("liuwei", "刘伟", "", "", "云溪区信访局", "填报人"),
        ("jiaoyu", "周文静", "0000-6620099", "", "云溪区教育局", "填报人"),
    )

    def play(page: Page, shown: Demonstration) -> None:
        page.goto("/accounts/import")
        file = {
            "name": "accounts.xlsx",
            "mimeType": "application/octet-stream",
            "buffer": sheet(*rows, head=tuple(HEADS.values())),
        }
        page.set_input_files("#file", file)  # type: ignore[arg-type]
        page.click("form:has(#file) .btn.main")
        page.wait_for_load_state("networkidle")

    return play
