"""The tables on the real form: what is pasted is saved, fits the screen, and can be read by everybody."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.grid.conftest import PASTE
from tests.browser.grid.test_pastes import clipboard, published

FIRST = "requests.received.natural_person"
MIDDLE = "requests.results.refused.internal.legal_person.charity"
TOTAL = "requests.received.total"
SECTIONS = ("proactive", "requests", "disputes")
# An ordinary laptop: 1920 by 1080, at the 125 % that Windows proposes.
LAPTOP = {"width": 1536, "height": 864}


def paste(form, name, text="", html=""):
    form.field(name).focus()
    flavours = {kind: data for kind, data in (("text/plain", text), ("text/html", html)) if data}
    return form.page.evaluate(PASTE, [name, flavours])


def apply(form):
    form.page.locator("[data-paste-bar]").get_by_role("button", name="应用").click()


def test_a_whole_table_from_word_is_saved_with_one_click(visit, desk):
    form = visit("requests")
    assert paste(form, MIDDLE, **clipboard("word-requests-whole.html"))
    apply(form)
    form.is_saved()
    assert desk.kept() == published("requests")
    form.page.reload()
    expect(form.field(TOTAL)).to_have_text("3525")


def test_what_was_pasted_and_taken_back_is_saved_as_it_was(visit, desk):
    desk.fill({FIRST: "7"})
    form = visit("requests")
    paste(form, FIRST, text="3440\t75\r\n118\t3\r\n")
    apply(form)
    form.is_saved()
    form.page.locator("[data-paste-bar]").get_by_role("button", name="撤销").click()
    form.save()
    form.is_saved()
    assert {name: value for name, value in desk.kept().items() if value} == {FIRST: "7"}


def test_a_note_is_saved_and_comes_back(visit, desk):
    desk.fill({FIRST: "22"})
    form = visit("requests")
    form.field(FIRST).focus()
    form.page.keyboard.press("Shift+F2")
    form.page.keyboard.insert_text("其中修订16件")
    form.page.keyboard.press("Enter")
    form.save()
    form.is_saved()
    form.page.reload()
    expect(form.page.locator(f'td[data-cell="{FIRST}"] [data-note]')).to_have_text("（其中修订16件）")


def test_the_browser_adds_up_what_the_server_adds_up(visit, desk):
    desk.fill(published("requests"))
    form = visit("requests")
    outputs = form.page.locator("output[data-total]")
    from_server = outputs.all_text_contents()
    form.type(FIRST, "1")
    expect(form.field(TOTAL)).to_have_text("86")
    form.type(FIRST, "3440")
    expect(form.field(TOTAL)).to_have_text("3525")
    assert outputs.all_text_contents() == from_server


def test_every_cell_of_the_largest_table_is_on_one_screen_of_a_laptop(visit, desk):
    desk.fill(published("requests"))
    form = visit("requests", viewport=LAPTOP)
    table = form.page.locator("table.grid")
    table.evaluate("(table) => window.scrollTo(0, table.getBoundingClientRect().top + window.scrollY - 69)")
    seen = """(cells) => cells.filter((cell) => {
      const box = cell.getBoundingClientRect();
      const at = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
      return cell.contains(at);
    }).length"""
    assert form.page.locator("td[data-cell]").evaluate_all(seen) == 25 * 7


def test_headings_stay_in_sight_when_the_table_is_scrolled(visit):
    form = visit("requests", viewport={"width": 1366, "height": 500})
    form.field("requests.carried_out.natural_person").focus()
    heading = form.page.get_by_role("columnheader", name="自然人")
    expect(heading).to_be_in_viewport()
    below = heading.evaluate("(one) => one.getBoundingClientRect().bottom")
    assert form.field("requests.carried_out.natural_person").bounding_box()["y"] > below


def test_whoever_walks_up_is_never_below_the_headings(visit):
    form = visit("requests", viewport={"width": 1366, "height": 500})
    form.field("requests.carried_out.natural_person").focus()
    heading = form.page.get_by_role("columnheader", name="自然人")
    for _ in range(20):
        form.page.keyboard.press("ArrowUp")
        below = heading.evaluate("(one) => one.getBoundingClientRect().bottom")
        assert form.page.evaluate("document.activeElement.getBoundingClientRect().top") >= below - 1


@pytest.mark.parametrize("section", SECTIONS)
def test_a_screen_reader_stumbles_over_nothing(visit, section):
    form = visit(section)
    first = form.page.locator("td[data-cell] input[type=text]").first.get_attribute("id")
    paste(form, first, text="1\tabc\r\n2\t—\r\n")
    found = Axe().run(form.page).response["violations"]
    serious = [one for one in found if one["impact"] in ("serious", "critical")]
    assert [(one["id"], [node["target"] for node in one["nodes"]][:3]) for one in serious] == []


def test_without_a_mouse_a_block_is_picked_copied_and_pasted(visit, desk):
    desk.fill({FIRST: "3", "requests.received.legal_person.company": "4"})
    form = visit("requests")
    form.field(FIRST).focus()
    form.page.keyboard.press("Shift+ArrowRight")
    form.page.keyboard.press("Control+c")
    form.page.keyboard.press("ArrowDown")
    form.page.keyboard.press("Control+v")
    form.page.keyboard.press("Enter")
    form.page.keyboard.press("Control+s")
    form.is_saved()
    assert desk.kept()["requests.carried_in.legal_person.company"] == "4"
