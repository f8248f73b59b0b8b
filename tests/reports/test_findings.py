"""A finding says in the words of the form where, what should hold, both sides and the difference."""

import pytest

from reports.answers import Answers, Figure, Unit
from reports.checks import check
from tests.people import but, ordinary_report, read

GOOD = ordinary_report()
DOCUMENTS = "article_20_1.normative_documents"
REQUESTS = "三、收到和处理政府信息公开申请情况"

SENTENCES = {
    "H1": (
        {"requests.results.granted.natural_person": 8, "requests.results.partial.natural_person": 0},
        f"{REQUESTS}，“三、办理结果·（一）予以公开”行：每行的总计，应等于自然人与法人或其他组织各列之和。"
        "“总计” 9，应等于所列 6 项之和 10，相差 1。",
    ),
    "H2": (
        {"requests.received.natural_person": 13, "requests.received.total": 17}
        | {"requests.results.total.natural_person": 13, "requests.results.total.total": 17},
        f"{REQUESTS}，“自然人”列“三、办理结果”行：（七）总计，应等于（一）至（六）各项之和。"
        "“（七）总计” 13，应等于所列 21 项之和 12，相差 1。",
    ),
    "H3": (
        {"requests.received.legal_person.company": 5, "requests.received.total": 18},
        f"{REQUESTS}，“法人或其他组织·商业企业”列：第一项加第二项之和，应等于第三项加第四项之和。"
        "“一、本年新收” 5 + “二、上年结转” 0 ＝ 5，"
        "应等于“三、办理结果·（七）总计” 3 + “四、结转下年度继续办理” 0 ＝ 3，相差 2。",
    ),
    "H4": (
        {"disputes.cases.litigation.after_review.pending": 2},
        "四、政府信息公开行政复议、行政诉讼情况，“行政诉讼·复议后起诉”列："
        "总计应等于结果维持、结果纠正、其他结果、尚未审结之和。"
        "“总计” 1，应等于“结果维持” 0 + “结果纠正” 0 + “其他结果” 0 + “尚未审结” 2 ＝ 2，相差 1。",
    ),
    "H5": (
        {"article_20_8.fees.charged": "无"},
        "二、主动公开政府信息情况·第二十条第（八）项，“行政事业性收费”行“本年收费金额（单位：万元）”列："
        "“无”不是数，没有发生的填 0。"
        "件数应为不小于 0 的整数，金额应不小于 0；没有发生的填 0，不留空白，不填“/”“-”。",
    ),
    "X3": (
        {f"{DOCUMENTS}.in_force": 1},
        "二、主动公开政府信息情况·第二十条第（一）项，“行政规范性文件”行："
        "现行有效件数不应小于本年制发件数减本年废止件数。"
        "“现行有效件数” 1，不应小于“本年制发件数” 3 − “本年废止件数” 1 ＝ 2，相差 1。",
    ),
    "N5": (
        {"article_20_1.regulations.in_force": 3},
        "二、主动公开政府信息情况·第二十条第（一）项，“现行有效件数”列："
        "规章由国务院部门、省级和设区的市（自治州）人民政府制定，其他机关一般应为 0。“规章” 3，应等于 0。",
    ),
}


@pytest.mark.parametrize(("rule", "cells", "sentence"), [(rule, *rest) for rule, rest in SENTENCES.items()])
def test_a_finding_reads_as_a_sentence_of_the_form(rule, cells, sentence):
    first = check(read(but(GOOD, cells=cells)))[0]
    assert (first.rule, first.message) == (rule, sentence)


def test_a_finding_against_last_year_says_which_figure_is_last_years():
    last = but(ordinary_report(year=2023), cells={f"{DOCUMENTS}.in_force": 8, "requests.carried_out.natural_person": 4})
    carried_on, carried_in = check(read(GOOD), read(last))
    assert carried_on.message.endswith(
        "“现行有效件数” 9，应等于上年“现行有效件数” 8 + “本年制发件数” 3 − “本年废止件数” 1 ＝ 10，相差 1。"
    )
    assert carried_in.message == (
        f"{REQUESTS}，“自然人”列：上年结转数应等于上一年度报告的“结转下年度继续办理”。"
        "“二、上年结转” 1，应等于上年“四、结转下年度继续办理” 4，相差 3。"
    )


