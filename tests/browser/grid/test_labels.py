"""The names that come with a paste, as offices write them, and the rows of the form that they mean."""

import pytest

from reports.faces.grid import grid
from tests.browser.grid.test_numbers import called
from tests.people import annual

TABLES = {table.key: table for table in annual().tables}


def lines(table):
    """The rows of a table as the page knows them: headings, outermost first."""
    found, beside = [], []
    for row in grid(TABLES[table]).body:
        for head in row.heads:
            beside = [*beside[: head.level], head.label]
        found.append({"heads": list(beside)})
    return found


ROWS = lines("requests")


@pytest.fixture
def page(new_page, static_site):
    return new_page(static_site.origin, "/empty")


def meant(page, names, rows=ROWS):
    [found] = called(page, "meant", [[names, rows]], "labels.js")
    return rows[found]["heads"][-1] if found >= 0 else None


def test_every_row_is_found_by_its_own_name_under_its_own_group(page):
    found = called(page, "meant", [[row["heads"], ROWS] for row in ROWS], "labels.js")
    assert found == list(range(len(ROWS)))


@pytest.mark.parametrize(
    ("written", "row"),
    [
        ("本年新收", "一、本年新收政府信息公开申请数量"),
        ("一. 本年新收政府信息公开申请数量", "一、本年新收政府信息公开申请数量"),
        ("二、上年结转政府\n信息公开申请数量", "二、上年结转政府信息公开申请数量"),
        ("(一)予以公开", "（一）予以公开"),
        ("（二）部分公开", "（二）部分公开（区分处理的，只计这一情形，不计其他情形）"),
        ("1、属于国家秘密", "1.属于国家秘密"),
        ('3.危及"三安全一稳定"', "3.危及“三安全一稳定”"),
        ("② 重复申请", "2.重复申请"),
        ("逾期不补正", "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请"),
        ("逾期未缴纳费用", "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请"),
        ("没有现成信息需另行制作", "2.没有现成信息需要另行制作"),
        ("无正当理由大量反复申请", "4.无正当理由大量反复申请"),
        ("其他", "3.其他"),
        ("合　计", "（七）总计"),
        ("四、结转下年度", "四、结转下年度继续办理"),
    ],
)
def test_a_row_is_found_as_offices_write_it(page, written, row):
    assert meant(page, [written]) == row


@pytest.mark.parametrize(
    "written",
    [
        "（六）其他处理",
        "三、本年度办理结果",
        "（三）不予公开",
        "申请",
        "政府信息公开申请",
        "其中：网上申请",
        "2024年",
        "constructor",
        "",
    ],
)
def test_what_is_none_of_our_rows_is_taken_for_none(page, written):
    assert meant(page, [written]) is None


def test_a_table_of_small_documents_is_found_by_shortened_names(page):
    rows = lines("article_20_1")
    assert meant(page, ["规 章"], rows) == "规章"
    assert meant(page, ["规范性文件"], rows) == "行政规范性文件"


def test_of_equal_names_the_one_under_the_same_group_is_meant(page):
    outcomes = [{"heads": [group, outcome]} for group in ("直接起诉", "复议后起诉") for outcome in ("维持", "总计")]
    assert called(page, "meant", [[["复议后起诉", "总计"], outcomes], [["总计"], outcomes, 2]], "labels.js") == [3, 3]
