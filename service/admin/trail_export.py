"""The audit trail to take along: CSV written while it is sent, or one xlsx; no cell of either is ever a formula."""

import csv
import io
import tempfile
from collections.abc import Iterator, Sequence
from typing import BinaryIO, Final

import xlsxwriter
from sqlalchemy import Engine

from reports.faces.spreadsheets import harmless
from service.admin.trail import Line, lines
from service.language import _
from service.words import moment
from storage.audit_trail import Wanted, oldest
from storage.session import reading_scope

PIECE: Final = 1000
# What a spreadsheet opens without pain; the rest goes into CSV.
MOST_IN_SHEET: Final = 100_000
_LONGEST_CELL: Final = 32_000
_WIDTHS: Final = (8, 18, 20, 16, 30, 60, 24, 24, 24, 66)


def as_csv(engine: Engine, wanted: Wanted, up_to: int) -> Iterator[bytes]:
    """The events in UTF-8 with a mark for Excel, piece by piece; no transaction stays open while somebody downloads."""
    yield b"\xef\xbb\xbf" + _row(_heads())
    for found in _pieces(engine, wanted, up_to):
        yield b"".join(_row(_cells(one)) for one in found)


def as_sheet(engine: Engine, wanted: Wanted, up_to: int) -> BinaryIO:
    """The events as a workbook, open at its beginning."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - handed on
    book = xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet, bold = book.add_worksheet(_("操作记录")), book.add_format({"bold": True})
    for column, (head, width) in enumerate(zip(_heads(), _WIDTHS, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, head, bold)
    sheet.freeze_panes(1, 0)
    row = 0
    for found in _pieces(engine, wanted, up_to):
        for one in found:
            row += 1
            for column, text in enumerate(_cells(one)):
                sheet.write_string(row, column, text[:_LONGEST_CELL])
    book.close()
    file.seek(0)
    return file


def _pieces(engine: Engine, wanted: Wanted, up_to: int) -> Iterator[Sequence[Line]]:
    after = 0
    while True:
        with reading_scope(engine) as session:
            events = oldest(session, wanted, PIECE, after, up_to)
            found = lines(session, events)
        if not found:
            return
        yield found
        after = found[-1].number


def _heads() -> Sequence[str]:
    return (
        _("编号"),
        _("时间（北京）"),
        _("谁"),
        _("操作"),
        _("对象"),
        _("说明"),
        _("操作者标识"),
        _("操作标识"),
        _("对象标识"),
        _("指纹"),
    )


def _cells(one: Line) -> Sequence[str]:
    event = one.event
    told = (one.who, one.act, one.what, one.detail, event.actor, event.action, event.subject)
    return (str(one.number), moment(one.at), *(harmless(text) for text in told), event.sha256)


def _row(cells: Sequence[str]) -> bytes:
    written = io.StringIO()
    csv.writer(written).writerow(cells)
    return written.getvalue().encode("utf-8")
