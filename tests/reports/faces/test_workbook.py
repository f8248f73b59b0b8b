"""Workbooks: tables as printed, numbers as numbers, text never a formula, equal bytes for equal reports."""

import io
import zipfile

import pytest
from python_calamine import CalamineWorkbook

from reports.faces.workbook import workbook, year_workbook
from tests.people import ARCHIVES, MARKET, but, nil_return, ordinary_report, read

ABOUT = [("来源", "临溪县人民政府办公室"), ("许可", "=HYPERLINK(1)")]
ISSUED = "article_20_1.regulations.issued"
FEES = "article_20_8.fees.charged"


def sheets(data: bytes) -> dict[str, list[list[object]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}


def parts(data: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name).decode() for name in package.namelist()}


def test_every_table_has_a_sheet_as_it_is_printed():
    told = sheets(workbook(read(ordinary_report()), ABOUT))
    assert list(told) == [
        "说明",
        "第二十条第（一）项",
        "第二十条第（五）项",
        "第二十条第（六）项",
        "第二十条第（八）项",
        "三、收到和处理政府信息公开申请情况",
        "四、政府信息公开行政复议、行政诉讼情况",
        "文字",
        "全部数据",
    ]
    requests = told["三、收到和处理政府信息公开申请情况"]
    assert requests[1][3] == "申请人情况"
    assert requests[2][3:5] == ["自然人", "法人或其他组织"]
    assert requests[4] == ["一、本年新收政府信息公开申请数量", "", "", 12.0, 3.0, 0.0, 0.0, 1.0, 0.0, 16.0]
    assert requests[6][:4] == ["三、本年度办理结果", "（一）予以公开", "", 7.0]
    assert requests[8][1:3] == ["（三）不予公开", "1.属于国家秘密"]
    disputes = told["四、政府信息公开行政复议、行政诉讼情况"]
    assert len(disputes[-1]) == 15


def test_headings_are_merged_as_on_paper():
    requests = parts(workbook(read(ordinary_report()), ABOUT))["xl/worksheets/sheet6.xml"]
    assert '<mergeCell ref="A2:C4"/>' in requests, "the corner"
    assert '<mergeCell ref="E3:I3"/>' in requests, "法人或其他组织"
    assert '<mergeCell ref="A7:A28"/>' in requests, "三、本年度办理结果"


def test_notes_are_comments_beside_numbers():
    told = parts(workbook(read(but(ordinary_report(), cells={ISSUED: {"value": 22, "note": "其中修订16件"}})), ABOUT))
    assert "其中修订16件" in told["xl/comments1.xml"]
    assert "<v>22</v>" in told["xl/worksheets/sheet2.xml"]


def test_digits_beyond_those_a_spreadsheet_keeps_are_text():
    for figure, kept in (("59237.2449", 59237.2449), ("123456789012.123456", "123456789012.123456")):
        told = sheets(workbook(read(but(nil_return(), cells={FEES: figure})), ABOUT))
        assert told["第二十条第（八）项"][-1][-1] == kept


@pytest.mark.parametrize("typed", ["=HYPERLINK(1)", "+1", "-1", "@SUM(1)"])
def test_there_is_no_formula_in_it(typed: str):
    report = but(ordinary_report(typed), cells={ISSUED: {"value": 1, "note": typed}}, texts={"other.matters": typed})
    for data in (workbook(read(report), ABOUT), year_workbook(*a_year(typed))):
        told = parts(data)
        assert not [name for name, part in told.items() if "<f>" in part]
        assert 'quotePrefix="1"' in told["xl/styles.xml"]


def a_year(unit: str = MARKET):
    rows = [((unit,), read(ordinary_report(unit))), ((ARCHIVES,), read(nil_return()))]
    return rows[0][1].definition, "2024年度", ABOUT, ("单位",), rows


def test_a_year_has_a_line_for_each_report_and_a_column_for_each_cell(definition):
    told = sheets(year_workbook(*a_year()))
    assert [name for rows in list(told.values())[1:] for name in rows[0] if name] == list(definition.cells)
    _names, labels, market, archives = told["第二十条第（一）项"]
    assert labels == [
        "单位",
        "规章 / 本年制发件数",
        "规章 / 本年废止件数",
        "规章 / 现行有效件数",
        "行政规范性文件 / 本年制发件数",
        "行政规范性文件 / 本年废止件数",
        "行政规范性文件 / 现行有效件数",
    ]
    assert market == [MARKET, 0, 0, 0, 3, 1, 9]
    assert archives[0] == ARCHIVES


def test_equal_reports_make_equal_bytes():
    assert workbook(read(ordinary_report()), ABOUT) == workbook(read(ordinary_report()), ABOUT)
    assert year_workbook(*a_year()) == year_workbook(*a_year())
