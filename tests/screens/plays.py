"""What is done on a page before its picture is taken; done twice, for two sizes, it looks the same."""

import json
from collections.abc import Callable

from playwright.sync_api import Page

from tests.screens.district import Demonstration
from tests.spreadsheets import sheet

Play = Callable[[Page, Demonstration], object]

_PASTE = """text => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  const options = {clipboardData: data, bubbles: true, cancelable: true};
  document.activeElement.dispatchEvent(new ClipboardEvent("paste", options));
}"""


def opens(path: str) -> Play:
    """Whoever it is opens an address."""
    return lambda page, shown: page.goto(path)


def of(unit: str, path: str, years_ago: int = 0) -> Play:
    """Whoever it is opens a page of a unit's report."""
    return lambda page, shown: page.goto(f"/reports/{shown.report(unit, years_ago)}{path}")


def reviews(unit: str, then: str = "") -> Play:
    """A reviewer opens a unit's report, and presses a key there."""

    def play(page: Page, shown: Demonstration) -> None:
        page.goto(f"/review/{shown.report(unit)}")
        page.wait_for_selector("html.live")
        if then:
            page.keyboard.press(then)

    return play


def follows(path: str, link: str) -> Play:
    """Whoever it is opens an address and goes on from there, by the beginning of a link's words."""

    def play(page: Page, shown: Demonstration) -> None:
        page.goto(path)
        page.locator("main").get_by_role("link", name=link).first.click()
        page.wait_for_load_state("networkidle")

    return play


def last_year_published(then: str = "") -> Play:
    """The office looks at last year's publication, or at what is told of it."""

    def play(page: Page, shown: Demonstration) -> None:
        page.goto("/publishing")
        page.locator(".units a").last.click()
        if then:
            page.locator(".ways a").last.click()
        page.wait_for_load_state("networkidle")

    return play


def read_in_public(unit: str, years_ago: int) -> Play:
    """A stranger opens the public page of a unit's report."""
    return lambda page, shown: page.goto(f"/public/reports/{shown.report(unit, years_ago)}")


def presses(before: Play, button: str) -> Play:
    """On a page that is open already, one thing is pressed."""

    def play(page: Page, shown: Demonstration) -> None:
        before(page, shown)
        page.locator(button).first.click()

    return play


def previews(unit: str, path: str = "/preview") -> Play:
    """The document is made on a page that shows it; its pages are waited for."""

    def play(page: Page, shown: Demonstration) -> None:
        page.goto(f"/reports/{shown.report(unit)}{path}")
        # It is made unasked as soon as the page is open.
        page.wait_for_selector("main .pages img", timeout=120_000)
        # They come when they are scrolled to.
        for leaf in page.locator("main .pages img").all():
            leaf.scroll_into_view_if_needed()
        page.wait_for_load_state("networkidle")
        page.evaluate("scrollTo(0, 0)")

    return play


def pastes(unit: str, text: str) -> Play:
    """The clerk pastes a block into the first cell of the big table."""

    def play(page: Page, shown: Demonstration) -> None:
        page.goto(f"/reports/{shown.report(unit)}/fill/requests")
        page.locator("table.grid input[type=text]").first.click()
        page.evaluate(_PASTE, text)
        page.wait_for_selector("[data-paste-bar]:not([hidden])")

    return play


def differs(unit: str, section: str, name: str, colleagues: str, mine: str) -> Play:
    """Two windows have the form open; the other one was faster."""

    def play(page: Page, shown: Demonstration) -> None:
        other = page.context.new_page()
        for window in (page, other):
            window.goto(f"/reports/{shown.report(unit)}/fill/{section}")
            window.wait_for_load_state("networkidle")
        stored = other.input_value(f'[id="{name}"]')
        for window, figure in ((other, mine if stored == colleagues else colleagues), (page, f"{mine}0")):
            window.fill(f'[id="{name}"]', figure)
            with window.expect_response("**/fields"):
                window.keyboard.press("Control+s")
        page.wait_for_selector("[data-conflict]")

    return play


def goes_offline(unit: str, section: str) -> Play:
    """The line is cut while somebody types."""

    def play(page: Page, shown: Demonstration) -> None:
        page.goto(f"/reports/{shown.report(unit)}/fill/{section}")
        page.wait_for_load_state("networkidle")
        page.context.set_offline(True)
        page.locator("textarea[data-text]").first.press("Control+End")
        page.keyboard.type("内容更新也不够及时。")
        page.keyboard.press("Control+s")
        page.wait_for_selector("[data-save-state][data-look=trouble], .save-bar:not([hidden])")

    return play


