"""A text that tells of another year is found; a text that only names one is left in peace."""

import pytest

from reports import years
from reports.checks import check
from tests.people import but, nil_return, read

UNIT = "临溪县档案局"


# --- which years a text says ---


@pytest.mark.parametrize(
    "text", ["2024年", "2024 年", "２０２４年", "二〇二四年", "二零二四年", "截至2024年12月底", "（2024年）"]
)
def test_a_year_is_said_however_it_is_written(text):
    assert years.said(text) == {2024}


@pytest.mark.parametrize(
    "text", ["2024版", "国办公开办函〔2021〕30号", "120240年", "共2024条", "2024", "二十年", "一二〇年"]
)
def test_other_numbers_are_not_years(text):
    assert years.said(text) == frozenset()


# --- which year a text begins to tell of ---

OPENINGS = [
    ("2024年，我局主动公开信息14条。", 2024),
    ("　　2024年,遂宁市安居区坚持公开。", 2024),
    ("2024年度，全县主动公开信息14条。", 2024),
    ("2024年我局未收到申请。", 2024),
    ("2024年全县共收到申请14件。", 2024),
    ("2024年临溪县档案局主动公开信息14条。", 2024),
    ("二〇二四年，本局主动公开信息14条。", 2024),
    ("2024年共收到申请3件。", 2024),
    ("2024年底，网站完成改版。", None),
    ("2024年以来，网站完成改版。", None),
    ("2024年3月，网站完成改版。", None),
    ("2019年新修订的《条例》施行后，流程更细。", None),
    ("自2019年起，实行台账管理。", None),
    ("主动公开方面。2024年，我局公开信息14条。", None),
    ("较2023年，增加2条。", None),
    ("", None),
]


@pytest.mark.parametrize(("text", "year"), OPENINGS)
def test_a_text_opens_with_the_year_it_tells_of_or_with_none(text, year):
    assert years.opening(text, UNIT) == year


# --- what the check makes of it ---


def found(year=2024, **texts):
    """The severities of what is found about years in a report, by text."""
    document = nil_return(UNIT, year)
    quiet = dict.fromkeys(document["texts"], "一切正常。")
    named = {name.replace("__", "."): text for name, text in texts.items()}
    findings = check(read(but(document, texts=quiet | named)))
    assert all(finding.rule == "H6" for finding in findings), findings
    return {finding.cells[0]: finding.severity.value for finding in findings}


# Sentences of good reports for 2024. None of them may cost a clerk anything.
RIGHT = [
    "2024年，我局主动公开信息14条，较2023年增加2条。",
    "2024年，我局主动公开信息14条。2023年同期为12条。",
    "本年度主动公开信息14条，比2023年增长5%。",
    "与2023年相比，主动公开的信息增加2条。",
    "自2019年新修订的《条例》施行以来，我局不断完善制度，本年度公开信息14条。",
    "2019年，新修订的《中华人民共和国政府信息公开条例》施行。今年，我局继续对照检查。",
    "2022年，区政府网站完成集约化整合，我局不再单独开设网站。",
    "2021年底，我局网站并入县政府网站。",
    "2023年12月，因机构改革，我局职能调整，栏目随之更名。",
    "全面清理2019年1月1日至2023年12月31日印发的文件，废止3件。",
    "对2023年1月1日至12月31日制发的规范性文件开展备案审查。",
    "落实《2023年政务公开工作要点》（临政办发〔2023〕12号），逐项对账。",
    "国办公开办函〔2021〕30号印发后，按新格式编制。",
    "在2023年度全县政务公开考核中获评优秀。",
    "我局于2020年建立信息公开专栏，常年维护。",
    "二〇二四年，我局主动公开信息14条；二〇二三年为12条。",
    "２０２４年，我局主动公开信息14条。",
    "2024 年，我局主动公开信息 14 条，比 2023年 多 2 条。",
    "2025年，我局将继续完善制度。2024年的不足将逐项整改。",
    "本报告中所列数据的统计期限自2024年1月1日起至2024年12月31日止。",
    "统计期限为2024年1月1日至12月31日。",
    "全年公开信息14条。",
    "2024年以来，全县坚持以公开为常态。",
    "2024年来，全乡坚持以公开为常态。",
    "截止2024年12月31日，我局发布信息34条，其中年度报告1条（2023年度）。",
    "主动公开32条，包括机构职能2条、2023年信息公开年报1条。",
    "2024年1月1日到2024年12月31日止，我镇主动公开信息292条。",
    "县统计局公布2022年1月1日至2023年12月31日的普查数据。",
]


@pytest.mark.parametrize("text", RIGHT)
@pytest.mark.parametrize("name", ["overview__proactive", "overview__platform", "problems__found", "other__matters"])
def test_a_right_report_may_name_other_years_wherever_it_says_its_own(name, text):
    assert found(**{"overview__on_request": "2024年，未收到申请。", name: text}) == {}


