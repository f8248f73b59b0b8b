"""Pasting asks before it writes over much, leaves alone what it cannot read, and can be taken back."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.grid.test_pastes import clipboard

FIRST = "requests.received.natural_person"
RIGHT = "requests.received.legal_person.company"
THIRD = "requests.received.legal_person.research"
BELOW = "requests.carried_in.natural_person"
TOTAL = "requests.received.total"


def test_the_bar_says_what_will_be_written_and_written_over(tables):
    page = tables("requests", {FIRST: "1", RIGHT: "75"})
    page.paste(FIRST, "3440\t75\r\n118\tabc\r\n")
    expect(page.bar).to_contain_text("将写入 3 格，覆盖 1 格，1 格无法识别")
    expect(page.bar).to_contain_text("“abc”不是数，请只填数字，没有发生的填 0；保持原样")
    assert page.value(FIRST) == "1"
    page.apply()
    expect(page.bar).to_contain_text("已写入 3 格")
    assert (page.value(FIRST), page.value(BELOW)) == ("3440", "118")


def test_what_will_be_written_is_shown_before(tables):
    page = tables("requests")
    page.paste(FIRST, "3\t4\r\n5\t6\r\n")
    incoming = page.page.locator("td.incoming")
    expect(incoming).to_have_count(4)
    page.bar.get_by_role("button", name="取消").click()
    expect(incoming).to_have_count(0)
    expect(page.bar).to_be_hidden()
    assert page.values == {}
    assert page.focused == FIRST


def test_enter_applies_and_escape_leaves_everything_as_it_was(tables):
    page = tables("requests")
    page.paste(FIRST, "3\t4\r\n")
    page.press("Escape")
    assert page.values == {}
    assert page.focused == FIRST
    page.paste(FIRST, "3\t4\r\n")
    page.press("Enter")
    assert (page.value(FIRST), page.value(RIGHT)) == ("3", "4")
    assert page.focused == FIRST


def test_a_paste_is_one_step_back(tables):
    page = tables("requests", {FIRST: "1"})
    page.paste(FIRST, "3\t4\r\n5\t6\r\n")
    page.apply()
    page.bar.get_by_role("button", name="撤销").click()
    expect(page.bar).to_be_hidden()
    assert page.values == {FIRST: "1"}
    page.press("Control+y")
    assert (page.value(FIRST), page.value(RIGHT), page.value(BELOW)) == ("3", "4", "5")
    page.press("Control+z")
    assert page.values == {FIRST: "1"}


def test_after_another_change_the_bar_offers_no_way_back_to_before_the_paste(tables):
    page = tables("requests")
    page.paste(FIRST, "3\t4\r\n")
    page.apply()
    expect(page.bar.get_by_role("button", name="撤销")).to_be_visible()
    page.type("9")
    expect(page.bar).to_be_hidden()
    assert page.value(FIRST) == "9"


def test_what_could_not_be_read_stays_listed_while_it_is_put_right(tables):
    page = tables("requests")
    page.paste(FIRST, "3\t约十\r\n5\t约八\r\n")
    page.apply()
    page.bar.get_by_role("link").first.click()
    page.type("10")
    expect(page.bar).to_contain_text("粘贴后还要核对的地方")
    expect(page.bar.get_by_role("link")).to_have_count(2)
    expect(page.bar.get_by_role("button", name="撤销")).to_have_count(0)
    page.bar.get_by_role("button", name="关闭").click()
    expect(page.bar).to_be_hidden()


def test_a_paste_is_one_message_to_whoever_saves(tables):
    page = tables("requests")
    page.paste(FIRST, "3\t4\r\n5\t6\r\n")
    page.apply()
    [names] = page.page.evaluate("window.heard")
    assert sorted(names) == sorted([FIRST, RIGHT, BELOW, "requests.carried_in.legal_person.company"])


def test_a_pasted_total_that_is_not_the_sum_is_told(tables):
    page = tables("requests")
    page.paste(FIRST, "5\t1\t2\t0\t0\t3\t12\r\n")
    expect(page.bar).to_contain_text("将写入 6 格")
    expect(page.bar).to_contain_text("粘贴的总计 12，按明细计算为 11")
    page.apply()
    assert page.cell(TOTAL).text_content() == "11"


def test_a_pasted_total_that_is_the_sum_is_told_in_short(tables):
    page = tables("requests")
    page.paste(FIRST, "5\t1\t2\t0\t0\t3\t11\r\n")
    expect(page.bar).to_contain_text("1 个总计与明细相符")


def test_what_cannot_be_read_leads_to_its_cell(tables):
    page = tables("requests", {RIGHT: "8"})
    page.paste(FIRST, "3\t约十\r\n5\t6\r\n")
    page.apply()
    page.bar.get_by_role("link", name=re.compile("商业企业")).click()
    assert page.focused == RIGHT
    assert page.value(RIGHT) == "8"


def test_everything_a_clerk_may_paste_is_read_or_told(tables):
    page = tables("requests")
    page.paste(FIRST, **clipboard("excel-messy.tsv"))
    expect(page.bar).to_contain_text("将写入 6 格，6 格无法识别")
    for reason in (
        "“—”不是数，没有发生的填 0",
        "“无”不是数，没有发生的填 0",
        "-5 是负数，这一格不能小于 0",
        "数过大，整数部分最多 12 位，请核对",
        "“约十”不是数，请只填数字，没有发生的填 0",
        "12.5 不是整数，件数只能填整数",
    ):
        expect(page.bar).to_contain_text(reason)
    page.apply()
    assert [page.value(name) for name in (FIRST, RIGHT, THIRD)] == ["1234", "1234", "12"]
    assert [page.value(f"requests.carried_in.legal_person.{key}") for key in ("company", "research")] == ["7", "8"]
    noted = "requests.carried_in.legal_person.other"
    assert (page.value(noted), page.note(noted)) == ("22", "其中修订16件")


def test_a_blank_in_the_paste_leaves_its_cell_alone(tables):
    page = tables("requests", {RIGHT: "8"})
    page.paste(FIRST, "3\t\t4\r\n")
    page.apply()
    assert (page.value(FIRST), page.value(RIGHT), page.value(THIRD)) == ("3", "8", "4")


def test_a_single_value_is_pasted_by_the_browser(tables):
    page = tables("requests")
    assert not page.paste(FIRST, "12")
    assert not page.paste(FIRST, "12\r\n")
    assert not page.paste(FIRST, "12", "<table><tr><td>12</td></tr></table>")


def test_nothing_is_pasted_over_a_computed_cell(tables):
    page = tables("requests", {FIRST: "3"})
    assert page.paste(TOTAL, "99")
    assert page.cell(TOTAL).text_content() == "3"


def test_one_readable_figure_among_blanks_needs_no_asking(tables):
    page = tables("requests")
    assert page.paste(FIRST, "\t12\r\n")
    expect(page.bar).to_be_hidden()
    assert page.value(RIGHT) == "12"


def test_a_column_goes_down_from_the_caret(tables):
    page = tables("requests")
    page.paste(RIGHT, "1\n2\n3\n")
    page.apply()
    assert page.values == {
        RIGHT: "1",
        "requests.carried_in.legal_person.company": "2",
        "requests.results.granted.legal_person.company": "3",
    }


def test_seven_figures_of_which_the_last_is_the_sum_are_a_row(tables):
    page = tables("requests")
    page.paste(FIRST, "5\n1\n2\n0\n0\n3\n11\n")
    page.apply()
    assert page.value("requests.received.legal_person.other") == "3"
    assert page.value(BELOW) == ""


def test_seven_figures_that_do_not_add_up_are_a_column(tables):
    page = tables("requests")
    page.paste(FIRST, "5\n1\n2\n0\n0\n3\n12\n")
    page.apply()
    assert page.value(BELOW) == "1"
    assert page.value(RIGHT) == ""


def test_figures_past_the_edge_are_told_and_not_written(tables):
    page = tables("requests")
    page.paste("requests.carried_out.legal_person.other", "1\t1\t7\r\n2\t2\t8\r\n")
    expect(page.bar).to_be_visible()
    expect(page.bar).to_contain_text("4 个数在本表中没有位置，没有写入")


def test_a_row_we_do_not_have_is_told_and_the_others_are_written(tables):
    page = tables("requests")
    page.paste(
        FIRST, "本年新收\t1\t0\t0\t0\t0\t0\t1\r\n其中网上申请\t1\t0\t0\t0\t0\t0\t1\r\n上年结转\t2\t0\t0\t0\t0\t0\t2\r\n"
    )
    expect(page.bar).to_contain_text("有 1 行对不上本表的行，没有写入：其中网上申请")
    page.apply()
    assert (page.value(FIRST), page.value(BELOW)) == ("1", "2")


def test_the_last_rows_with_their_total_are_not_taken_for_rows_without(tables):
    """Twenty-four rows: all but the last, or all but the total? The total is the sum, so it is there."""
    page = tables("requests")
    lines = clipboard("excel-requests-figures.tsv")["text"].split("\r\n")
    page.paste(FIRST, "\r\n".join(lines[:24]))
    page.apply()
    assert page.value("requests.carried_out.natural_person") == ""
    assert page.value("requests.results.otherwise.other.natural_person") == "352"


def test_headings_alone_place_columns_wherever_the_caret_is(tables):
    page = tables("requests")
    page.paste("requests.received.legal_person.other", "其他\t自然人\r\n3\t3440\r\n")
    page.apply()
    assert page.values == {"requests.received.legal_person.other": "3", FIRST: "3440"}


def test_a_block_of_words_is_not_silently_dropped(tables):
    page = tables("requests")
    page.paste(FIRST, "甲\t乙\r\n1\t2\r\n")
    expect(page.bar).to_contain_text("将写入 2 格，2 格无法识别")


def test_far_too_much_is_refused_in_words(tables):
    page = tables("requests")
    page.paste(FIRST, "1\t2\r\n" * 501)
    expect(page.bar).to_contain_text("粘贴的内容有 501 行，比整张表还多，没有写入")
    assert page.values == {}


@pytest.mark.parametrize("hostile", ["<img src=x onerror=alert(1)>", "<b>", "__proto__", "constructor"])
def test_what_is_pasted_is_never_read_as_html(tables, hostile):
    page = tables("requests")
    page.paste(FIRST, f"{hostile}\t2\r\n3\t4\r\n")
    assert page.bar.locator("img, b").count() == 0
    expect(page.bar).to_contain_text("1 格无法识别")


def test_ctrl_c_and_ctrl_v_carry_a_block_through_the_real_clipboard(tables):
    page = tables("requests", {FIRST: "3", RIGHT: "4", BELOW: "5"})
    page.enter(FIRST)
    page.press("Shift+ArrowRight", "Shift+ArrowDown", "Control+c")
    page.enter("requests.results.granted.legal_person.research")
    page.press("Control+v")
    expect(page.bar).to_contain_text("将写入 3 格")
    page.press("Enter")
    assert page.value("requests.results.granted.legal_person.research") == "3"
    assert page.value("requests.results.granted.legal_person.charity") == "4"
    assert page.value("requests.results.partial.legal_person.research") == "5"


def test_ctrl_v_of_one_cell_replaces_what_the_next_one_held(tables):
    page = tables("requests", {FIRST: "3", RIGHT: "4"})
    page.enter(FIRST)
    page.press("Control+Home", "ArrowDown", "ArrowUp", "Control+c", "ArrowRight", "Control+v")
    assert page.value(RIGHT) == "3"


def test_two_rows_that_seem_to_mean_the_same_are_told_apart_by_the_very_name(tables):
    page = tables("requests")
    whole = "一、本年新收政府信息公开申请数量"
    page.paste(FIRST, f"{whole}（含网上）\t9\t0\t0\t0\t0\t0\t9\r\n{whole}\t1\t0\t0\t0\t0\t0\t1\r\n")
    expect(page.bar).to_contain_text(f"有 1 行对不上本表的行，没有写入：{whole}（含网上）")
    page.apply()
    assert page.value(FIRST) == "1"


def test_the_same_table_twice_is_not_written_at_all(tables):
    page = tables("requests")
    page.paste(FIRST, "本年新收\t1\t0\t0\t0\t0\t0\t1\r\n本年新收\t2\t0\t0\t0\t0\t0\t2\r\n")
    expect(page.bar).to_contain_text("没有可以写入的数，各格未改动")
    assert page.values == {}


def test_names_that_are_not_ours_are_told_when_their_figures_go_by_position(tables):
    page = tables("requests")
    page.paste(FIRST, "甲科\t1\t2\r\n乙科\t3\t4\r\n")
    expect(page.bar).to_contain_text("行名对不上本表，按位置从当前格起填：甲科、乙科")
    page.apply()
    assert (page.value(FIRST), page.value(RIGHT), page.value(BELOW)) == ("1", "2", "3")


def test_blank_rows_and_uneven_rows_keep_every_figure_in_its_place(tables):
    page = tables("requests")
    page.paste(FIRST, "1\t2\t3\r\n\r\n\t5\r\n")
    page.apply()
    assert page.values == {
        FIRST: "1",
        RIGHT: "2",
        THIRD: "3",
        "requests.results.granted.legal_person.company": "5",
    }


def test_a_row_of_an_older_form_is_not_taken_for_one_of_ours(tables):
    page = tables("requests")
    page.paste(FIRST, "上年结转\t2\t0\t0\t0\t0\t0\t2\r\n（六）其他处理\t7\t0\t0\t0\t0\t0\t7\r\n")
    expect(page.bar).to_contain_text("有 1 行对不上本表的行，没有写入：（六）其他处理")


def test_a_heading_that_comes_twice_fills_its_column_once(tables):
    page = tables("requests")
    page.paste(FIRST, "\t自然人\t自然人\r\n上年结转\t2\t9\r\n")
    expect(page.bar).to_contain_text("1 个数在本表中没有位置")
    page.apply()
    assert page.value(BELOW) == "2"
