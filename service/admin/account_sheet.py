"""A list of accounts as a spreadsheet: the blank one, what somebody filled in, and the links of invitations."""

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from service.account_words import role_word
from service.language import _
from service.rosters.package import RosterRefused, formulas_in
from service.rosters.writing import table_file
from storage.people.checking import COLUMNS, MOST_ROWS, Row
from storage.tables import Role

# The words stand in files that are kept for a year: they are the same in every language.
HEADS: Final[Mapping[str, str]] = {
    "login": "账号",
    "person": "姓名",
    "phone": "电话",
    "email": "电子邮箱",
    "unit": "单位名称",
    "role": "职责",
}
_WORDS: Final[Mapping[str, Role]] = {
    "填报人": Role.CLERK,
    "审签人": Role.HEAD,
    "审核人": Role.REVIEWER,
    "系统管理员": Role.SYSTEM,
    "安全管理员": Role.SECURITY,
    "审计管理员": Role.AUDIT,
}
_WIDTHS: Final = (18, 12, 18, 28, 36, 14)
_ROWS_ABOVE: Final = 10


def blank() -> bytes:
    """The list to fill in, with one line that shows how."""
    example = ("zhangsan", "张三", "0571-88001122", "zhangsan@example.gov.cn", "（单位全称）", "填报人")
    return table_file("账号", list(HEADS.values()), _WIDTHS, [example])


def read(data: bytes, name: str) -> Sequence[Row]:
    """The rows of a list; RosterRefused when it is no list of accounts."""
    formulas = formulas_in(data, name)
    if formulas:
        column, row = formulas[0]
        wrong = _("{column}{row} 格是公式。").format(column=column, row=row)
        raise RosterRefused(wrong, _("请选中整张表，复制，再“选择性粘贴”为数值后另存。"))
    table = _first_sheet(data)
    at, places = _heading(table)
    rows = [_row(number, values, places) for number, values in enumerate(table[at + 1 :], at + 2) if _has_text(values)]
    if not rows:
        raise RosterRefused(_("表里没有账号。"), _("请在标题行下面填写，每行一个人的一项职责。"))
    if len(rows) > MOST_ROWS:
        wrong = _("表里有 {n} 行，一次最多 {most} 行。").format(n=len(rows), most=MOST_ROWS)
        raise RosterRefused(wrong, _("请分成几个文件。"))
    return rows


def as_json(rows: Sequence[Row]) -> list[list[Any]]:
    """What a page carries from the look to the deed."""
    return [[row.number, row.login, row.person, row.phone, row.email, row.unit, row.role_word] for row in rows]


def from_json(told: Any) -> Sequence[Row]:
    """The rows that a page carried; ValueError for anything else."""
    if not isinstance(told, list) or not 0 < len(told) <= MOST_ROWS:
        raise ValueError("no rows")
    return list(_carried(told))


def links(rows: Sequence[Sequence[str]]) -> bytes:
    """Invitations as a list: login, person, unit, link, until when."""
    heads = ["账号", "姓名", "单位", "邀请链接", "有效期至"]
    return table_file("邀请链接", heads, (18, 12, 36, 90, 18), rows)


def column_word(column: str) -> str:
    """What a column is called."""
    return HEADS[column]


def offices_in_words(appointments: Sequence[tuple[Role, str]]) -> str:
    """What somebody is appointed to, in one line."""
    return "；".join(f"{role_word(role)} {unit}".strip() for role, unit in appointments)


def _carried(told: Sequence[Any]) -> Iterator[Row]:
    for one in told:
        if not isinstance(one, list) or len(one) != 7 or not isinstance(one[0], int):
            raise ValueError("no row")
        number, *texts = one
        if not all(isinstance(text, str) for text in texts):
            raise ValueError("no text")
        *cells, word = texts
        yield Row(number, *cells, role=_WORDS.get(word), role_word=word)


def _row(number: int, values: Sequence[Any], places: Mapping[int, str]) -> Row:
    cells = dict.fromkeys(COLUMNS, "")
    for place, column in places.items():
        cells[column] = _shown(values[place]) if place < len(values) else ""
    word = cells.pop("role")
    return Row(number, **cells, role=_WORDS.get(word), role_word=word)


def _heading(table: Sequence[Sequence[Any]]) -> tuple[int, Mapping[int, str]]:
    wanted = {word: column for column, word in HEADS.items()}
    for at, values in enumerate(table[:_ROWS_ABOVE]):
        words = [_shown(value).rstrip("*＊ ") for value in values]
        if "账号" not in words:
            continue
        missing = [word for word in ("姓名", "单位名称", "职责") if word not in words]
        strange = [word for word in words if word and word not in wanted]
        twice = sorted({word for word in words if word and words.count(word) > 1})
        checks: tuple[tuple[Sequence[str], Callable[[], str]], ...] = (
            (missing, lambda: _("缺少列：{names}。")),
            (strange, lambda: _("不认识的列：{names}。")),
            (twice, lambda: _("重复的列：{names}。")),
        )
        for names, sentence in checks:
            if names:
                raise RosterRefused(sentence().format(names="、".join(names[:10])), _remedy())
        return at, {place: wanted[word] for place, word in enumerate(words) if word}
    raise RosterRefused(_("第一张表里没有“账号”这一列。"), _remedy())


def _remedy() -> str:
    return _("请下载空白表，照它的列名填写。可用的列是：{names}。").format(names="、".join(HEADS.values()))


def _first_sheet(data: bytes) -> Sequence[Sequence[Any]]:
    # Loaded when it is needed: few pages read spreadsheets.
    from python_calamine import CalamineError, load_workbook

    try:
        with load_workbook(io.BytesIO(data)) as book:
            return book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (CalamineError, OSError, ValueError, IndexError) as error:
        raise RosterRefused(_("文件已经损坏，打不开。"), _("请在 Excel 或 WPS 里打开后另存，再上传。")) from error


def _has_text(values: Sequence[Any]) -> bool:
    return any(_shown(value) for value in values)


def _shown(value: Any) -> str:
    # Excel makes a number of a telephone number: 5718800.0 was typed as 5718800.
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
    return " ".join("".join(one for one in text if one.isprintable() or one.isspace()).split())
