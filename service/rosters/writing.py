"""Spreadsheets that we hand out: the roster to fill in, and the list of who stands where."""

import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from storage.roster.facts import KINDS
from storage.roster.importing import COLUMNS

_WIDTHS: Final = {"name": 34, "code": 24, "kind": 14, "short_name": 18, "supervisor": 30, "email": 30, "contact": 28}
_SPARE_ROWS: Final = 2000
_HINTS: Final = (
    ("单位名称", "全称，必填。已有单位改名：代码不变，改这一格。"),
    ("统一社会信用代码", "18 位，按文本填写。没有的空着。"),
    ("单位类型", "从下拉单中选。"),
    ("简称", "目录和文件夹用，可以空着。"),
    ("主管单位", "收集和审核它的报告的单位；空着就是本办公室。"),
    ("邮箱", "催报发到这里；几个邮箱用空格隔开。"),
    ("联系人和电话", "例如 周文静 0571-8800。"),
    ("次序", "名单含全部单位时，按表中先后排列。"),
    ("不在表里的单位", "不受影响。要撤销或合并的，在单位页办理。"),
)
TEXT: Final = "@"


def roster_file(rows: Iterable[Mapping[str, str]]) -> bytes:
    """The roster with these rows filled in, and room for more; codes are text, kinds are chosen from a list."""
    from xlsxwriter import Workbook

    buffer = io.BytesIO()
    with Workbook(buffer, {"in_memory": True}) as book:
        sheet, hints = book.add_worksheet("单位名单"), book.add_worksheet("填写说明")
        head, text = book.add_format({"bold": True, "bg_color": "#EAF0F8"}), book.add_format({"num_format": TEXT})
        for place, (name, word) in enumerate(COLUMNS.items()):
            sheet.set_column(place, place, _WIDTHS[name], text)
            sheet.write_string(0, place, word + ("*" if name == "name" else ""), head)
        last = _fill(sheet, rows, text)
        kinds = {"validate": "list", "source": list(KINDS.values())}
        place = list(COLUMNS).index("kind")
        sheet.data_validation(1, place, last + _SPARE_ROWS, place, kinds)
        sheet.freeze_panes(1, 1)
        hints.set_column(0, 0, 20)
        hints.set_column(1, 1, 70)
        for number, (word, hint) in enumerate(_HINTS):
            hints.write_string(number, 0, word, head)
            hints.write_string(number, 1, hint)
    return buffer.getvalue()


def table_file(title: str, heading: Sequence[str], widths: Sequence[int], rows: Iterable[Sequence[str | int]]) -> bytes:
    """A plain list: one sheet with a heading that stays and can be filtered. No text becomes a formula or a link."""
    from xlsxwriter import Workbook

    buffer = io.BytesIO()
    with Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet(title)
        head = book.add_format({"bold": True, "bg_color": "#EAF0F8", "text_wrap": True})
        for place, word in enumerate(heading):
            sheet.set_column(place, place, widths[place])
            sheet.write_string(0, place, word, head)
        number = 0
        for number, values in enumerate(rows, 1):
            for place, value in enumerate(values):
                write = sheet.write_number if isinstance(value, int) else sheet.write_string
                write(number, place, value)
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, number, len(heading) - 1)
    return buffer.getvalue()


def _fill(sheet, rows: Iterable[Mapping[str, str]], text) -> int:  # type: ignore[no-untyped-def]
    number = 0
    for number, row in enumerate(rows, 1):
        for place, name in enumerate(COLUMNS):
            sheet.write_string(number, place, row.get(name, ""), text)
    return number
