"""The annual report, edition 2021: the form as the state prints it, tried on the figures of real reports.

`answers/suqian-*.json` holds the figures that Suqian published for 2023 and 2024, with texts of our own.
"""

from decimal import Decimal
from pathlib import Path

import pytest

from reports.checks import check
from reports.definition import Severity, leaves
from reports.reading import read_answers
from tests.people import DEFINITIONS, annual

ANSWERS = Path(__file__).parents[1] / "answers"
DEFINITION = annual()


def table(key):
    return next(one for one in DEFINITION.tables if one.key == key)


def published(year):
    return read_answers((ANSWERS / f"suqian-{year}.json").read_bytes(), DEFINITIONS)


# --- the form ---


def test_the_report_has_six_parts():
    assert [section.heading for section in DEFINITION.sections] == [
        "一、总体情况",
        "二、主动公开政府信息情况",
        "三、收到和处理政府信息公开申请情况",
        "四、政府信息公开行政复议、行政诉讼情况",
        "五、存在的主要问题及改进情况",
        "六、其他需要报告的事项",
    ]


def test_the_report_has_two_hundred_figures_and_eight_texts():
    assert (len(DEFINITION.cells), len(DEFINITION.texts)) == (200, 8)
    assert all(text.required for text in DEFINITION.texts.values())


SIZES = [
    ("article_20_1", 2, 3),
    ("article_20_5", 1, 1),
    ("article_20_6", 2, 1),
    ("article_20_8", 1, 1),
    ("requests", 25, 7),
    ("disputes", 1, 15),
]


def test_these_are_all_the_tables():
    assert [one.key for one in DEFINITION.tables] == [key for key, *_ in SIZES]


@pytest.mark.parametrize(("key", "rows", "columns"), SIZES)
def test_a_table_has_the_official_size(key, rows, columns):
    one = table(key)
    assert (len(tuple(leaves(one.rows))), len(tuple(leaves(one.columns)))) == (rows, columns)


REQUEST_ROWS = """
一、本年新收政府信息公开申请数量
二、上年结转政府信息公开申请数量
（一）予以公开
（二）部分公开（区分处理的，只计这一情形，不计其他情形）
1.属于国家秘密
2.其他法律行政法规禁止公开
3.危及“三安全一稳定”
4.保护第三方合法权益
5.属于三类内部事务信息
6.属于四类过程性信息
7.属于行政执法案卷
8.属于行政查询事项
1.本机关不掌握相关政府信息
2.没有现成信息需要另行制作
3.补正后申请内容仍不明确
1.信访举报投诉类申请
2.重复申请
3.要求提供公开出版物
4.无正当理由大量反复申请
5.要求行政机关确认或重新出具已获取信息
1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请
2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请
3.其他
（七）总计
四、结转下年度继续办理
"""
REQUEST_COLUMNS = "自然人 商业企业 科研机构 社会公益组织 法律服务机构 其他 总计"
GROUPS = "三、本年度办理结果 （三）不予公开 （四）无法提供 （五）不予处理 （六）其他处理"
OUTCOMES = "结果维持 结果纠正 其他结果 尚未审结 总计"


def test_the_request_table_is_worded_as_printed():
    one = table("requests")
    assert [leaf.lines[-1].label for leaf in leaves(one.rows)] == REQUEST_ROWS.split()
    assert [leaf.lines[-1].label for leaf in leaves(one.columns)] == REQUEST_COLUMNS.split()
    assert {line.label for leaf in leaves(one.rows) for line in leaf.lines[:-1]} == set(GROUPS.split())
    assert one.note == "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"


def test_the_disputes_table_is_worded_as_printed():
    columns = [leaf.label for leaf in leaves(table("disputes").columns)]
    blocks = ["行政复议", "行政诉讼·未经复议直接起诉", "行政诉讼·复议后起诉"]
    assert columns == [f"{block}·{outcome}" for block in blocks for outcome in OUTCOMES.split()]


def test_only_money_has_decimals():
    money = [name for name, cell in DEFINITION.cells.items() if cell.kind.places]
    assert money == ["article_20_8.fees.charged"]


def test_the_edition_is_in_force_since_2021():
    assert DEFINITION.first_year == 2021


# --- real figures ---


@pytest.mark.parametrize("year", [2023, 2024])
def test_a_published_citys_figures_give_no_error(year):
    assert check(published(year)) == []


def test_a_published_city_goes_on_from_its_last_year():
    assert check(published(2024), published(2023)) == []


def test_published_figures_are_kept_to_the_last_digit():
    answers = published(2024)
    assert answers.value("article_20_8.fees.charged") == Decimal("72701.2578")
    assert answers.shown("article_20_8.fees.charged") == "72701.2578"
    assert answers.shown("article_20_6.penalties.handled") == "2676474"
    assert answers.value("requests.received.total") == 3525


def test_every_cell_of_a_published_report_is_held_by_a_rule_or_stands_for_itself():
    """One more in any cell of the two big tables is noticed."""
    answers = published(2024)
    quiet = []
    for name, figure in answers.figures.items():
        more = {name: type(figure)(figure.value + 1)}
        changed = type(answers)(answers.definition, answers.unit, answers.year, answers.figures | more, answers.texts)
        if not [one for one in check(changed) if one.severity is Severity.ERROR]:
            quiet.append(name)
    assert {name.split(".")[0] for name in quiet} == {"article_20_1", "article_20_5", "article_20_6", "article_20_8"}


def test_the_example_is_a_complete_report_without_a_finding():
    example = DEFINITIONS.folder_of(DEFINITION) / "example.json"
    assert check(read_answers(example.read_bytes(), DEFINITIONS)) == []
