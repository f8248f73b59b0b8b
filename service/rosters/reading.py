"""From a file that somebody gave us to the rows of a roster, or to every place in it that cannot be read."""

import io
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from reports.wording import _
from service.rosters.package import MOST_ROWS, MOST_ROWS_ABOVE, RosterRefused, formulas_in
from storage.roster.importing import COLUMNS, Refused, Row

# What a spreadsheet can still tell apart in a number; a code of 18 digits is spoilt by then.
_EXACT: Final = 10**15
_FIELDS: Final = {word: name for name, word in COLUMNS.items()}
# Columns of the sheet that we write ourselves, for people to look at.
_FOR_THE_EYE: Final = {"序号", "备注"}


def read_roster(data: bytes, name: str = "") -> tuple[list[Row], list[Refused]]:
    """The rows of a roster, and the cells of it that cannot be taken; RosterRefused when it is none at all."""
    formulas = {(_index(column), row) for column, row in formulas_in(data, name)}
    table = _first_sheet(data)
    at, columns = _heading(table)
    rows, refused = [], []
    for number, values in enumerate(table[at + 1 :], at + 2):
        if not any(_shown(value) for value in values):
            continue
        cells = {}
        for place, column in columns.items():
            value = values[place] if place < len(values) else ""
            cells[column] = _shown(value)
            if (place, number) in formulas:
                wrong, remedy = _("这一格是公式。"), _("选中这一列，复制，再“选择性粘贴”为数值。")
                refused.append(Refused(number, COLUMNS[column], wrong, remedy))
            elif column == "code" and isinstance(value, float) and abs(value) >= _EXACT:
                wrong, remedy = _("代码存成了数字，后几位已经丢失。"), _("把这一列设为文本，重新填写代码。")
                refused.append(Refused(number, COLUMNS[column], wrong, remedy))
        rows.append(Row(number, cells))
    if not rows:
        raise RosterRefused(_("表里没有单位。"), _("请在标题行下面填写单位，每行一个。"))
    if len(rows) > MOST_ROWS:
        wrong = _("表里有 {n} 行，一次最多 {most} 行。").format(n=len(rows), most=MOST_ROWS)
        raise RosterRefused(wrong, _("请分成几个文件。"))
    return rows, refused


def all_refused(unread: Sequence[Refused], planned: Sequence[Refused]) -> list[Refused]:
    """Everything that is wrong, row by row; what a cell would have said had it been readable is left out."""
    known = {(one.number, one.column) for one in unread}
    rest = [one for one in planned if (one.number, one.column) not in known]
    return sorted([*unread, *rest], key=lambda one: one.number)


def _first_sheet(data: bytes) -> Sequence[Sequence[Any]]:
    # Loaded when it is needed: no other page reads spreadsheets.
    from python_calamine import CalamineError, load_workbook

    try:
        with load_workbook(io.BytesIO(data)) as book:
            return book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (CalamineError, OSError, ValueError, IndexError) as error:
        raise RosterRefused(_("文件已经损坏，打不开。"), _("请在 Excel 或 WPS 里打开后另存，再上传。")) from error


def _heading(table: Sequence[Sequence[Any]]) -> tuple[int, Mapping[int, str]]:
    """Which row has the names of the columns, and what stands in which place."""
    known = "、".join(COLUMNS.values())
    for at, values in enumerate(table[:MOST_ROWS_ABOVE]):
        words = [_shown(value).rstrip("*＊ ") for value in values]
        if COLUMNS["name"] not in words:
            continue
        strange = [word for word in words if word and word not in _FIELDS and word not in _FOR_THE_EYE]
        if strange:
            wrong = _("不认识的列：{names}。").format(names="、".join(strange[:10]))
            raise RosterRefused(wrong, _("可用的列是：{names}。请改正列名，或删去多余的列。").format(names=known))
        twice = sorted({word for word in words if word and words.count(word) > 1})
        if twice:
            wrong = _("列“{name}”出现了两次。").format(name=twice[0])
            raise RosterRefused(wrong, _("请只留一列。"))
        return at, {place: _FIELDS[word] for place, word in enumerate(words) if word in _FIELDS}
    wrong = _("第一张表里没有“{name}”这一列。").format(name=COLUMNS["name"])
    remedy = _("请下载空白名单，把单位填进去；列名不要改。可用的列是：{names}。").format(names=known)
    raise RosterRefused(wrong, remedy)


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < _EXACT else repr(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    return unicodedata.normalize("NFC", str(value)).strip()


def _index(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1
