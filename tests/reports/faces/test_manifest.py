"""The list of an archive comes back from both of its forms as it was written, and no spreadsheet calculates with it."""

import csv
import io

import pytest
from python_calamine import CalamineWorkbook

from reports.faces.manifest import (
    COLUMNS,
    HEAD,
    Line,
    Manifest,
    ManifestUnreadable,
    as_csv,
    as_workbook,
    from_csv,
    from_rows,
)

AWKWARD = (
    "=HYPERLINK(1)",
    "+1",
    "-1",
    "@SUM(A1)",
    "＝1+1",
    "'it begins with a mark",
    "''",
    'a "quoted" one, with a comma',
    "two\nlines",
    "\ttab",
    "𠮷野家",
    "",
)


def manifest(*units: str) -> Manifest:
    head = {word: f"{word}的内容" for word in HEAD}
    lines = [Line(number=str(at), unit=unit, pdf=f"{at}.pdf", pdf_sha256="0" * 64) for at, unit in enumerate(units, 1)]
    return Manifest(head, lines)


@pytest.mark.parametrize("cell", AWKWARD, ids=ascii)
def test_whatever_stands_in_a_cell_comes_back_from_csv(cell: str) -> None:
    written = manifest("临溪县教育局", cell)
    assert from_csv(as_csv(written)) == written


@pytest.mark.parametrize("cell", AWKWARD, ids=ascii)
def test_no_cell_of_the_csv_begins_like_a_formula(cell: str) -> None:
    rows = csv.reader(io.StringIO(as_csv(manifest(cell)).decode("utf-8-sig"), newline=""))
    assert not [one for row in rows for one in row if one.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝"))]


def test_the_workbook_holds_text_and_no_formula() -> None:
    written = manifest("=1+1", "临溪县教育局")
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(as_workbook(written))).get_sheet_by_index(0)
    rows = sheet.to_python(skip_empty_area=False)
    assert {type(cell) for row in rows for cell in row} == {str}
    assert from_rows(rows) == written


def test_excel_is_told_that_the_csv_is_utf_8() -> None:
    assert as_csv(manifest()).startswith(b"\xef\xbb\xbf")


def test_a_list_names_every_file_with_its_fingerprint() -> None:
    assert manifest("甲", "乙").files == {"1.pdf": "0" * 64, "2.pdf": "0" * 64}


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xfe",
        "归档清单\n".encode(),
        as_csv(manifest("甲")).replace("归档清单".encode(), "别的清单".encode()),
        as_csv(manifest("甲")).replace(HEAD[0].encode(), "别的".encode()),
        as_csv(manifest("甲")).replace(COLUMNS[3][1].encode(), "别的".encode()),
        as_csv(manifest("甲")) + b'"one cell too few"\r\n',
        as_csv(manifest("甲")) + b'"never closed',
    ],
    ids=["empty", "no text", "no columns", "heading", "head", "columns", "short line", "open quote"],
)
def test_what_is_no_list_is_refused(data: bytes) -> None:
    with pytest.raises(ManifestUnreadable):
        from_csv(data)
