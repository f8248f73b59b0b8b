"""The hours in which nobody is written to, by the clocks of China."""

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta, timezone
from typing import Final

_CHINA: Final = timezone(timedelta(hours=8))
_FORM: Final = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)\s*[-–—~至]\s*([01]?\d|2[0-3]):([0-5]\d)")


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From one time of the day up to another, over midnight when the second is smaller."""

    begin: time
    end: time

    def __str__(self) -> str:
        return f"{self.begin:%H:%M}–{self.end:%H:%M}"

    def until(self, moment: datetime) -> datetime | None:
        """When they end, if it is quiet at this moment."""
        here = moment.astimezone(_CHINA)
        clock = here.time()
        over_midnight = self.begin > self.end
        quiet = (clock >= self.begin or clock < self.end) if over_midnight else self.begin <= clock < self.end
        if not quiet:
            return None
        day = here.date() + timedelta(days=1 if over_midnight and clock >= self.begin else 0)
        return datetime.combine(day, self.end, _CHINA)


def quiet_hours(text: str) -> QuietHours | None:
    """`20:00-08:00`; None for "", that is: never quiet. ValueError for anything else."""
    if not (text := text.strip()):
        return None
    found = _FORM.fullmatch(text)
    if found is None or found.group(1, 2) == found.group(3, 4):
        raise ValueError(text)
    hour, minute, to_hour, to_minute = map(int, found.groups())
    return QuietHours(time(hour, minute), time(to_hour, to_minute))
