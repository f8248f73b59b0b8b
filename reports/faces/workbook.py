"""Reports as xlsx: a sheet for each table as it is printed, one of all figures by name, one that says what it is.

Figures are numbers, notes are comments, text is text whatever it begins with; equal reports make equal bytes.
"""

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Final

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from reports.answers import Answers, Figure
from reports.definition import Definition, Table
from reports.faces.grid import Grid, grid
from reports.faces.open_data import COLUMNS, records
from reports.kinds import Number, plain
from reports.wording import _

About = Sequence[tuple[str, str]]

_ALWAYS: Final = datetime(2000, 1, 1)
# A spreadsheet keeps fifteen digits of a number and makes the rest zeros.
_DIGITS: Final = 15
_LONGEST_NAME: Final = 31
_NOT_IN_NAMES: Final = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
_STUB_WIDTH, _CELL_WIDTH = 18, 11


class _Looks:
    """The few ways a cell looks."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        boxed = {"border": 1, "align": "center", "valign": "vcenter", "text_wrap": True}
        self.title: Format = book.add_format({"bold": True, "font_size": 14})
        self.bold: Format = book.add_format({"bold": True, "valign": "top"})
        self.text: Format = book.add_format({"text_wrap": True, "valign": "top", "quote_prefix": True})
        self.head: Format = book.add_format({**boxed, "bg_color": "#EAF0F8"})
        self.stub: Format = book.add_format({**boxed, "align": "left"})
        self.cell: Format = book.add_format({**boxed, "align": "right"})


def workbook(answers: Answers, about: About) -> bytes:
    """One report."""
    definition = answers.definition
    with _book() as (book, looks, written):
        _cover(book.add_worksheet(_("说明")), looks, answers.title, about)
        for name, table in _sheet_names(definition):
            _table_sheet(book.add_worksheet(name), looks, grid(table), answers.figures)
        _texts_sheet(book.add_worksheet(_("文字")), looks, answers)
        _records_sheet(book.add_worksheet(_("全部数据")), looks, definition, answers.figures)
    return written.getvalue()


def year_workbook(
    definition: Definition, title: str, about: About, keys: Sequence[str], rows: Iterable[tuple[Sequence[str], Answers]]
) -> bytes:
    """Many reports of one year: a sheet for each table, a line for each report, a column for each cell."""
    told = list(rows)
    with _book() as (book, looks, written):
        _cover(book.add_worksheet(_("说明")), looks, title, about)
        for name, table in _sheet_names(definition):
            _year_sheet(book.add_worksheet(name), looks, table, keys, told)
    return written.getvalue()


@contextmanager
def _book() -> Iterator[tuple[xlsxwriter.Workbook, _Looks, io.BytesIO]]:
    written = io.BytesIO()
    with xlsxwriter.Workbook(written, {"in_memory": True, "strings_to_formulas": False}) as book:
        # The moment it was written would make two files of the same report differ.
        book.set_properties({"created": _ALWAYS})
        yield book, _Looks(book), written


def _cover(sheet: Worksheet, looks: _Looks, title: str, about: About) -> None:
    sheet.set_column(0, 0, 16)
    sheet.set_column(1, 1, 80)
    sheet.write_string(0, 0, title, looks.title)
    for row, (term, words) in enumerate(about, start=2):
        sheet.write_string(row, 0, term, looks.bold)
        sheet.write_string(row, 1, words, looks.text)


def _sheet_names(definition: Definition) -> Iterator[tuple[str, Table]]:
    """A name for each table that a spreadsheet takes: short, without certain signs, and no two alike."""
    taken: set[str] = set()
    for number, table in enumerate(definition.tables, start=1):
        name = (table.caption or table.section).translate(_NOT_IN_NAMES).strip()[:_LONGEST_NAME]
        if not name or name.lower() in taken:
            name = f"{name[: _LONGEST_NAME - 4]} {number}".strip()
        taken.add(name.lower())
        yield name, table


def _table_sheet(sheet: Worksheet, looks: _Looks, grid: Grid, figures: Mapping[str, Figure]) -> None:
    sheet.set_column(0, max(grid.stubs - 1, 0), _STUB_WIDTH)
    sheet.set_column(grid.stubs, grid.columns - 1, _CELL_WIDTH)
    sheet.write_string(0, 0, grid.table.title, looks.title)
    _heads(sheet, looks, grid)
    first = 1 + len(grid.head)
    sheet.freeze_panes(first, grid.stubs)
    for number, row in enumerate(grid.body):
        for head in row.heads:
            # Every level of row headings has a column of its own; the last takes what is left.
            _merged(sheet, (first + number, head.level), head.rows, head.columns, head.label, looks.stub)
        for column, cell in enumerate(row.cells, start=grid.stubs):
            _figure(sheet, first + number, column, figures.get(cell.name), looks.cell)


def _heads(sheet: Worksheet, looks: _Looks, grid: Grid) -> None:
    free_from = [0] * grid.columns
    for level, heads in enumerate(grid.head):
        for head in heads:
            column = next(place for place, row in enumerate(free_from) if row <= level)
            free_from[column : column + head.columns] = [level + head.rows] * head.columns
            _merged(sheet, (1 + level, column), head.rows, head.columns, head.label, looks.head)


def _merged(sheet: Worksheet, where: tuple[int, int], rows: int, columns: int, text: str, look: Format) -> None:
    row, column = where
    if rows == columns == 1:
        sheet.write_string(row, column, text, look)
        return
    sheet.merge_range(row, column, row + rows - 1, column + columns - 1, "", look)
    sheet.write_string(row, column, text, look)


def _figure(sheet: Worksheet, row: int, column: int, figure: Figure | None, look: Format) -> None:
    if figure is None:
        sheet.write_blank(row, column, None, look)
        return
    _number(sheet, row, column, figure.value, look)
    if figure.note:
        sheet.write_comment(row, column, figure.note)


def _number(sheet: Worksheet, row: int, column: int, value: Number, look: Format | None = None) -> None:
    if (value if isinstance(value, int) else int("".join(map(str, value.as_tuple().digits)))) < 10**_DIGITS:
        sheet.write_number(row, column, value if isinstance(value, int) else float(value), look)
    else:
        sheet.write_string(row, column, plain(value), look)


def _texts_sheet(sheet: Worksheet, looks: _Looks, answers: Answers) -> None:
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, 1, 100)
    row = 0
    for name, text in answers.definition.texts.items():
        sheet.write_string(row, 0, text.label, looks.bold)
        for paragraph in answers.paragraphs(name) or ("",):
            sheet.write_string(row, 1, paragraph, looks.text)
            row += 1


def _records_sheet(sheet: Worksheet, looks: _Looks, definition: Definition, figures: Mapping[str, Figure]) -> None:
    sheet.set_column(0, 0, 60)
    sheet.set_column(1, 3, 30)
    sheet.write_row(0, 0, COLUMNS, looks.head)
    sheet.freeze_panes(1, 1)
    for row, record in enumerate(records(definition, figures), start=1):
        for column, key in enumerate(COLUMNS):
            if key == "value" and record.name in figures:
                _number(sheet, row, column, figures[record.name].value)
            else:
                sheet.write_string(row, column, getattr(record, key), looks.text)


def _year_sheet(
    sheet: Worksheet, looks: _Looks, table: Table, keys: Sequence[str], rows: Sequence[tuple[Sequence[str], Answers]]
) -> None:
    sheet.set_column(0, 0, 36)
    sheet.set_column(1, len(keys) - 1 + len(table.cells), _CELL_WIDTH)
    # Above each column its name, and below it the words of the form.
    heads: list[Any] = [("", key) for key in keys]
    heads += [(cell.name, f"{cell.row.label} / {cell.column.label}".strip(" /")) for cell in table.cells]
    for column, (name, label) in enumerate(heads):
        sheet.write_string(0, column, name, looks.text)
        sheet.write_string(1, column, label, looks.head)
    sheet.freeze_panes(2, 1)
    for row, (known, answers) in enumerate(rows, start=2):
        for column, text in enumerate(known):
            sheet.write_string(row, column, text, looks.text)
        for column, cell in enumerate(table.cells, start=len(keys)):
            _figure(sheet, row, column, answers.figures.get(cell.name), looks.cell)
