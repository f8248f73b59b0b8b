"""While an input method composes, its keys are not ours and its text is not touched."""

import pytest

FIRST = "requests.received.natural_person"

# What happens to a cell, each event at the moment that `at` says (in milliseconds); the answer is what was put into it.
COMPOSE = """([name, steps]) => {
  const input = document.getElementById(name);
  const said = [];
  const own = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value");
  Object.defineProperty(input, "value", {
    configurable: true, get: own.get, set(text) { said.push(text); own.set.call(this, text); },
  });
  steps.forEach((step) => {
    const made = { bubbles: true, cancelable: true, ...step };
    const Kind = { key: KeyboardEvent, com: CompositionEvent, foc: FocusEvent }[step.type.slice(0, 3)];
    const event = new Kind(step.type, made);
    if (step.at !== undefined) Object.defineProperty(event, "timeStamp", { value: step.at });
    input.dispatchEvent(event);
  });
  delete input.value;
  return said;
}"""
ENDING = [{"type": "compositionstart", "at": 1000}, {"type": "compositionend", "at": 2000}]


@pytest.fixture
def at_work(tables):
    """A table whose first cell is being written in with an input method of the browser itself."""
    page = tables("requests")
    page.enter(FIRST)
    session = page.page.context.new_cdp_session(page.page)
    return page, session


def test_what_is_being_composed_is_not_rewritten(at_work):
    page, session = at_work
    session.send("Input.imeSetComposition", {"text": "１２", "selectionStart": 2, "selectionEnd": 2})
    assert page.cell(FIRST).input_value() == "１２"
    session.send("Input.insertText", {"text": "１２３"})
    assert page.cell(FIRST).input_value() == "１２３"
    page.press("Enter")
    assert page.value(FIRST) == "123"


def test_keys_of_the_input_method_move_nothing(at_work):
    page, _ = at_work
    keys = [
        {"type": "keydown", "key": "Enter", "isComposing": True},
        {"type": "keydown", "key": "ArrowDown", "keyCode": 229},
        {"type": "keydown", "key": "Process", "keyCode": 229},
        {"type": "keydown", "key": "Escape", "isComposing": True},
    ]
    assert page.page.evaluate(COMPOSE, [FIRST, keys]) == []
    assert page.focused == FIRST


def test_the_enter_that_ends_a_composition_does_not_move_on(at_work):
    page, _ = at_work
    page.page.evaluate(COMPOSE, [FIRST, [*ENDING, {"type": "keydown", "key": "Enter", "at": 2049}]])
    assert page.focused == FIRST


def test_the_next_enter_moves_on(at_work):
    page, _ = at_work
    page.page.evaluate(COMPOSE, [FIRST, [*ENDING, {"type": "keydown", "key": "Enter", "at": 2051}]])
    assert page.focused == "requests.carried_in.natural_person"


def test_a_cell_left_in_the_middle_of_a_composition_keeps_what_is_in_it(at_work):
    page, _ = at_work
    page.page.keyboard.insert_text("１２")
    assert page.page.evaluate(COMPOSE, [FIRST, [{"type": "compositionstart"}, {"type": "focusout"}]]) == []
    assert page.value(FIRST) == "１２"
