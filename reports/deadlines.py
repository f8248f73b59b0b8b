"""How many working days are left until a day: Monday to Friday, without the holidays of China."""

import tomllib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Final

_TABLE: Final = Path(__file__).parent / "holidays.toml"
_SATURDAY: Final = 5
_A_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Holidays:
    """Days off, and weekend days on which people work instead."""

    off: Collection[date]
    work: Collection[date]

    def works(self, day: date) -> bool:
        """Whether offices are open on this day."""
        return day in self.work or (day.weekday() < _SATURDAY and day not in self.off)


def working_days_left(today: date, due: date, holidays: Holidays | None = None) -> int:
    """How many working days there still are, today and the last one among them; 0 when there is none, or it is past."""
    holidays = holidays or published()
    days = (today + _A_DAY * number for number in range((due - today).days + 1))
    return sum(holidays.works(day) for day in days)


def working_days_on(today: date, days: int, holidays: Holidays | None = None) -> date:
    """The last of so many working days that follow today."""
    holidays, day = holidays or published(), today
    while days > 0:
        day += _A_DAY
        days -= holidays.works(day)
    return day


@cache
def published() -> Holidays:
    """The holidays as they were announced, as far as they are known."""
    years = tomllib.loads(_TABLE.read_text(encoding="utf-8"))
    off = frozenset(day for year, told in years.items() for span in told["off"] for day in _days(year, span))
    work = frozenset(day for year, told in years.items() for span in told["work"] for day in _days(year, span))
    return Holidays(off, work)


def _days(year: str, span: str) -> Iterator[date]:
    """`01-28..02-04` → each day from the first to the last."""
    first, _, last = (span if ".." in span else f"{span}..{span}").partition("..")
    day, end = date.fromisoformat(f"{year}-{first}"), date.fromisoformat(f"{year}-{last}")
    while day <= end:
        yield day
        day += _A_DAY