def is_shut_out(unit: str, section: str) -> Play:
    """The sign-in runs out while somebody types."""

    def play(page: Page, shown: Demonstration) -> None:
        page.goto(f"/reports/{shown.report(unit)}/fill/{section}")
        page.wait_for_load_state("networkidle")
        page.context.clear_cookies()
        page.locator("textarea[data-text]").first.press("Control+End")
        page.keyboard.type("内容更新也不够及时。")
        page.keyboard.press("Control+s")
        page.wait_for_selector(".save-bar:not([hidden])")

    return play


def signs(unit: str, then: str = "/receipt") -> Play:
    """The head sends the report on, unless that is done, and looks at what comes of it."""

    def play(page: Page, shown: Demonstration) -> None:
        report = f"/reports/{shown.report(unit)}"
        page.goto(f"{report}/sign")
        if page.locator("#declared").count():
            for field, words in (("filler", "邓小满"), ("filler_phone", "0000-6620035"), ("checker", "邓晓")):
                page.fill(f"[name={field}]", words)
            page.fill("[name=checker_phone]", "0000-6620018")
            page.check("#declared")
            page.click("form:has(#declared) .go .btn")
            page.wait_for_url("**/receipt")
        page.goto(then if then == "/" else report + then)

    return play


def invited() -> Play:
    """Somebody new opens the link of an invitation."""
    return lambda page, shown: page.goto(f"/invitation?token={shown.invitation}")


def chooses(login: str, new: str, again: str) -> Play:
    """A new password that cannot be."""

    def play(page: Page, shown: Demonstration) -> None:
        page.goto("/account/password")
        for field, words in (("old", shown.passwords[login]), ("new", new), ("again", again)):
            page.fill(f"[name={field}]", words)
        page.press("[name=again]", "Enter")
        page.wait_for_selector(".wrong")

    return play


def enters(login: str, password: str) -> Play:
    """Somebody at the door, with a password that does not fit."""

    def play(page: Page, shown: Demonstration) -> None:
        page.goto("/sign-in")
        page.fill("[name=login]", login)
        page.fill("[name=password]", password)
        page.press("[name=password]", "Enter")
        page.wait_for_selector("[role=alert]")

    return play


def starts_batch(then: str = "") -> Play:
    """The reviewer starts a batch, unless there is one, and looks at it or at a page below it."""

    def play(page: Page, shown: Demonstration) -> None:
        page.goto("/batches")
        before = page.locator("table.batches tbody a")
        (before.first if before.count() else page.locator("form:has([name=scope]) .btn.main")).click()
        page.wait_for_url("**/batches/*")
        page.goto(page.url + then)

    return play


def finishes_batch() -> Play:
    """The reviewer waits until everything is made."""

    def play(page: Page, shown: Demonstration) -> None:
        starts_batch()(page, shown)
        page.wait_for_selector("#batch-state .notice.ok, #batch-state .notice.ask:not(#nobody)", timeout=180_000)

    return play


def hands_in(answers: object) -> Play:
    """The reviewer hands in a file that cannot be read as a report."""

    def play(page: Page, shown: Demonstration) -> None:
        page.goto("/reports")
        file = {"name": "云溪区统计局.json", "mimeType": "application/json", "buffer": json.dumps(answers).encode()}
        page.set_input_files("#answers", file)  # type: ignore[arg-type]
        page.click("form:has(#answers) .btn")
        page.wait_for_selector("[role=alert]")

    return play


def brings_roster() -> Play:
    """The reviewer brings a list: one unit changes, two are new."""

    def play(page: Page, shown: Demonstration) -> None:
        page.goto("/units/import")
        data = sheet(("云溪区教育局", "", "部门", "区教育局"), ("云溪区数据局", "", "部门"), ("云溪区新城管委会",))
        file = {"name": "单位名单.xlsx", "mimeType": "application/octet-stream", "buffer": data}
        page.set_input_files("#roster", file)  # type: ignore[arg-type]
        page.click("form:has(#roster) .btn")
        page.wait_for_selector(".sums")

    return play