def test_a_blank_is_called_a_blank():
    [finding] = check(read(but(GOOD, cells={"disputes.cases.review.total": None})))
    assert finding.message == (
        "四、政府信息公开行政复议、行政诉讼情况，“行政复议·总计”列：没有填写。"
        "件数应为不小于 0 的整数，金额应不小于 0；没有发生的填 0，不留空白，不填“/”“-”。"
    )


def test_an_empty_text_is_named_by_its_headings():
    [finding] = check(read(but(GOOD, texts={"overview.platform": ""})))
    assert finding.message == ("一、总体情况·（四）政府信息公开平台建设：没有填写。六个部分应齐全，各项文字不能空缺。")


def test_a_long_overview_is_told_how_long():
    [finding] = check(read(but(GOOD, texts={"overview.proactive": "长" * 1000})))
    assert finding.message == "一、总体情况共 1093 字，宜在 1000 字以内。总体情况篇幅原则上不超过一千字。"


# --- relations that lie on no line ---

ORCHARD = """
[[section]]
key     = "orchard"
heading = "一、果园"

[[section.table]]
key     = "fruit"
cells   = "ten_thousand_yuan"
columns = [{ key = "money", label = "金额", of = [{ key = "sold", label = "销售" }, { key = "paid", label = "支出" }] }]
rows    = [{ key = "apples", label = "苹果" }, { key = "pears", label = "梨" }]

[[section.table.rule]]
id   = "T"
says = "梨的销售额加 1 不应大于苹果的支出"
that = "pears.money.sold + 1 <= apples.money.paid"

[[rule]]
id   = "W"
says = "苹果的销售额应大于上年"
that = "fruit.apples.money.sold > previous.fruit.apples.money.sold"

[[rule]]
id   = "V"
says = "梨的支出减 5 应小于 95"
that = "fruit.pears.money.paid - 5 < 95"
"""


def answers(definition, year, **figures):
    named = {
        f"fruit.{name.replace('__', '.money.')}": Figure(definition.tables[0].kind.read(typed))
        for name, typed in figures.items()
    }
    rest = {name: Figure(0) for name in definition.cells}
    return Answers(definition, Unit("东村"), year, rest | named, {})


def test_a_rule_on_the_whole_table_names_rows_and_columns(define):
    definition = define(ORCHARD)
    [finding] = check(answers(definition, 2024, pears__sold="2.50", apples__paid="3.4999"))
    assert finding.message == (
        "一、果园：梨的销售额加 1 不应大于苹果的支出。"
        "“梨”行“金额·销售”列 2.50 + 1 ＝ 3.50，不应大于“苹果”行“金额·支出”列 3.4999，相差 0.0001。"
    )


def test_a_rule_on_the_whole_report_names_the_tables_too(define):
    definition = define(ORCHARD)
    now, last = (
        answers(definition, 2024, apples__sold="5", apples__paid="1"),
        answers(definition, 2023, apples__sold="6"),
    )
    [finding] = check(now, last)
    assert finding.message == (
        "苹果的销售额应大于上年。一、果园“苹果”行“金额·销售”列 5，应大于上年一、果园“苹果”行“金额·销售”列 6，相差 1。"
    )


def test_a_bare_number_needs_no_difference(define):
    [finding] = check(answers(define(ORCHARD), 2024, pears__paid="100", apples__paid="1"))
    assert finding.message == "梨的支出减 5 应小于 95。一、果园“梨”行“金额·支出”列 100 − 5 ＝ 95，应小于 95。"


# --- for programs ---


def test_a_finding_travels_as_json_with_money_as_text(define):
    definition = define(ORCHARD)
    [finding] = check(answers(definition, 2024, pears__sold="2.50", apples__paid="3.4999"))
    assert finding.to_json() == {
        "rule": "T",
        "severity": "error",
        "cells": ["fruit.pears.money.sold", "fruit.apples.money.paid"],
        "message": finding.message,
        "left": "3.50",
        "right": "3.4999",
    }


def test_a_finding_about_counts_travels_with_numbers():
    [finding] = check(read(but(GOOD, cells={"disputes.cases.review.total": 2})))
    sent = finding.to_json()
    assert (sent["left"], sent["right"]) == (2, 1)
    assert sent["cells"] == [
        f"disputes.cases.review.{outcome}" for outcome in ("total", "upheld", "corrected", "other", "pending")
    ]


def test_a_finding_about_one_cell_has_no_sides():
    [finding] = check(read(but(GOOD, cells={"disputes.cases.review.total": ""})))
    assert (finding.to_json()["left"], finding.to_json()["right"]) == (None, None)
