"""Walking through a table with the keyboard, as in a spreadsheet."""

import pytest

FIRST = "requests.received.natural_person"
BELOW = "requests.carried_in.natural_person"
RIGHT = "requests.received.legal_person.company"
LAST_TYPED = "requests.received.legal_person.other"
TOTAL = "requests.received.total"
NEXT_ROW = "requests.carried_in.natural_person"
GRAND_TOTAL = "requests.results.total.total"


@pytest.mark.parametrize(
    ("start", "keys", "end"),
    [
        (FIRST, ["Enter"], BELOW),
        (BELOW, ["Shift+Enter"], FIRST),
        (FIRST, ["ArrowDown"], BELOW),
        (BELOW, ["ArrowUp"], FIRST),
        (FIRST, ["ArrowRight"], RIGHT),
        (RIGHT, ["ArrowLeft"], FIRST),
        (FIRST, ["ArrowUp"], FIRST),
        (FIRST, ["ArrowLeft"], FIRST),
        (FIRST, ["Tab"], RIGHT),
        (RIGHT, ["Shift+Tab"], FIRST),
        (FIRST, ["End"], TOTAL),
        (LAST_TYPED, ["Home"], FIRST),
        (FIRST, ["Control+End"], "requests.carried_out.total"),
        ("requests.carried_out.total", ["Control+Home"], FIRST),
    ],
)
def test_keys_lead_from_cell_to_cell(tables, start, keys, end):
    page = tables("requests")
    page.enter(start)
    page.press(*keys)
    assert page.focused == end


def test_tab_passes_computed_cells_by_and_arrows_reach_them(tables):
    page = tables("requests")
    page.enter(LAST_TYPED)
    page.press("Tab")
    assert page.focused == NEXT_ROW
    page.press("Shift+Tab")
    assert page.focused == LAST_TYPED
    page.press("ArrowRight")
    assert page.focused == TOTAL
    page.press("ArrowDown")
    assert page.focused == "requests.carried_in.total"
    page.press("ArrowLeft")
    assert page.focused == "requests.carried_in.legal_person.other"


def test_typing_replaces_what_the_cell_held(tables):
    page = tables("requests", {FIRST: "340", BELOW: "118"})
    page.enter(FIRST)
    page.press("ArrowDown")
    page.type("12")
    assert page.value(BELOW) == "12"


def test_arrows_stay_in_the_text_until_the_caret_is_at_its_edge(tables):
    page = tables("requests")
    page.enter(FIRST)
    page.press("ArrowRight")
    page.type("12")
    page.press("ArrowLeft")
    page.type("0")
    assert page.value(RIGHT) == "102"
    page.press("ArrowRight")
    assert page.focused == RIGHT
    page.press("ArrowRight")
    assert page.focused == "requests.received.legal_person.research"


def test_f2_gives_the_arrows_to_the_text(tables):
    page = tables("requests", {FIRST: "340"})
    page.enter(FIRST)
    page.press("F2")
    page.type("5")
    assert page.value(FIRST) == "3405"
    page.press("ArrowRight", "ArrowRight", "ArrowDown")
    assert page.focused == FIRST
    page.press("Enter")
    assert page.focused == BELOW


def test_escape_brings_back_what_the_cell_held(tables):
    page = tables("requests", {FIRST: "340"})
    page.enter(FIRST)
    page.press("ArrowDown", "ArrowUp")
    page.type("99")
    page.press("Escape")
    assert page.value(FIRST) == "340"
    assert page.focused == FIRST
    page.type("7")
    assert page.value(FIRST) == "7"


def test_enter_never_sends_the_form(tables):
    page = tables("requests")
    address = page.page.url
    page.enter("requests.carried_out.natural_person")
    page.type("1")
    page.press("Enter", "Shift+Enter")
    assert page.page.url == address
    assert page.focused == "requests.results.total.natural_person"


def test_a_computed_cell_takes_no_letters(tables):
    page = tables("requests", {FIRST: "3"})
    page.enter(TOTAL)
    page.type("9")
    page.press("Delete", "Backspace", "F2")
    assert page.cell(TOTAL).text_content() == "3"


def test_full_width_becomes_half_when_the_cell_is_left_and_not_before(tables):
    page = tables("requests")
    page.enter(FIRST)
    page.page.keyboard.insert_text("１，２３４ 件")
    assert page.value(FIRST) == "１，２３４ 件"
    page.press("Enter")
    assert page.value(FIRST) == "1234"
    assert page.cell(FIRST).input_value() == "1234"


def test_what_nobody_can_read_stays_as_typed(tables):
    page = tables("requests")
    page.enter(FIRST)
    page.page.keyboard.insert_text("约十二件")
    page.press("Enter")
    assert page.value(FIRST) == "约十二件"


def test_a_note_typed_in_brackets_goes_to_its_own_place(tables):
    page = tables("requests")
    page.enter(FIRST)
    page.page.keyboard.insert_text("22（其中修订16件）")
    page.press("Enter")
    assert (page.value(FIRST), page.note(FIRST)) == ("22", "其中修订16件")
