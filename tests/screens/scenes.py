"""What there is to see: a scene is a page somebody opens, and what is done there before the picture is taken."""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page

from tests.screens.district import Demonstration

Play = Callable[[Page, Demonstration], object]


@dataclass(frozen=True)
class Scene:
    """A picture: its name, who is signed in, what happens first; `whole` shows the page to its end."""

    name: str
    login: str
    play: Play
    whole: bool = True


def opens(path: str) -> Play:
    """Whoever it is opens an address."""
    return lambda page, shown: page.goto(path)


def of(unit: str, path: str, years_ago: int = 0) -> Play:
    """Whoever it is opens a page of a unit's report."""
    return lambda page, shown: page.goto(f"/reports/{shown.report(unit, years_ago)}{path}")


def previews(unit: str) -> Play:
    """The clerk has the document made, and waits for its pages."""

    def play(page: Page, shown: Demonstration) -> None:
        page.goto(f"/reports/{shown.report(unit)}/preview")
        # It is made unasked as soon as the page is open.
        page.wait_for_selector("main img", timeout=120_000)

    return play


def pastes(unit: str, text: str) -> Play:
    """The clerk pastes a block into the first cell of the big table."""

    def play(page: Page, shown: Demonstration) -> None:
        page.goto(f"/reports/{shown.report(unit)}/fill/requests")
        page.locator("table.grid input[type=text]").first.click()
        page.evaluate(_PASTE, text)
        page.wait_for_selector("[data-paste-bar]:not([hidden])")

    return play


_PASTE = """text => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  const options = {clipboardData: data, bubbles: true, cancelable: true};
  document.activeElement.dispatchEvent(new ClipboardEvent("paste", options));
}"""
_BLOCK = "12\t3\t0\t0\t1\t0\t16\n1\t0\t0\t0\t无\t0\t1\n7\t2\t0\t0\t0\t0\t9\n"

GOVERNMENT, BUREAU, HOUSING = "云溪区人民政府", "云溪区教育局", "云溪区住房和城乡建设局"
SCENES = (
    Scene("sign-in", "", opens("/sign-in")),
    Scene("home-returned", "jiaoyu", opens("/")),
    Scene("home-not-begun", "xinfang", opens("/")),
    Scene("home-two-units", "bangongshi", opens("/")),
    Scene("home-head", "shuiwu.juzhang", opens("/")),
    Scene("form-figures", "bangongshi", of(GOVERNMENT, "/fill/requests")),
    Scene("form-paste", "bangongshi", pastes(GOVERNMENT, _BLOCK), whole=False),
    Scene("form-texts", "jiaoyu", of(BUREAU, "/fill/overview")),
    Scene("form-documents", "jiaoyu", of(BUREAU, "/fill/proactive")),
    Scene("form-disputes", "jiaoyu", of(BUREAU, "/fill/disputes")),
    Scene("findings", "bangongshi", of(GOVERNMENT, "/findings")),
    Scene("preview", "jiaoyu", previews(BUREAU), whole=False),
    Scene("send", "jiaoyu", of(BUREAU, "/send")),
    Scene("send-blocked", "bangongshi", of(GOVERNMENT, "/send")),
    Scene("sign", "shuiwu.juzhang", of("云溪区水务局", "/sign")),
    Scene("report", "jiaoyu", of(BUREAU, "", years_ago=1)),
    Scene("reports", "shenhe", opens("/reports")),
    Scene("account", "jiaoyu", opens("/account")),
    Scene("password", "jiaoyu", opens("/account/password")),
    Scene("accounts", "anquan", opens("/accounts")),
    Scene("nothing-there", "jiaoyu", opens("/reports/nothing")),
)
