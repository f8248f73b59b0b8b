"""A table as it is printed: every heading and cell in its place, the spans tiling the rectangle exactly.

Lines are written `甲 乙(丙 丁)`: two lines, the second with two beneath it. A grid is drawn with `<` where the heading
to the left goes on, `^` where the one above does, and `·` for a cell.
"""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.definition import Line, Table
from reports.faces.grid import grid
from reports.kinds import KINDS


def lines(notation):
    """`甲 乙(丙 丁)` → Lines; a `-` is a line without a label, a `=` behind it a total."""
    stack = [[]]
    for token in re.findall(r"[^\s()]+|[()]", notation):
        if token == "(":
            stack.append([])
        elif token == ")":
            beneath = tuple(stack.pop())
            above = stack[-1].pop()
            stack[-1].append(Line(above.key, above.label, of=beneath))
        else:
            label = token.rstrip("=").replace("-", "")
            stack[-1].append(Line(f"k{len(stack)}_{len(stack[-1])}", label, total=token.endswith("=")))
    return tuple(stack[0])


def table(columns, rows, stub="", note=""):
    return Table("t", "一", KINDS["count"], lines(columns), lines(rows), stub=stub, note=note)


def tiled(printed):
    """The grid as a matrix; fails where two headings overlap or none stands."""
    matrix = [[None] * printed.columns for _ in range(len(printed.head) + len(printed.body))]

    def put(at_row, words, rows, columns):
        assert rows > 0, "no height"
        assert columns > 0, "no width"
        at = matrix[at_row].index(None)
        for row in range(at_row, at_row + rows):
            for column in range(at, at + columns):
                assert matrix[row][column] is None, "overlap"
                matrix[row][column] = words if (row, column) == (at_row, at) else "^" if column == at else "<"

    for at_row, heads in enumerate(printed.head):
        for head in heads:
            put(at_row, head.label, head.rows, head.columns)
    for at_row, row in enumerate(printed.body, start=len(printed.head)):
        for head in row.heads:
            put(at_row, head.label, head.rows, head.columns)
        for _ in row.cells:
            put(at_row, "·", 1, 1)
    assert all(None not in row for row in matrix), "hole"
    return matrix


def drawn(printed):
    return "\n".join(" ".join(word or "_" for word in row) for row in tiled(printed))


DRAWINGS = {
    "rows and columns": (
        table("发 废", "规 文", stub="内容"),
        """
        内容 发 废
        规 · ·
        文 · ·
        """,
    ),
    "columns in groups": (
        table("人 法(商 科 他) 总=", "收 转", stub="人次"),
        """
        人次 人 法 < < 总
        ^ ^ 商 科 他 ^
        收 · · · · ·
        转 · · · · ·
        """,
    ),
    "a crown over all columns when the corner holds a note": (
        table("人 法(商 科) 总=", "收", stub="申请人", note="勾稽"),
        """
        勾稽 申请人 < < <
        ^ 人 法 < 总
        ^ ^ 商 科 ^
        收 · · · ·
        """,
    ),
    "rows in groups": (
        table("人", "收 果(公 拒(密 安) 总=) 留", stub="情"),
        """
        情 < < 人
        收 < < ·
        果 公 < ·
        ^ 拒 密 ·
        ^ ^ 安 ·
        ^ 总 < ·
        留 < < ·
        """,
    ),
    "groups that begin together": (
        table("人 法", "果(拒(密 安))", stub="情"),
        """
        情 < < 人 法
        果 拒 密 · ·
        ^ ^ 安 · ·
        """,
    ),
    "rows without labels take no column": (
        table("复(维 总=) 诉(直(维 总=) 后(维 总=))", "-"),
        """
        复 < 诉 < < <
        维 总 直 < 后 <
        ^ ^ 维 总 维 总
        · · · · · ·
        """,
    ),
    "no stub leaves the corner empty": (
        table("发", "规"),
        """
        _ 发
        规 ·
        """,
    ),
}


@pytest.mark.parametrize(("printed", "drawing"), DRAWINGS.values(), ids=list(DRAWINGS))
def test_a_table_is_printed_as_drawn(printed, drawing):
    assert drawn(grid(printed)) == "\n".join(line.strip() for line in drawing.strip().splitlines())


@st.composite
def trees(draw, depth=3):
    """Any lines: up to four beside each other, three deep."""
    count = draw(st.integers(1, 4))
    return tuple(
        Line(
            f"k{number}",
            draw(st.sampled_from(["甲", "乙", ""])),
            of=draw(trees(depth - 1)) if depth and draw(st.booleans()) else (),
        )
        for number in range(count)
    )


@given(trees(), trees(), st.sampled_from(["", "内容"]), st.sampled_from(["", "注"]))
def test_any_table_is_tiled_exactly(columns, rows, stub, note):
    printed = grid(Table("t", "一", KINDS["count"], columns, rows, stub=stub, note=note))
    matrix = tiled(printed)
    assert sum(row.count("·") for row in matrix) == len(printed.table.cells)


@given(trees(), trees())
def test_cells_stand_in_reading_order(columns, rows):
    printed = grid(Table("t", "一", KINDS["count"], columns, rows))
    assert tuple(cell for row in printed.body for cell in row.cells) == printed.table.cells


# --- the official form ---


def printed_table(definition, key):
    return grid(next(table for table in definition.tables if table.key == key))


def test_the_request_table_is_the_official_grid(definition):
    printed = printed_table(definition, "requests")
    matrix = tiled(printed)
    assert (len(matrix), len(matrix[0]), printed.stubs, len(printed.head)) == (28, 10, 3, 3)
    corner, applicants = printed.head[0]
    assert (corner.label[:8], corner.rows, corner.columns) == ("（本列数据的勾稽", 3, 3)
    assert (applicants.label, applicants.rows, applicants.columns) == ("申请人情况", 1, 7)


def test_the_groups_of_results_span_what_they_span_on_paper(definition):
    spans = {
        head.label: head.rows
        for row in printed_table(definition, "requests").body
        for head in row.heads
        if head.rows > 1
    }
    assert spans == {
        "三、本年度办理结果": 22,
        "（三）不予公开": 8,
        "（四）无法提供": 3,
        "（五）不予处理": 5,
        "（六）其他处理": 3,
    }


def test_headings_know_how_deep_they_stand_and_whether_they_are_totals(definition):
    printed = printed_table(definition, "requests")
    heads = {head.label: head for row in (*printed.head[1:], *(row.heads for row in printed.body)) for head in row}
    levels = {"自然人": 1, "法人或其他组织": 1, "商业企业": 2, "一、本年新收政府信息公开申请数量": 0}
    levels |= {"三、本年度办理结果": 0, "（一）予以公开": 1, "（三）不予公开": 1, "1.属于国家秘密": 2, "（七）总计": 1}
    assert {label: heads[label].level for label in levels} == levels
    assert {label for label, head in heads.items() if head.total} == {"总计", "（七）总计"}


def test_the_disputes_table_is_the_official_grid(definition):
    printed = printed_table(definition, "disputes")
    assert drawn(printed).splitlines()[0].split() == ["行政复议", *"<<<<", "行政诉讼", *"<<<<<<<<<"]
    assert (len(printed.head), printed.columns, printed.stubs) == (3, 15, 0)
