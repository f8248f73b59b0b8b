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
            raise self._refuse(BLANK)
        if isinstance(raw, bool) or not isinstance(raw, int | Decimal | str):
            raise NotAFigure("不是数", "请填一个数，没有发生的填 0")
        # An int too long to be written out (over 4,300 digits) must not come as far as str().
        if isinstance(raw, int) and abs(raw) >= 10**self.digits:
            raise self._refuse(TOO_LARGE)
        return self._read_literal(str(raw))

    def _read_literal(self, literal: str) -> Number:
        plain = _PLAIN.fullmatch(literal)
        if plain is None:
            raise self._why_not_plain(literal)
        whole, decimals = plain["whole"], plain["decimals"]
        if len(whole) > self.digits:
            raise self._refuse(TOO_LARGE)
        if decimals is None:
            return int(whole) if self.places == 0 else Decimal(whole)
        if self.places == 0:
            raise self._refuse(NOT_WHOLE, shown=visible(literal, 24))
        if len(decimals) > self.places:
            raise self._refuse(TOO_FINE, count=len(decimals))
        return Decimal(literal)

    def _why_not_plain(self, literal: str) -> NotAFigure:
        text = literal.strip()
        if _PLAIN.fullmatch(text):
            return NotAFigure("数的前后有空格或换行", "请删去")
        for excuse in EXCUSES:
            if found := re.fullmatch(excuse.pattern, text):
                number = visible(found.groupdict().get("number", ""), 24)
                return self._refuse(excuse.refusal, shown=visible(text, 24), number=number)
        return self._refuse(NO_NUMBER, shown=visible(text, 24))

    def _refuse(self, refusal: Refusal, **found: object) -> NotAFigure:
        known = {"measure": self.measure, "digits": self.digits, "places": self.places, **found}
        return NotAFigure(refusal.reason.format(**known), refusal.remedy.format(**known))


@dataclass(frozen=True, slots=True)
class Excuse:
    """Something that people write in place of a figure, recognised as a whole, and what is said to it."""

    pattern: str
    refusal: Refusal


# Said by the browser too, which gets them with the rules: patterns that JavaScript reads alike.
BLANK: Final = Refusal("没有填写", "没有发生的填 0")
NOTE_ONLY: Final = Refusal("只有说明，没有数", "没有发生的填 0")
TOO_LARGE: Final = Refusal("数过大", "整数部分最多 {digits} 位，请核对")
NOT_WHOLE: Final = Refusal("{shown} 不是整数", "{measure}数只能填整数")
TOO_FINE: Final = Refusal("小数有 {count} 位", "单位是{measure}，最多 {places} 位小数")
NO_NUMBER: Final = Refusal("“{shown}”不是数", "请只填数字，没有发生的填 0")
EXCUSES: Final = (
    Excuse("[-－−–—/／无〇○零]+|没有|未发生|不适用|[Nn]/?[Aa]", Refusal("“{shown}”不是数", "没有发生的填 0")),
    Excuse("[-－−][0-9０-９.]+", Refusal("{shown} 是负数", "这一格不能小于 0")),
    Excuse(
        "[0-9０-９.,，．eE+ -]+",
        Refusal("“{shown}”不是普通写法的数", "请只用半角数字和小数点，例如 1234 或 59237.2449"),
    ),
    Excuse(
        r"(?P<number>[0-9.]+)[\s]*[（(][\s\S]*[）)]",
        Refusal("“{shown}”不只是数", "格内只填 {number}，括号里的话写成格内说明"),
    ),
)
# Read digit for digit: "007", "1e3" and "1,234" would have to be changed to be printed, so they are refused.
_PLAIN: Final = re.compile(r"(?P<whole>0|[1-9][0-9]*)(?:\.(?P<decimals>[0-9]+))?")

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