@pytest.mark.parametrize("text", RIGHT)
def test_a_right_report_may_name_other_years_even_when_it_never_says_its_own(text):
    assert "error" not in found(overview__platform=text).values()


@pytest.mark.parametrize(
    "text",
    [
        "2023年，我局坚持依法公开，主动公开信息14条。",
        "2023年我局主动公开信息14条。",
        "　　2023年度，全县主动公开信息14条，与2022年相比增加2条。",
        "二〇二三年，我局主动公开信息14条。",
        "2023年，临溪县档案局主动公开信息14条，落实《主动公开目录》（2024版）。",
        "2023年，本年度主动公开信息14条。",
        "2025年，我局主动公开信息14条。",
        "2021年，我局主动公开信息14条。",
    ],
)
def test_last_years_report_sent_again_is_an_error(text):
    assert found(overview__proactive=text) == {"overview.proactive": "error"}


@pytest.mark.parametrize("year", [2023, 2025])
def test_a_year_that_nothing_else_confirms_must_be_explained(year):
    assert found(overview__proactive=f"我局{year}年主动公开信息14条。") == {"overview.proactive": "explain"}


def test_a_year_long_ago_needs_no_confirmation():
    assert found(overview__proactive="我局2022年主动公开信息14条。") == {}


@pytest.mark.parametrize("text", ["2023年，我局网站并入县政府网站。", "2022年，我局网站并入县政府网站。"])
def test_what_may_be_history_must_be_explained_where_nothing_says_the_right_year(text):
    assert found(overview__platform=text) == {"overview.platform": "explain"}


def test_a_paragraph_left_from_last_year_must_be_explained():
    left = found(overview__proactive="2024年，公开14条。", overview__on_request="2023年，我局未收到申请。")
    assert left == {"overview.on_request": "explain"}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("overview__on_request", "渠道保持畅通。2023年，我局未收到申请。"),
        ("overview__on_request", "2023年，公开12条。2024年，公开14条。"),
        ("problems__found", "2023年，我局政府信息公开工作取得成绩，仍有不足。"),
        ("other__matters", "2023年未收取信息处理费。"),
        ("other__matters", "一是没有其他事项。\n2023年有3件申请收取信息处理费2230元。"),
    ],
)
def test_a_sentence_about_last_year_where_it_may_be_right_is_only_pointed_at(name, text):
    assert found(**{"overview__proactive": "2024年，公开14条。", name: text}) == {name.replace("__", "."): "hint"}


@pytest.mark.parametrize(
    "text",
    [
        "本报告中所列数据的统计期限自2023年1月1日起至2023年12月31日止。",
        "统计期限为2023年1月1日至12月31日。",
        "统计期限：2023 年 1 月 1 日—12 月 31 日。",
        "统计期限自2023年1月1日起至2024年12月31日止。",
        "数据统计时间为二〇二三年1月1日至12月31日。",
        "报告统计数据时限为2023年1月1日到2023年12月31日。",
        "所列统计数据时间范围为2023年1月1日至2023年12月31日。",
        "本年报中所列数据的统计期限自2023年1月1日起至2023年12月31日止。",
    ],
)
@pytest.mark.parametrize("name", ["overview__proactive", "other__matters"])
def test_a_stated_period_of_another_year_is_an_error(name, text):
    assert found(**{name: "2024年，一切正常。" + text}) == {name.replace("__", "."): "error"}


MESSAGES = [
    ("overview.proactive", "2023年，我局公开信息14条。", "一、总体情况·（一）主动公开：写的是 2023 年"),
    ("overview.proactive", "我局2025年公开信息14条。", "一、总体情况·（一）主动公开：写的是 2025 年"),
    ("other.matters", "2023年有3件申请收费。", "六、其他需要报告的事项：写的是 2023 年"),
    ("other.matters", "统计期限为2023年1月1日至12月31日。", "六、其他需要报告的事项：统计期限写的是 2023 年"),
]


@pytest.mark.parametrize(("name", "text", "message"), MESSAGES)
def test_the_message_names_the_text_and_both_years(name, text, message):
    [finding] = check(read(but(nil_return(UNIT), texts={name: text})))
    assert finding.message == f"{message}，报告年度是 2024 年。文字所述年度应与报告年度一致。"


def test_a_text_of_nothing_but_line_ends_and_years_is_looked_at_in_passing():
    # Quadratic matching would take minutes here, and the suite would be stopped.
    for text in ("\n" * 29_000, "2023年" + " " * 29_000, "2023年，" * 4_900, "统计期限" * 7_000):
        check(read(but(nil_return(UNIT), texts={"overview.proactive": "2024年。" + text})))
