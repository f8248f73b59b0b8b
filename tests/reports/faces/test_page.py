"""A report as a page: title, six parts in order, headings, paragraphs, tables."""

from reports.faces.page import page
from tests.people import MARKET, but, ordinary_report, read


def test_the_page_has_the_six_parts_in_order():
    read_page = page(read(ordinary_report()))
    assert read_page.title == (MARKET, "2024年政府信息公开工作年度报告")
    assert [part.heading for part in read_page.parts] == [
        "一、总体情况",
        "二、主动公开政府信息情况",
        "三、收到和处理政府信息公开申请情况",
        "四、政府信息公开行政复议、行政诉讼情况",
        "五、存在的主要问题及改进情况",
        "六、其他需要报告的事项",
    ]


def test_passages_stand_under_their_headings():
    report = but(ordinary_report(), texts={"overview.platform": "一段\n二段"})
    overview, *_, last = page(read(report)).parts
    assert [passage.heading for passage in overview.passages] == [
        "（一）主动公开",
        "（二）依申请公开",
        "（三）政府信息管理",
        "（四）政府信息公开平台建设",
        "（五）监督保障",
    ]
    assert overview.passages[3].paragraphs == ("一段", "二段")
    assert [(passage.name, passage.heading) for passage in last.passages] == [("other.matters", "")]


def test_every_cell_and_text_stands_on_the_page_once(definition):
    parts = page(read(ordinary_report())).parts
    cells = [cell.name for part in parts for grid in part.grids for row in grid.body for cell in row.cells]
    texts = [passage.name for part in parts for passage in part.passages]
    assert cells == list(definition.cells)
    assert texts == list(definition.texts)


def test_the_page_keeps_the_answers_that_fill_its_grids():
    answers = read(ordinary_report())
    assert page(answers).answers is answers
