"""A roster is read from an honest spreadsheet; everything else is refused in words before anything reads it."""

import pytest

from service.rosters.package import RosterRefused
from service.rosters.reading import read_roster
from service.rosters.writing import roster_file, table_file
from tests.spreadsheets import HEAD, member, package, sheet, with_member

SHEET = "xl/worksheets/sheet1.xml"
GOOD = sheet(("临溪县档案局", "", "部门", "档案局", "", "a@b.cn", "王敏 0571"))


def refused(data: bytes, name: str = "名单.xlsx") -> str:
    with pytest.raises(RosterRefused) as told:
        read_roster(data, name)
    assert told.value.remedy.endswith("。")
    return told.value.wrong


def test_what_is_handed_out_can_be_handed_in_again() -> None:
    cells = dict(zip(("name", "code", "kind"), ("临溪县档案局", "000000000000000000", "部门"), strict=True))
    [row], wrong = read_roster(roster_file([cells]))
    assert (row.number, row.cells["name"], row.cells["code"], row.cells["kind"], wrong) == (2, *cells.values(), [])


def test_rows_keep_the_numbers_that_the_spreadsheet_shows() -> None:
    rows, _wrong = read_roster(sheet((), ("甲局",), ("", ""), ("乙局",)))
    assert [(row.number, row.cells["name"]) for row in rows] == [(3, "甲局"), (5, "乙局")]


def test_a_title_above_the_heading_is_passed_over() -> None:
    rows, _wrong = read_roster(sheet(("序号", *HEAD), (1, "甲局"), head=("单位名单",)))
    assert [(row.number, row.cells["name"]) for row in rows] == [(3, "甲局")]


def test_numbers_are_read_as_they_look() -> None:
    [row], wrong = read_roster(sheet(("甲局", "", "", 12, "", "", 5718800.0)))
    assert (row.cells["short_name"], row.cells["contact"], wrong) == ("12", "5718800", [])


def test_a_code_that_became_a_number_is_told() -> None:
    _rows, [wrong] = read_roster(sheet(("甲局", 119900000000000012)))
    assert (wrong.number, wrong.column, wrong.wrong) == (2, HEAD[1], "代码存成了数字，后几位已经丢失。")


def test_formulas_are_told_one_by_one() -> None:
    _rows, wrong = read_roster(sheet(("甲局", "=1+1"), ("乙局", "", "", '=HYPERLINK("http://x","y")')))
    assert [(one.number, one.column, one.wrong) for one in wrong] == [
        (2, HEAD[1], "这一格是公式。"),
        (3, HEAD[3], "这一格是公式。"),
    ]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "文件是空的"),
        ("单位名称\n甲局\n".encode(), "“名单.xlsx”不是 xlsx 文件"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "旧版 .xls 文件，或加了密码"),
        (package(word__document_dot_xml=b"<w/>"), "可能是 Word"),
        (with_member(GOOD, "xl/vbaProject.bin", b"x"), "有宏"),
        (GOOD[:-400], "已经损坏"),
        (b"PK\x03\x04" + bytes(200), "已经损坏"),
        (with_member(GOOD, SHEET, b"<worksheet><sheetData><row"), "已经损坏"),
        (with_member(GOOD, SHEET, bytes(70 * 1024 * 1024)), "超过 64 MB"),
        (sheet(("甲局",), head=("名称",)), "没有“单位名称”这一列"),
        (sheet(("甲局",), head=("单位名称", "负责人")), "不认识的列：负责人"),
        (sheet(("甲局",), head=("单位名称", "简称", "简称")), "列“简称”出现了两次"),
        (sheet(), "表里没有单位"),
        (sheet(*((f"第{n}局",) for n in range(10_001))), "10001 行，一次最多 10000 行"),
    ],
)
def test_what_is_no_roster_is_refused_with_what_it_is(data: bytes, said: str) -> None:
    assert said in refused(data)


def test_a_package_that_lies_about_its_size_is_refused() -> None:
    bomb = bytearray(with_member(GOOD, "xl/more.xml", bytes(80 * 1024 * 1024)))
    size = (80 * 1024 * 1024).to_bytes(4, "little")
    while size in bomb:
        at = bomb.index(size)
        bomb[at : at + 4] = (1000).to_bytes(4, "little")
    assert "损坏" in refused(bytes(bomb))


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        (b'<c r="XFD1048576" t="str"><v>x</v></c>', "最多 10000 行"),
        (b'<c t="str"><v>x</v></c>' * 1000, "损坏"),
        (b'<c r="&#65;1"><v>1</v></c>', "损坏"),
    ],
)
def test_one_cell_far_away_lays_out_no_empty_world(cell: bytes, said: str) -> None:
    content = member(GOOD, SHEET).replace(b"</row></sheetData>", cell + b"</row></sheetData>")
    assert said in refused(with_member(GOOD, SHEET, content))


def test_a_sheet_in_another_encoding_is_not_looked_at_in_vain() -> None:
    content = member(GOOD, SHEET).decode().replace("UTF-8", "UTF-16").encode("utf-16")
    assert "损坏" in refused(with_member(GOOD, SHEET, content))


def test_ten_thousand_rows_are_read() -> None:
    rows, wrong = read_roster(roster_file({"name": f"第{n}局"} for n in range(10_000)))
    assert (len(rows), wrong) == (10_000, [])


def test_nothing_in_a_list_that_we_write_becomes_a_formula() -> None:
    written = table_file("名单", ("单位",), (20,), [("=1+1",), ("+1",), ("@x",), ("http://x",)])
    content = member(written, SHEET)
    assert b"<f>" not in content
    assert b"hyperlink" not in content
