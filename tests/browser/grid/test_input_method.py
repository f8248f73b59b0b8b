"""While an input method composes, its keys are not ours and its text is not touched."""

import pytest

FIRST = "requests.received.natural_person"

COMPOSE = """([name, steps]) => {
  const input = document.getElementById(name);
  const said = [];
  const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set;
  Object.defineProperty(input, "value", { configurable: true, set(text) { said.push(text); set.call(this, text); },
    get: Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").get });
  steps.forEach((step) => input.dispatchEvent(
    step.type.startsWith("key") ? new KeyboardEvent(step.type, { bubbles: true, cancelable: true, ...step })
      : new CompositionEvent(step.type, { bubbles: true, data: step.data || "" })));
  delete input.value;
  return said;
}"""


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
    ending = [{"type": "compositionstart"}, {"type": "compositionend"}, {"type": "keydown", "key": "Enter"}]
    page.page.evaluate(COMPOSE, [FIRST, ending])
    assert page.focused == FIRST


def test_another_enter_moves_on(at_work):
    """The guard is off: without it, the test above would prove nothing."""
    page, _ = at_work
    page.page.evaluate(COMPOSE, [FIRST, [{"type": "keydown", "key": "Enter"}]])
    assert page.focused == "requests.carried_in.natural_person"


def test_a_cell_left_in_the_middle_of_a_composition_keeps_what_is_in_it(at_work):
    page, _ = at_work
    page.page.keyboard.insert_text("１２")
    left = [{"type": "compositionstart"}]
    page.page.evaluate(COMPOSE, [FIRST, left])
    page.page.evaluate(
        "(name) => document.getElementById(name).dispatchEvent(new FocusEvent('focusout', { bubbles: true }))", FIRST
    )
    assert page.value(FIRST) == "１２"
