"""The list that lies in every archive: each expected unit with its files and their fingerprints, or why it has none.

It is written twice, as a workbook for people and as CSV for programs, always in Chinese: it is a record, not a page.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import xlsxwriter

from reports.faces.spreadsheets import as_told, harmless

HEADING: Final = "归档清单"
# What the head has to say for the list to be checked; the order is that in which it is shown.
TITLE, OFFICE, CAMPAIGN, BATCH, FILES, COVERAGE, COUNTS, MADE_AT, MADE_BY, EDITION = HEAD = (
    "归档内容",
    "主管单位",
    "填报编号",
    "批次",
    "文件范围",
    "是否完整",
    "单位数",
    "制作时间",
    "制作人",
    "清单格式",
)
COLUMNS: Final = (
    ("number", "序号", 6),
    ("kind", "类别", 12),
    ("unit", "单位", 34),
    ("code", "统一社会信用代码", 22),
    ("state", "状态", 10),
    ("revision", "内容版本", 10),
    ("receipt", "回执编号", 16),
    ("pages", "页数", 6),
    ("pdf", "PDF 文件", 50),
    ("pdf_bytes", "PDF 字节数", 12),
    ("pdf_sha256", "PDF 指纹（SHA-256）", 66),
    ("docx", "Word 文件", 50),
    ("docx_bytes", "Word 字节数", 12),
    ("docx_sha256", "Word 指纹（SHA-256）", 66),
    ("fonts", "字体", 40),
    ("reason", "没有文件的原因", 50),
)
FORMAT: Final = "nianbao 1"
_WORDS: Final = tuple(word for _, word, _ in COLUMNS)


class ManifestUnreadable(ValueError):
    """What should be a manifest is none."""


@dataclass(frozen=True, slots=True)
class Line:
    """One expected unit, everything as it is printed."""

    number: str = ""
    kind: str = ""
    unit: str = ""
    code: str = ""
    state: str = ""
    revision: str = ""
    receipt: str = ""
    pages: str = ""
    pdf: str = ""
    pdf_bytes: str = ""
    pdf_sha256: str = ""
    docx: str = ""
    docx_bytes: str = ""
    docx_sha256: str = ""
    fonts: str = ""
    reason: str = ""

    @property
    def cells(self) -> tuple[str, ...]:
        """In the order of the columns."""
        return tuple(getattr(self, name) for name, _, _ in COLUMNS)


@dataclass(frozen=True, slots=True)
class Manifest:
    """The whole list."""

    head: Mapping[str, str]
    lines: Sequence[Line]
    files: Mapping[str, str] = field(init=False)

    def __post_init__(self) -> None:
        listed = [(one.pdf, one.pdf_sha256) for one in self.lines] + [(one.docx, one.docx_sha256) for one in self.lines]
        object.__setattr__(self, "files", {name: sha256 for name, sha256 in listed if name})


def as_csv(manifest: Manifest) -> bytes:
    """For programs; with a byte order mark, so that Excel reads Chinese."""
    written = io.StringIO(newline="")
    # Everything in quotes: a lonely mark within a field is then never taken for an end.
    writer = csv.writer(written, quoting=csv.QUOTE_ALL)
    writer.writerows(tuple(map(harmless, row)) for row in _rows(manifest))
    return written.getvalue().encode("utf-8-sig")


def as_workbook(manifest: Manifest) -> bytes:
    """For people: every cell is text, so that no spreadsheet calculates with it."""
    written = io.BytesIO()
    with xlsxwriter.Workbook(written, {"in_memory": True}) as book:
        text, head = book.add_format({"num_format": "@"}), book.add_format({"bold": True, "bg_color": "#E9F0F9"})
        sheet = book.add_worksheet(HEADING)
        top = len(manifest.head) + 2
        for at, row in enumerate(_rows(manifest)):
            for column, cell in enumerate(row):
                sheet.write_string(at, column, cell, head if at == top else text)
        for column, (_, _, width) in enumerate(COLUMNS):
            sheet.set_column(column, column, width)
        sheet.freeze_panes(top + 1, 3)
        sheet.autofilter(top, 0, top + max(len(manifest.lines), 1), len(COLUMNS) - 1)
    return written.getvalue()


def from_csv(data: bytes) -> Manifest:
    """What `as_csv` has written. ManifestUnreadable when it is nothing of the kind."""
    try:
        rows = [
            [as_told(cell) for cell in row] for row in csv.reader(io.StringIO(data.decode("utf-8-sig")), strict=True)
        ]
    except (UnicodeDecodeError, csv.Error) as error:
        raise ManifestUnreadable(str(error)) from error
    return from_rows(rows)


def from_rows(rows: Sequence[Sequence[str]]) -> Manifest:
    """The list in rows of cells, however they were kept."""
    top = next((at for at, row in enumerate(rows) if tuple(row) == _WORDS), None)
    if top is None or not rows or list(rows[0][:1]) != [HEADING]:
        raise ManifestUnreadable("it has not the heading and the columns of a manifest")
    head = {row[0]: row[1] for row in rows[1:top] if len(row) > 1 and row[0]}
    if missing := [word for word in HEAD if word not in head]:
        raise ManifestUnreadable(f"its head says nothing of {'、'.join(missing)}")
    if any(len(row) != len(COLUMNS) for row in rows[top + 1 :]):
        raise ManifestUnreadable("a line has not as many cells as there are columns")
    return Manifest(head, [Line(*row) for row in rows[top + 1 :]])


def _rows(manifest: Manifest) -> Iterator[tuple[str, ...]]:
    yield (HEADING,)
    yield from manifest.head.items()
    yield ("",)
    yield _WORDS
    yield from (line.cells for line in manifest.lines)
