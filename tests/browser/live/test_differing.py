"""Two windows, two colleagues: nobody's words are written over before somebody has chosen."""

import pytest
from playwright.sync_api import expect

CARRIED = "requests.carried_in.natural_person"
RECEIVED = "requests.received.natural_person"
FOUND = "problems.found"


def choose(form, words, name):
    form.page.locator(f'[data-conflict="{name}"]').get_by_role("button", name=words).click()


@pytest.mark.parametrize(("choice", "stays"), [("用我的", "8"), ("用对方的", "77")])
def test_of_two_windows_the_later_is_shown_both_figures_and_chooses(visit, desk, choice, stays):
    first = visit("requests")
    second = visit("requests", first.page.context)
    second.type(CARRIED, "77")
    second.save()
    second.is_saved()
    first.type(CARRIED, "8")
    first.save()
    expect(first.state).to_have_text("有 1 处与他人不同")
    card = first.page.locator(f'[data-conflict="{CARRIED}"]')
    expect(card.locator(".words")).to_have_text(["8", "77"])
    expect(card.locator("h3")).to_have_text("“二、上年结转”行“自然人”列")
    desk.comes_to_keep({CARRIED: "77"})
    choose(first, choice, CARRIED)
    first.is_saved()
    expect(first.field(CARRIED)).to_have_value(stays)
    expect(first.conflicts).to_be_hidden()
    desk.comes_to_keep({CARRIED: stays})
    assert first.kept_here == {}


@pytest.mark.parametrize(("choice", "stays"), [("用我的", "我写的，\n两行。"), ("用对方的", "同事写的。")])
def test_of_two_colleagues_the_later_reads_both_texts_and_who_wrote_when(visit, desk, choice, stays):
    mine, colleague = visit("problems"), visit("problems")
    colleague.type(FOUND, "同事写的。")
    colleague.save()
    colleague.is_saved()
    mine.type(FOUND, "我写的，\n两行。")
    mine.save()
    expect(mine.state).to_have_text("有 1 处与他人不同")
    card = mine.page.locator(f'[data-conflict="{FOUND}"]')
    expect(card.locator(".words")).to_have_text(["我写的，\n两行。", "同事写的。"], use_inner_text=True)
    expect(card).to_contain_text("先生 于 20")
    choose(mine, choice, FOUND)
    mine.is_saved()
    expect(mine.field(FOUND)).to_have_value(stays)
    desk.comes_to_keep({FOUND: stays})


def test_while_two_differ_one_types_on_and_the_rest_is_saved(visit, desk):
    form = visit("requests")
    desk.fill({CARRIED: "77"})
    form.type(CARRIED, "8")
    form.save()
    expect(form.state).to_have_text("有 1 处与他人不同")
    form.type(CARRIED, "9")
    expect(form.page.locator(f'[data-mine="{CARRIED}"]')).to_have_text("9")
    form.type(RECEIVED, "5")
    with form.page.expect_response("**/fields"):
        form.save()
    expect(form.state).to_have_text("有 1 处与他人不同")
    desk.comes_to_keep({CARRIED: "77", RECEIVED: "5"})
    choose(form, "用我的", CARRIED)
    form.is_saved()
    desk.comes_to_keep({CARRIED: "9", RECEIVED: "5"})


def test_whoever_types_the_same_as_the_other_has_settled_it(visit, desk):
    form = visit("requests")
    desk.fill({CARRIED: "77"})
    form.type(CARRIED, "8")
    form.save()
    expect(form.conflicts).to_be_visible()
    form.type(CARRIED, "77")
    form.is_saved()
    expect(form.conflicts).to_be_hidden()
    desk.comes_to_keep({CARRIED: "77"})


def test_a_choice_that_somebody_overtakes_is_asked_again(visit, desk):
    form = visit("requests")
    desk.fill({CARRIED: "77"})
    form.type(CARRIED, "8")
    form.save()
    expect(form.conflicts).to_be_visible()
    desk.fill({CARRIED: "78"})
    choose(form, "用我的", CARRIED)
    expect(form.page.locator(f'[data-conflict="{CARRIED}"] .words')).to_have_text(["8", "78"])
    desk.comes_to_keep({CARRIED: "78"})


def test_two_who_type_the_same_are_not_bothered(visit, desk):
    form = visit("requests")
    desk.fill({CARRIED: "8"})
    form.type(CARRIED, "8")
    form.save()
    form.is_saved()
    expect(form.conflicts).to_be_hidden()
