"""What is typed is saved by itself: on leaving a field, after a pause, on Ctrl+S; one request at a time."""

import json

import pytest
from playwright.sync_api import expect

GRANTED = "requests.results.granted.natural_person"
PARTIAL = "requests.results.partial.natural_person"
FOUND = "problems.found"


def sent(request):
    """The changes in a save, by name."""
    return {one["name"]: one["value"] for one in json.loads(request.post_data)["changes"]}


def is_save(request):
    return request.method == "POST" and request.url.endswith("/fields")


@pytest.mark.parametrize("leaves", ["Enter", "Tab", "Control+s"])
def test_a_figure_is_saved_when_its_cell_is_left_or_on_demand_and_is_there_after_a_reload(visit, desk, leaves):
    form = visit("requests")
    form.type(GRANTED, "7")
    form.page.keyboard.press(leaves)
    form.is_saved()
    desk.comes_to_keep({GRANTED: "7"})
    form.page.reload()
    expect(form.field(GRANTED)).to_have_value("7")
    assert form.kept_here == {}


def test_a_text_is_saved_after_a_pause_while_the_clerk_is_still_in_it(visit, desk):
    form = visit("problems")
    form.type(FOUND, "公开不够及时。")
    form.is_saved()
    desk.comes_to_keep({FOUND: "公开不够及时。"})
    expect(form.field(FOUND)).to_be_focused()


def test_what_is_typed_while_a_save_is_on_its_way_waits_for_it_and_goes_together(visit, desk):
    form = visit("requests")
    held, saves = [], []
    form.page.on("request", lambda request: is_save(request) and saves.append(sent(request)))
    form.page.route("**/fields", lambda route: held.append(route) if len(saves) == 1 else route.continue_())
    form.type(GRANTED, "1")
    with form.page.expect_request(is_save):
        form.save()
    form.type(GRANTED, "12")
    form.type(PARTIAL, "3")
    form.save()
    expect(form.state).to_have_text("正在保存")
    assert saves == [{GRANTED: "1"}]
    with form.page.expect_response(
        lambda one: is_save(one.request) and sent(one.request) == {GRANTED: "12", PARTIAL: "3"}
    ):
        held[0].continue_()
    form.is_saved()
    desk.comes_to_keep({GRANTED: "12", PARTIAL: "3"})


def test_a_server_in_trouble_is_asked_again_by_itself(visit, desk):
    form = visit("requests", expected=("503",))
    troubled = []
    form.page.route(
        "**/fields",
        lambda route: route.continue_() if troubled else troubled.append(route.fulfill(status=503, body="{}")),
    )
    form.type(GRANTED, "5")
    form.save()
    expect(form.state).to_have_text("服务器暂时不能保存，保留在本机")
    form.is_saved()
    desk.comes_to_keep({GRANTED: "5"})


def test_what_cannot_be_printed_is_taken_out_and_the_page_shows_what_was_kept(visit, desk):
    form = visit("problems")
    form.type(FOUND, "公开\ue000不够\u202e及时。")
    form.save()
    form.is_saved()
    form.page.keyboard.press("Tab")
    expect(form.field(FOUND)).to_have_value("公开不够及时。")
    form.is_saved()
    desk.comes_to_keep({FOUND: "公开不够及时。"})


def test_one_field_that_is_refused_holds_no_other_back(visit, desk):
    form = visit("requests", expected=("422",))
    form.type(PARTIAL, "9" * 65)
    form.type(GRANTED, "5")
    form.save()
    expect(form.state).to_have_text("有 1 处没有收下，保留在本机")
    expect(form.bar).to_contain_text("最多 64 个字")
    desk.comes_to_keep({GRANTED: "5"})
    form.type(PARTIAL, "9")
    form.save()
    form.is_saved()
    expect(form.bar).to_be_hidden()
    desk.comes_to_keep({GRANTED: "5", PARTIAL: "9"})


def test_a_page_that_is_left_in_mid_typing_sends_what_it_has(visit, desk):
    form = visit("requests")
    form.type(GRANTED, "8")
    form.page.get_by_role("link", name="五、存在的主要问题及改进情况").click()
    expect(form.page.locator("h1")).to_have_text("五、存在的主要问题及改进情况")
    form.page.goto(desk.address("requests"))
    expect(form.field(GRANTED)).to_have_value("8")
    form.is_saved()
    desk.comes_to_keep({GRANTED: "8"})


def test_a_button_that_sends_the_whole_section_does_not_quarrel_with_what_was_saved_before(visit, desk):
    form = visit("requests")
    form.type(GRANTED, "1")
    form.save()
    form.is_saved()
    form.field(GRANTED).fill("2")
    form.page.get_by_role("button", name="保存并下一部分").click()
    expect(form.page.locator("h1")).to_have_text("四、政府信息公开行政复议、行政诉讼情况")
    desk.comes_to_keep({GRANTED: "2"})
