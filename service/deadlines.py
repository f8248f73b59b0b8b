"""Until when a report is due, as the home page counts it: in working days, loudly when it is late."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import Final

from reports.deadlines import working_days_left
from service.language import _
from service.moves import day

# China has one time and no summer time; the machine's own zone is not asked.
_CHINA: Final = timezone(timedelta(hours=8))
_SOON: Final = 3


@dataclass(frozen=True, slots=True)
class Deadline:
    """A number with its words, the days behind it, and the look that repeats how pressing it is."""

    number: str
    words: str
    sentence: str
    look: str


def today() -> date:
    """The day it is in China."""
    return datetime.now(_CHINA).date()


def deadline(now: date, due: date, publish_by: date | None) -> Deadline:
    """How long there is still time; both days are still in time."""
    sentence = _("{due}前报送").format(due=day(due))
    if publish_by:
        sentence = _("{due}前报送，{publish}前公布").format(due=day(due), publish=day(publish_by))
    if now > due:
        late = working_days_left(due + timedelta(days=1), now)
        return Deadline(str(late), _("个工作日，已逾期"), sentence, "bad")
    left = working_days_left(now, due)
    if now == due:
        return Deadline(_("今天"), _("截止"), sentence, "ask words")
    return Deadline(str(left), _("个工作日"), sentence, "ask" if left <= _SOON else "")
