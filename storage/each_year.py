"""A day and an hour that come each year, by the clocks of China: `01-20 21:00`."""

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Annotated, Final

from pydantic import AfterValidator

from storage.addresses import refuse

# The machine's own zone is not asked: the day and the hour are those of the office.
CHINA: Final = timezone(timedelta(hours=8))
_WRITTEN: Final = re.compile(r"(\d\d)-(\d\d) (\d\d):(\d\d)")
# Who was switched off at that hour makes it good for so long afterwards, and not in the middle of February.
MADE_GOOD: Final = timedelta(days=1)


def _each_year(text: str) -> str:
    if text and _in_year(text, 2025) is None:
        raise refuse("应当写成“月-日 时:分”，例如 01-20 21:00（2 月 29 日不是每年都有）；不要的，留空")
    return text


EachYear = Annotated[str, AfterValidator(_each_year)]


def due_since(each_year: str, moment: datetime) -> datetime | None:
    """When what is to happen each year became due, if that was less than a day ago; None when nothing is due."""
    there = moment.astimezone(CHINA)
    for year in (there.year, there.year - 1):
        due = _in_year(each_year, year)
        if due is not None and due <= there < due + MADE_GOOD:
            return due.astimezone(UTC)
    return None


def _in_year(each_year: str, year: int) -> datetime | None:
    written = _WRITTEN.fullmatch(each_year)
    if written is None:
        return None
    month, day, hour, minute = (int(one) for one in written.groups())
    try:
        return datetime(year, month, day, hour, minute, tzinfo=CHINA)
    except ValueError:
        return None
