"""Blocks of cells: picked with keys or mouse, copied, cleared, filled down."""

import pytest
from playwright.sync_api import expect

FIRST = "requests.received.natural_person"
RIGHT = "requests.received.legal_person.company"
BELOW = "requests.carried_in.natural_person"
CORNER = "requests.carried_in.legal_person.company"
TOTAL = "requests.received.total"

COPY = """(kind) => {
  const data = new DataTransfer();
  const event = new ClipboardEvent(kind, { clipboardData: data, bubbles: true, cancelable: true });
  const taken = !document.activeElement.dispatchEvent(event);
  return { taken, text: data.getData("text/plain"), html: data.getData("text/html") };
}"""


def picked(page):
    return page.page.locator("td.picked").evaluate_all("(cells) => cells.map((cell) => cell.dataset.cell)")


@pytest.fixture
def block(tables):
    """Two rows of two cells, picked from the first of them."""
    page = tables("requests", {FIRST: "3", RIGHT: "4", BELOW: "5", CORNER: "6"})
    page.enter(FIRST)
    page.press("Shift+ArrowRight", "Shift+ArrowDown")
    return page


def test_shift_and_arrows_pick_a_block_and_say_so(block):
    assert picked(block) == [FIRST, RIGHT, BELOW, CORNER]
    expect(block.page.get_by_text("已选 2 行 2 列")).to_be_attached()
    assert block.focused == FIRST


def test_shift_and_arrows_take_back_what_they_picked(block):
    block.press("Shift+ArrowLeft")
    assert picked(block) == [FIRST, BELOW]
    block.press("Shift+ArrowUp")
    assert picked(block) == []


def test_an_arrow_alone_lets_go_of_the_block(block):
    block.press("ArrowRight")
    assert picked(block) == []
    assert block.focused == RIGHT


def test_escape_lets_go_of_the_block(block):
    block.press("Escape")
    assert picked(block) == []
    assert block.focused == FIRST


def test_ctrl_a_picks_the_whole_table(tables):
    page = tables("requests")
    page.enter(FIRST)
    page.press("Control+a")
    assert len(picked(page)) == 25 * 7


def test_ctrl_shift_and_an_arrow_pick_to_the_edge(tables):
    page = tables("requests")
    page.enter(FIRST)
    page.press("Control+Shift+ArrowRight")
    assert len(picked(page)) == 7


def test_delete_clears_the_block_in_one_step(block):
    block.press("Delete")
    assert block.values == {}
    block.press("Control+z")
    assert [block.value(name) for name in (FIRST, RIGHT, BELOW, CORNER)] == ["3", "4", "5", "6"]


def test_delete_leaves_computed_cells_to_their_sums(tables):
    page = tables("requests", {FIRST: "3", RIGHT: "4"})
    page.enter(FIRST)
    page.press("Control+Shift+ArrowRight", "Delete")
    assert page.cell(TOTAL).text_content() == ""
    assert page.values == {}


def test_copying_gives_text_and_a_table(block):
    copied = block.page.evaluate(COPY, "copy")
    assert copied == {
        "taken": True,
        "text": "3\t4\r\n5\t6",
        "html": "<table><tr><td>3</td><td>4</td></tr><tr><td>5</td><td>6</td></tr></table>",
    }


def test_copying_carries_totals_and_notes(tables):
    page = tables("requests", {FIRST: "3", RIGHT: "4"})
    page.page.evaluate("(name) => fields.set(name, '3', '其中<修订>2件')", FIRST)
    page.enter(FIRST)
    page.press("Control+Shift+ArrowRight")
    copied = page.page.evaluate(COPY, "copy")
    assert copied["text"] == "3（其中<修订>2件）\t4\t\t\t\t\t7"
    assert "其中&lt;修订&gt;2件" in copied["html"]


def test_cutting_copies_and_clears(block):
    assert block.page.evaluate(COPY, "cut")["text"] == "3\t4\r\n5\t6"
    assert block.values == {}


def test_letters_picked_within_a_cell_are_the_browsers_to_copy(tables):
    page = tables("requests", {FIRST: "345"})
    page.enter(FIRST)
    page.press("F2", "Shift+ArrowLeft")
    assert not page.page.evaluate(COPY, "copy")["taken"]


def test_ctrl_d_fills_the_block_down(tables):
    page = tables("requests", {FIRST: "3", RIGHT: "4"})
    page.enter(FIRST)
    page.press("Shift+ArrowRight", "Shift+ArrowDown", "Control+d")
    assert (page.value(BELOW), page.value(CORNER)) == ("3", "4")


def test_ctrl_d_in_a_single_cell_takes_what_stands_above(tables):
    page = tables("requests", {FIRST: "3"})
    page.enter(BELOW)
    page.press("Control+d")
    assert page.value(BELOW) == "3"


def test_the_mouse_picks_a_block(tables):
    page = tables("requests", {FIRST: "3"})
    page.cell(FIRST).hover()
    page.page.mouse.down()
    page.cell(RIGHT).hover()
    page.cell(CORNER).hover()
    page.page.mouse.up()
    assert picked(page) == [FIRST, RIGHT, BELOW, CORNER]
    page.cell("requests.carried_out.natural_person").hover()
    assert picked(page) == [FIRST, RIGHT, BELOW, CORNER]


def test_shift_and_a_click_pick_up_to_there(tables):
    page = tables("requests")
    page.cell(FIRST).click()
    page.cell(CORNER).click(modifiers=["Shift"])
    assert picked(page) == [FIRST, RIGHT, BELOW, CORNER]


def test_a_click_selects_what_the_cell_holds_and_a_second_sets_the_caret(tables):
    page = tables("requests", {FIRST: "345"})
    page.cell(FIRST).click()
    page.type("1")
    assert page.value(FIRST) == "1"
    page.cell(FIRST).click(position={"x": 3, "y": 10})
    page.type("2")
    assert page.value(FIRST) == "21"


def test_typing_goes_into_the_first_cell_and_lets_go_of_the_block(block):
    block.type("9")
    assert (block.value(FIRST), block.value(CORNER)) == ("9", "6")
    assert picked(block) == []


PASTE = """(text) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  const event = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
  document.activeElement.dispatchEvent(event);
}"""


def test_one_value_pasted_into_a_block_goes_into_each_of_its_cells_in_one_step(block):
    block.page.evaluate(PASTE, "0\r\n")
    expect(block.bar).to_contain_text("将写入 4 格，覆盖 4 格")
    block.apply()
    assert [block.value(name) for name in (FIRST, RIGHT, BELOW, CORNER)] == ["0"] * 4
    block.press("Control+z")
    assert [block.value(name) for name in (FIRST, RIGHT, BELOW, CORNER)] == ["3", "4", "5", "6"]


def test_one_value_pasted_into_a_row_with_its_total_leaves_the_total_to_be_computed(tables):
    page = tables("requests")
    page.enter(FIRST)
    page.press("Control+Shift+ArrowRight")
    assert TOTAL in picked(page)
    page.page.evaluate(PASTE, "2")
    expect(page.bar).to_contain_text("将写入 6 格")
    page.apply()
    expect(page.page.locator(f'[data-cell="{TOTAL}"] output')).to_have_text("12")
