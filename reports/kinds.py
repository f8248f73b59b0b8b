"""The kinds of figure a cell can hold: how one is read from what somebody typed, and what is refused."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

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
        return self._read_literal(str(raw))

    def _read_literal(self, literal: str) -> Number:
        plain = _PLAIN.fullmatch(literal)
        if plain is None:
            raise NotAFigure(*_why_not_plain(literal))
        whole, decimals = plain["whole"], plain["decimals"]
        if len(whole) > self.digits:
            raise NotAFigure("数过大", f"整数部分最多 {self.digits} 位，请核对")
        if decimals is None:
            return int(whole) if self.places == 0 else Decimal(whole)
        if self.places == 0:
            raise NotAFigure(f"{_brief(literal)} 不是整数", f"{self.measure}数只能填整数")
        if len(decimals) > self.places:
            raise NotAFigure(f"小数有 {len(decimals)} 位", f"单位是{self.measure}，最多 {self.places} 位小数")
        return Decimal(literal)


# Read digit for digit: "007", "1e3" and "1,234" would have to be changed to be printed, so they are refused.
_PLAIN: Final = re.compile(r"(?P<whole>0|[1-9][0-9]*)(?:\.(?P<decimals>[0-9]+))?")


def _why_not_plain(literal: str) -> tuple[str, str]:
    text = literal.strip()
    if re.fullmatch(r"[-－−–—/／无〇○]+", text):
        return f"“{text[:8]}”不是数", "没有发生的填 0"
    if re.fullmatch(r"[-－−][0-9０-９.]+", text):
        return f"{_brief(text)} 是负数", "这一格不能小于 0"
    if re.fullmatch(r"[0-9０-９.,，．eE+ ]+", text):
        return f"“{_brief(text)}”不是普通写法的数", "请只用半角数字和小数点，例如 1234 或 59237.2449"
    return f"“{_brief(text)}”不是数", "请只填数字，没有发生的填 0"


def _brief(text: str) -> str:
    return text if len(text) <= 24 else text[:23] + "…"


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
