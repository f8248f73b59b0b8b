"""A submission is carried exactly as typed, or refused with name, reason and remedy; there is no third way."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports import names
from reports.answers import Figure
from reports.checks import check
from reports.reading import MOST_PROBLEMS, AnswersRefused, read_answers
from tests.people import ANNUAL, DEFINITIONS, as_json, but, nil_return, ordinary_report, read, shown

CELL = "requests.received.natural_person"
FEES = "article_20_8.fees.charged"
TEXT = "overview.platform"


def refused(data):
    """The problems for which a submission (or its bytes) is refused."""
    with pytest.raises(AnswersRefused) as refusal:
        read_answers(data if isinstance(data, bytes) else as_json(data), DEFINITIONS)
    return refusal.value.problems


def findings_on(answers, name):
    """What is found on one cell or text, as (rule, message)."""
    return [(one.rule, one.message) for one in check(answers) if one.cells[0] == name]


def without(document, key):
    return {name: value for name, value in document.items() if name != key}


# --- carried exactly as typed ---

CARRIED = [
    "{{ 7*7 }}",
    "{% for x in y %}{{ x.__class__ }}{% endfor %}",
    "{_{ x }_}",
    "<w:p><w:r><w:t>插入</w:t></w:r></w:p>",
    "]]></w:t>",
    'R&D 投入，A<B，C>D，“引号”和"引号"',
    "&amp; &#x41; %s {0} ${HOME} \\n",
    '=HYPERLINK("http://example.invalid")',
    "𠮷野家 𪚥 𰻝 😀 é é",
    "عربي \u200fעברית\u200e 中文",
    "零宽\u200b字符 软\u00ad连字 不换行\u00a0空格",
    "第一段\n第二段\n\n第四段",
    "列\t列",
    "话" * 30_000,
]


@pytest.mark.parametrize("typed", CARRIED, ids=shown)
def test_a_text_is_carried_exactly_as_typed(typed):
    assert read(but(nil_return(), texts={TEXT: typed})).texts[TEXT] == typed


@pytest.mark.parametrize("typed", ["甲\r\n乙", "甲\r乙", "甲\n乙"], ids=shown)
def test_a_line_end_is_a_line_end_on_every_computer(typed):
    assert read(but(nil_return(), texts={TEXT: typed})).texts[TEXT] == "甲\n乙"


def test_windows_line_ends_do_not_count_against_the_length_of_a_text():
    typed = "话\r\n" * 15_000
    assert len(read(but(nil_return(), texts={TEXT: typed})).texts[TEXT]) == 30_000


@pytest.mark.parametrize(
    "name", ["R&D {{ 7*7 }} <w:p>局", "𠮷林𪚥𰻝局", "局" * 200, "（临溪县）“一站式”中心"], ids=shown
)
def test_a_unit_may_have_any_name_that_can_be_printed(name):
    assert read(nil_return(unit=name)).unit.name == name


def test_spaces_around_a_name_are_nobodys_name():
    assert read(nil_return(unit="\u3000临溪县档案局 \n")).unit.name == "临溪县档案局"


FIGURES = [(CELL, 0, "0"), (CELL, "12", "12"), (CELL, 11398889, "11398889"), (FEES, "2.50", "2.50")]


@pytest.mark.parametrize(("cell", "typed", "printed"), FIGURES)
def test_a_figure_is_printed_as_typed(cell, typed, printed):
    assert read(but(nil_return(), cells={cell: typed})).shown(cell) == printed


@pytest.mark.parametrize("literal", ["59237.2449", "72701.2578", "0.1", "316441", "999999999999.999999"])
def test_money_keeps_its_digits_even_as_a_json_number(literal):
    data = as_json(nil_return()).replace(f'"{FEES}": 0'.encode(), f'"{FEES}": {literal}'.encode())
    assert read_answers(data, DEFINITIONS).shown(FEES) == literal


def test_a_figure_may_carry_a_note():
    answers = read(but(nil_return(), cells={CELL: {"value": 22, "note": " 其中修订16件 "}}))
    assert answers.figures[CELL] == Figure(22, "其中修订16件")
    assert answers.shown(CELL) == "22（其中修订16件）"


@pytest.mark.parametrize(
    ("typed", "kept"), [("注" * 60, "注" * 60), (" 其中 ", "其中"), ("\u200b", ""), ("", "")], ids=shown
)
def test_a_note_is_kept_without_the_spaces_around_it(typed, kept):
    assert read(but(nil_return(), cells={CELL: {"value": 0, "note": typed}})).figures[CELL] == Figure(0, kept)


@pytest.mark.parametrize("year", [2021, 2022, 2099])
def test_a_year_since_the_edition_began_is_read(year):
    assert read(nil_return(year=year)).year == year


@pytest.mark.parametrize("nothing", [None, "", "  ", "\u200b", {"value": None}, {"value": ""}, {}], ids=shown)
def test_a_blank_is_not_zero(nothing):
    answers = read(but(nil_return(), cells={CELL: nothing}))
    assert answers.value(CELL) is None
    assert findings_on(answers, CELL) == [("H5", findings_on(read(without_cell(CELL)), CELL)[0][1])]


def without_cell(name):
    document = nil_return()
    return document | {"cells": without(document["cells"], name)}


# --- kept as unreadable, so that the check can name the cell ---

UNREADABLE = [
    ("-3", "是负数"),
    ("3.5", "不是整数"),
    ("1e9999", "不是普通写法的数"),
    ("1.5e1", "不是普通写法的数"),
    ("-0", "是负数"),
    ("1e99999999999999999999999", "不是普通写法的数"),
    ("9" * 300, "数过大"),
    ("9" * 100_000, "数过大"),
    ("true", "不是数"),
    ("[]", "不是数"),
    ('"12件"', "不是数"),
    ('"１２"', "不是普通写法的数"),
    ('"/"', "没有发生的填 0"),
    (r'"\ud800"', "没有填写"),
    (r'"\u0000"', "没有填写"),
    ('{"note": "其中修订16件"}', "只有说明，没有数"),
    ('{"value": "x", "note": "其中"}', "不是数"),
    ("[" * 500 + "]" * 500, "不是数"),
]


@pytest.mark.parametrize(("literal", "reason"), UNREADABLE, ids=shown)
def test_a_cell_that_is_no_figure_is_found_by_the_check_with_its_name(literal, reason):
    data = as_json(nil_return()).replace(f'"{CELL}": 0'.encode(), f'"{CELL}": {literal}'.encode())
    [(rule, message)] = findings_on(read_answers(data, DEFINITIONS), CELL)
    assert rule == "H5"
    assert "“一、本年新收”行“自然人”列" in message
    assert reason in message


def test_seven_decimals_of_money_are_called_seven_decimals():
    data = as_json(nil_return()).replace(f'"{FEES}": 0'.encode(), f'"{FEES}": 0.0000001'.encode())
    [(_, message)] = findings_on(read_answers(data, DEFINITIONS), FEES)
    assert "小数有 7 位" in message


# --- refused, by name ---

NIL = nil_return()
REFUSED = [
    ([], "文件", "最外层不是 { }"),
    ("年报", "文件", "最外层不是 { }"),
    (None, "文件", "最外层不是 { }"),
    (7, "文件", "最外层不是 { }"),
    ({}, "report", "没有写明是哪种报告"),
    (NIL | {"report": None}, "report", "没有写明是哪种报告"),
    (NIL | {"report": 5}, "report", "没有写明是哪种报告"),
    (NIL | {"report": ""}, "report", "没有写明是哪种报告"),
    (NIL | {"report": "open-government-annual/2019"}, "report", "没有“open-government-annual/2019”这种报告"),
    (NIL | {"report": "../../etc/passwd"}, "report", "没有“../../etc/passwd”这种报告"),
    (NIL | {"report": "\ud800\u202e"}, "report", "没有“<U+D800><U+202E>”这种报告"),
    (without(NIL, "unit"), "unit.name", "没有写明单位名称"),
    (NIL | {"unit": "临溪县档案局"}, "unit.name", "没有写明单位名称"),
    (NIL | {"unit": {}}, "unit.name", "没有写明单位名称"),
    (NIL | {"unit": {"name": 5}}, "unit.name", "没有写明单位名称"),
    (NIL | {"unit": {"name": " \u3000"}}, "unit.name", "没有写明单位名称"),
    (NIL | {"unit": {"name": "\u200b\ufeff"}}, "unit.name", "没有写明单位名称"),
    (NIL | {"unit": {"name": "局" * 201}}, "unit.name", "单位名称有 201 个字"),
    (NIL | {"unit": {"name": "临溪县\n档案局"}}, "unit.name", "中间有换行或制表符"),
    (NIL | {"unit": {"name": "临溪县\u202e档案局"}}, "unit.name", "第 4 个字符 U+202E 是看不见的文字方向控制符"),
    (NIL | {"unit": {"name": "临溪县档案局\x1f"}}, "unit.name", "第 7 个字符 U+001F 是不能印刷的控制字符"),
    (NIL | {"unit": {"name": "临溪县档案局", "code": 1}}, "unit.code", "没有这个名称"),
    (without(NIL, "year"), "year", "没有写年度"),
    (NIL | {"year": None}, "year", "没有写年度"),
    (NIL | {"year": 1899}, "year", "年度“1899”不能用"),
    (NIL | {"year": 2020}, "year", "年度“2020”不能用"),
    (NIL | {"year": 2100}, "year", "年度“2100”不能用"),
    (NIL | {"year": "2024"}, "year", "年度“2024”不能用"),
    (NIL | {"year": 2024.0}, "year", "年度“2024.0”不能用"),
    (NIL | {"year": True}, "year", "年度不是数"),
    (NIL | {"year": [2024]}, "year", "年度不是数"),
    (NIL | {"cells": None}, "cells", "应当是 { }"),
    (NIL | {"cells": []}, "cells", "应当是 { }"),
    (NIL | {"texts": "一切正常"}, "texts", "应当是 { }"),
    (NIL | {"sections": {}}, "sections", "没有这个名称"),
    (but(NIL, cells={CELL: {"value": 1, "remark": "x"}}), f"{CELL}.remark", "没有这个名称"),
    (but(NIL, cells={CELL: {"value": 1, "note": 5}}), CELL, "note 不是文字"),
    (but(NIL, cells={CELL: {"value": 1, "note": "注" * 61}}), CELL, "格内说明有 61 个字"),
    (but(NIL, cells={CELL: {"value": 1, "note": "甲\n乙"}}), CELL, "中间有换行或制表符"),
    (but(NIL, cells={"": 1}), "（空名称）", "没有这个名称"),
    (but(NIL, cells={"\x00\u202e": 1}), "<U+0000><U+202E>", "没有这个名称"),
    (but(NIL, cells={"x" * 80: 1}), "x" * 80, "没有这个名称"),
    (but(NIL, cells={"x" * 81: 1}), "x" * 80 + "…", "没有这个名称"),
    (but(NIL, texts={TEXT: 5}), TEXT, "不是文字"),
    (but(NIL, texts={TEXT: ["一段"]}), TEXT, "不是文字"),
    (but(NIL, texts={TEXT: "甲\x00乙"}), TEXT, "第 2 个字符 U+0000 是不能印刷的控制字符"),
    (but(NIL, texts={TEXT: "甲\x0b乙"}), TEXT, "第 2 个字符 U+000B 是不能印刷的控制字符"),
    (but(NIL, texts={TEXT: "甲\ud800乙"}), TEXT, "第 2 个字符 U+D800 是不能印刷的控制字符"),
    (but(NIL, texts={TEXT: "甲\ufffe"}), TEXT, "第 2 个字符 U+FFFE 是不能印刷的控制字符"),
    (but(NIL, texts={TEXT: "甲\U0001ffff"}), TEXT, "第 2 个字符 U+1FFFF 是不能印刷的控制字符"),
    (but(NIL, texts={TEXT: "甲\u202e乙"}), TEXT, "第 2 个字符 U+202E 是看不见的文字方向控制符"),
    (but(NIL, texts={TEXT: "甲\u2066乙"}), TEXT, "第 2 个字符 U+2066 是看不见的文字方向控制符"),
    (but(NIL, texts={TEXT: "甲\ue000"}), TEXT, "第 2 个字符 U+E000 是自造字"),
    (but(NIL, texts={TEXT: "话" * 30_001}), TEXT, "有 30001 个字"),
    (but(NIL, texts={TEXT: "x" * 2_000_000}), TEXT, "有 2000000 个字"),
]


@pytest.mark.parametrize(("document", "name", "reason"), REFUSED, ids=shown)
def test_what_cannot_be_carried_is_refused_with_name_reason_and_remedy(document, name, reason):
    [problem] = refused(document)
    assert (problem.name, reason in problem.reason) == (name, True), problem
    assert problem.remedy


MEANT = [
    ("cells", "requests.recieved.natural_person", "requests.received.natural_person"),
    ("cells", "requests.results.refused.state_secrets.total", "requests.results.refused.state_secret.total"),
    ("texts", "overview.proactiv", "overview.proactive"),
]


@pytest.mark.parametrize(("part", "wrong", "right"), MEANT)
def test_a_misspelt_name_is_told_what_was_probably_meant(part, wrong, right):
    [problem] = refused(but(NIL, **{part: {wrong: 0}}))
    assert (problem.name, problem.remedy) == (wrong, f"是否指 {right}？")


def test_a_name_like_no_other_is_told_where_the_names_are():
    [problem] = refused(but(NIL, cells={"预算": 0}))
    assert problem.remedy == "请删去，或对照填报数据的格式（JSON Schema）改正"


def test_a_name_written_twice_is_refused_by_name():
    data = as_json(NIL).replace(f'"{CELL}": 0'.encode(), f'"{CELL}": 1, "{CELL}": 2'.encode())
    [problem] = refused(data)
    assert (problem.name, problem.reason, problem.remedy) == (CELL, "出现了两次", "请只留一个")


@pytest.mark.parametrize(
    "data", [b"", b"not json", "年报".encode("gb18030"), b"[" * 100_000, b"\x00" * 5_000_000], ids=shown
)
def test_a_file_that_is_not_json_is_refused_as_a_file(data):
    [problem] = refused(data)
    assert problem.name == "文件"
    assert problem.reason
    assert problem.remedy


def test_everything_wrong_is_named_at_once():
    problems = refused(but(NIL | {"year": 1899, "unit": {"name": ""}}, texts={TEXT: 5}, cells={"x": 1}))
    assert {problem.name for problem in problems} == {"year", "unit.name", TEXT, "x"}


def test_a_refusal_reads_as_a_list_of_sentences():
    with pytest.raises(AnswersRefused) as refusal:
        read(NIL | {"year": 1899, "unit": {"name": ""}})
    assert str(refusal.value).splitlines() == [
        'unit.name：没有写明单位名称；请写成 "unit": {"name": "某某局"}',
        "year：年度“1899”不能用；请写 2021 至 2099 之间的年份，不加引号，例如 2024",
    ]


def test_a_hundred_problems_are_all_named():
    assert len(refused(but(NIL, cells={f"第{number}格": 0 for number in range(MOST_PROBLEMS)}))) == MOST_PROBLEMS


def test_of_twenty_thousand_problems_the_first_hundred_are_named_and_the_rest_counted(monkeypatch):
    looked_for = []
    monkeypatch.setattr(names, "closest", lambda name, known: looked_for.append(name))
    problems = refused(but(NIL, cells={f"requests.results.granted.totl{number}": 0 for number in range(20_000)}))
    assert len(problems) == MOST_PROBLEMS + 1
    assert problems[-1].reason == "还有 19900 处问题没有列出"
    # Looking for what was meant takes milliseconds a name; it is done only for those that are shown.
    assert len(looked_for) == MOST_PROBLEMS


# --- whatever comes ---

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=20)
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | ANY_TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(ANY_TEXT, inner, max_size=4),
    max_leaves=10,
)
LIKELY = st.sampled_from([0, 5, "5", "12.5", -3, None, "", {"value": 5, "note": "其中修订2件"}, "2023年，甲\r\n乙。"])
GOOD = ordinary_report()


@st.composite
def mutated(draw):
    """A good report in which up to three things have become something else."""
    document = {**GOOD, "cells": dict(GOOD["cells"]), "texts": dict(GOOD["texts"])}
    parts = [document, document["cells"], document["texts"]]
    for _ in range(draw(st.integers(1, 3))):
        part = draw(st.sampled_from(parts))
        key = draw(st.sampled_from(sorted(part)) | ANY_TEXT)
        part[key] = draw(LIKELY | ANY_JSON)
    return document


def read_or_refuse(data):
    """The answers, or None when they are refused in words that can be shown to anybody."""
    try:
        return read_answers(data, DEFINITIONS)
    except AnswersRefused as refusal:
        for problem in refusal.problems:
            assert problem.name
            assert problem.reason
            assert problem.remedy
            assert str(problem).isprintable()
        return None


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data):
    read_or_refuse(data)


@given(ANY_JSON)
def test_any_json_is_read_or_refused(document):
    read_or_refuse(as_json(document))


@settings(max_examples=300)
@given(mutated())
def test_any_change_to_a_good_report_is_read_or_refused(document):
    answers = read_or_refuse(as_json(document))
    if answers is not None:
        for finding in check(answers):
            assert finding.message.isprintable()


@settings(max_examples=300)
@given(mutated())
def test_what_is_accepted_is_written_out_and_read_in_again_unchanged(document):
    answers = read_or_refuse(as_json(document))
    if answers is not None:
        again = read_answers(answers.to_json(), DEFINITIONS)
        assert again == replace(answers, refused={})
        assert again.to_json() == answers.to_json()
        assert again.digest == answers.digest


def test_the_same_answers_are_the_same_bytes_in_whatever_order_they_came():
    backwards = {
        key: dict(reversed(value.items())) if isinstance(value, dict) else value for key, value in GOOD.items()
    }
    assert read(backwards).to_json() == read(GOOD).to_json()
    assert read(backwards).digest == read(GOOD).digest


def test_a_good_report_holds_what_was_sent_and_nothing_else():
    answers = read(GOOD)
    sent = json.loads(as_json(GOOD))
    assert (answers.definition.reference, answers.unit.name, answers.year) == (ANNUAL, GOOD["unit"]["name"], 2024)
    assert {name: str(figure) for name, figure in answers.figures.items()} == {
        name: str(value) for name, value in sent["cells"].items()
    }
    assert answers.texts == sent["texts"]
    assert not answers.refused
