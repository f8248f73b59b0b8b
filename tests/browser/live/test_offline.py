"""The line is cut, the browser dies, the computer keeps what was typed until the server has it."""

import json

from playwright.sync_api import expect

GRANTED = "requests.results.granted.natural_person"
PARTIAL = "requests.results.partial.natural_person"
FOUND = "problems.found"
CUT = ("ERR_INTERNET_DISCONNECTED", "ERR_FAILED")


def test_what_is_typed_without_a_line_is_sent_when_it_is_back(visit, desk):
    form = visit("requests", expected=CUT)
    form.page.context.set_offline(True)
    form.type(GRANTED, "7")
    form.save()
    expect(form.state).to_have_text("离线，保留在本机")
    form.type(PARTIAL, "3")
    form.page.keyboard.press("Enter")
    assert sorted(json.loads(entry)["value"] for entry in form.kept_here.values()) == ["3", "7"]
    desk.comes_to_keep({})
    form.page.context.set_offline(False)
    form.is_saved()
    desk.comes_to_keep({GRANTED: "7", PARTIAL: "3"})
    assert form.kept_here == {}


def test_a_button_pressed_without_a_line_keeps_the_page(visit, desk):
    form = visit("problems", expected=CUT)
    form.page.context.set_offline(True)
    form.type(FOUND, "还在这里。")
    form.page.get_by_role("button", name="保存并下一部分").click()
    expect(form.bar).to_contain_text("现在连不上服务器")
    expect(form.field(FOUND)).to_have_value("还在这里。")
    form.page.context.set_offline(False)
    form.is_saved()
    expect(form.bar).to_be_hidden()
    desk.comes_to_keep({FOUND: "还在这里。"})


def test_a_browser_that_crashes_without_a_line_has_everything_when_it_is_opened_again(visit, desk):
    form = visit("problems", expected=CUT)
    context = form.page.context
    context.set_offline(True)
    form.type(FOUND, "写了很久的一段话。")
    form.save()
    expect(form.state).to_have_text("离线，保留在本机")
    form.die()
    context.set_offline(False)
    again = visit("requests", context)
    expect(again.bar).to_contain_text("上次有 1 处没有存上，已从本机取回")
    again.is_saved()
    desk.comes_to_keep({FOUND: "写了很久的一段话。"})
    assert again.kept_here == {}
    again.page.goto(desk.address("problems"))
    expect(again.field(FOUND)).to_have_value("写了很久的一段话。")


def test_what_comes_back_does_not_write_over_what_a_colleague_saved_meanwhile(visit, desk):
    form = visit("problems", expected=CUT)
    context = form.page.context
    context.set_offline(True)
    form.type(FOUND, "我的。")
    form.save()
    expect(form.state).to_have_text("离线，保留在本机")
    form.die()
    desk.fill({FOUND: "同事的。"})
    context.set_offline(False)
    again = visit("problems", context)
    expect(again.page.locator(f'[data-conflict="{FOUND}"] .words')).to_have_text(["我的。", "同事的。"])
    expect(again.field(FOUND)).to_have_value("我的。")
    desk.comes_to_keep({FOUND: "同事的。"})


def test_two_windows_that_both_died_are_both_brought_back(visit, desk):
    first = visit("problems", expected=CUT)
    context = first.page.context
    second = visit("problems", context)
    context.set_offline(True)
    for form, words in ((first, "先写的。"), (second, "后写的。")):
        form.type(FOUND, words)
        form.save()
        expect(form.state).to_have_text("离线，保留在本机")
    first.die()
    second.die()
    context.set_offline(False)
    again = visit("problems", context)
    card = again.page.locator(f'[data-conflict="{FOUND}"]')
    expect(card.locator(".words")).to_have_text(["后写的。", "先写的。"])
    expect(card).to_contain_text("本机另一个窗口")
    card.get_by_role("button", name="用对方的").click()
    again.is_saved()
    desk.comes_to_keep({FOUND: "先写的。"})
    assert again.kept_here == {}


def test_what_one_account_left_behind_is_not_shown_to_another(visit, desk):
    form = visit("problems", expected=CUT)
    context = form.page.context
    context.set_offline(True)
    form.type(FOUND, "我的。")
    form.save()
    expect(form.state).to_have_text("离线，保留在本机")
    form.die()
    context.set_offline(False)
    desk.sign_in(context, desk.person())
    other = visit("problems", context)
    expect(other.field(FOUND)).to_have_value("")
    desk.comes_to_keep({})


def test_a_computer_that_can_keep_nothing_says_so_and_asks_before_the_page_is_closed(visit, desk):
    form = visit("problems", expected=CUT)
    form.page.evaluate("Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); }; 0")
    form.page.context.set_offline(True)
    form.type(FOUND, "没处放的话。")
    expect(form.state).to_have_text("没有保存，本机也存不下，请不要关闭页面")
    with form.page.expect_event("dialog") as asked:
        form.page.close(run_before_unload=True)
    assert asked.value.type == "beforeunload"
    asked.value.dismiss()
    form.page.context.set_offline(False)
    form.is_saved()
    desk.comes_to_keep({FOUND: "没处放的话。"})


def test_a_page_whose_words_are_kept_closes_without_a_question(visit, desk):
    form = visit("problems", expected=CUT)
    form.page.context.set_offline(True)
    form.type(FOUND, "留在本机。")
    form.save()
    expect(form.state).to_have_text("离线，保留在本机")
    form.page.on("dialog", lambda dialog: dialog.dismiss())
    with form.page.expect_event("close"):
        form.page.close(run_before_unload=True)
