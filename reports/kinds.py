"""The kinds of figure a cell can hold: how one is read from what somebody typed, and what is refused."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from reports.characters import visible

Number = int | Decimal


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a value cannot be a figure, and what to write instead."""

    reason: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.reason}，{self.remedy}"


class NotAFigure(ValueError):
    """What was typed is not a figure of this kind."""

    def __init__(self, reason: str, remedy: str) -> None:
        super().__init__(f"{reason}，{remedy}")
        self.refusal = Refusal(reason, remedy)


@dataclass(frozen=True, slots=True)
class Kind:
    """A figure of at most `digits` digits before the point and `places` after it, never negative."""

    name: str
    measure: str
    digits: int
    places: int

    def read(self, raw: object) -> Number:
        """The figure in `raw` (int, Decimal or plain decimal text), digit for digit; NotAFigure otherwise."""
        if raw is None or (isinstance(raw, str) and not raw.strip()):
            raise NotAFigure("没有填写", "没有发生的填 0")
        if isinstance(raw, bool) or not isinstance(raw, int | Decimal | str):
            raise NotAFigure("不是数", "请填一个数，没有发生的填 0")
        # An int too long to be written out (over 4,300 digits) must not come as far as str().
        if isinstance(raw, int) and abs(raw) >= 10**self.digits:
            raise self._too_large()
        return self._read_literal(str(raw))

    def _read_literal(self, literal: str) -> Number:
        plain = _PLAIN.fullmatch(literal)
        if plain is None:
            raise NotAFigure(*_why_not_plain(literal))
        whole, decimals = plain["whole"], plain["decimals"]
        if len(whole) > self.digits:
            raise self._too_large()
        if decimals is None:
            return int(whole) if self.places == 0 else Decimal(whole)
        if self.places == 0:
            raise NotAFigure(f"{visible(literal, 24)} 不是整数", f"{self.measure}数只能填整数")
        if len(decimals) > self.places:
            raise NotAFigure(f"小数有 {len(decimals)} 位", f"单位是{self.measure}，最多 {self.places} 位小数")
        return Decimal(literal)

    def _too_large(self) -> NotAFigure:
        return NotAFigure("数过大", f"整数部分最多 {self.digits} 位，请核对")


# Read digit for digit: "007", "1e3" and "1,234" would have to be changed to be printed, so they are refused.
_PLAIN: Final = re.compile(r"(?P<whole>0|[1-9][0-9]*)(?:\.(?P<decimals>[0-9]+))?")

_NOTHING: Final = re.compile(r"[-－−–—/／无〇○零]+|没有|未发生|不适用|N/?A", re.IGNORECASE)
_NEGATIVE: Final = re.compile(r"[-－−][0-9０-９.]+")
_NUMERIC: Final = re.compile(r"[0-9０-９.,，．eE+\- ]+")
_WITH_NOTE: Final = re.compile(r"(?P<number>[0-9.]+)\s*[（(].*[）)]", re.DOTALL)


def _why_not_plain(literal: str) -> tuple[str, str]:
    text = literal.strip()
    quoted = f"“{visible(text, 24)}”"
    if _PLAIN.fullmatch(text):
        return "数的前后有空格或换行", "请删去"
    if _NOTHING.fullmatch(text):
        return f"{quoted}不是数", "没有发生的填 0"
    if _NEGATIVE.fullmatch(text):
        return f"{visible(text, 24)} 是负数", "这一格不能小于 0"
    if _NUMERIC.fullmatch(text):
        return f"{quoted}不是普通写法的数", "请只用半角数字和小数点，例如 1234 或 59237.2449"
    with_note = _WITH_NOTE.fullmatch(text)
    if with_note:
        return f"{quoted}不只是数", f"格内只填 {visible(with_note['number'], 24)}，括号里的话写成格内说明"
    return f"{quoted}不是数", "请只填数字，没有发生的填 0"


KINDS: Final = {
    kind.name: kind
    for kind in (
        Kind("count", "件", digits=12, places=0),
        # 1 分 is 0.000001 万元, so six places say any amount of money exactly.
        Kind("ten_thousand_yuan", "万元", digits=12, places=6),
    )
}


def plain(number: Number) -> str:
    """The number as it is printed: no exponent, no grouping, its decimals as typed."""
    return format(number, "f") if isinstance(number, Decimal) else str(number)
