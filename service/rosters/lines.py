"""Every expected unit as the lists show it: where it stands, until when, whom to call, what it was last told."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from sqlalchemy.orm import Session

from reports.states import ReportState
from service.language import _
from service.moves import state_in_words
from service.words import State
from storage.post.reminders import last_of_units
from storage.roster.contacts import Reach, reach_of
from storage.roster.standings import Standing, standings
from storage.tables import Campaign, Reminder, Unit


class Part(StrEnum):
    """A part of the list that can be looked at by itself; a unit may be in several."""

    ALL = "all"
    MISSING = "missing"
    LATE = "late"
    RETURNED = "returned"
    WAITING = "waiting"
    APPROVED = "approved"
    EXEMPT = "exempt"


# Asked for when they are shown: each request has a language of its own.
PARTS: Final[Mapping[Part, Callable[[], str]]] = {
    Part.ALL: lambda: _("全部"),
    Part.MISSING: lambda: _("未报送"),
    Part.LATE: lambda: _("逾期"),
    Part.RETURNED: lambda: _("退回待改"),
    Part.WAITING: lambda: _("待审核"),
    Part.APPROVED: lambda: _("已通过"),
    Part.EXEMPT: lambda: _("免报"),
}
_EXEMPT: Final = frozenset({Part.ALL, Part.EXEMPT})
_STATES: Final[Mapping[ReportState, Part]] = {
    ReportState.RETURNED: Part.RETURNED,
    ReportState.SUBMITTED: Part.WAITING,
    ReportState.REVIEWING: Part.WAITING,
    ReportState.APPROVED: Part.APPROVED,
}


@dataclass(frozen=True, slots=True)
class Line:
    """One expected unit on this day."""

    standing: Standing
    today: date
    reach: Reach
    reminder: Reminder | None

    @property
    def unit(self) -> Unit:
        return self.standing.unit

    @property
    def state(self) -> State:
        """Where it stands, in a word."""
        if self.standing.is_exempt:
            return State(_("免报"), "")
        return state_in_words(self.standing.report if self.has_begun else None)

    @property
    def has_begun(self) -> bool:
        report = self.standing.report
        return report is not None and (report.state is not ReportState.DRAFT or report.started is not None)

    @property
    def is_late(self) -> bool:
        return self.standing.is_late(self.today)

    @property
    def is_missing(self) -> bool:
        return not self.standing.is_exempt and not self.standing.has_filed

    @property
    def days_late(self) -> int:
        """How many days ago its day was."""
        return (self.today - self.standing.due).days

    @property
    def parts(self) -> frozenset[Part]:
        """The parts of the list that it belongs to."""
        if self.standing.is_exempt:
            return _EXEMPT
        found = {Part.ALL}
        if not self.standing.has_filed:
            found.add(Part.MISSING)
        if self.is_late:
            found.add(Part.LATE)
        if self.standing.report is not None and self.standing.report.state in _STATES:
            found.add(_STATES[self.standing.report.state])
        return frozenset(found)

    def is_in(self, part: Part) -> bool:
        """Whether it belongs to that part of the list."""
        return part in self.parts


def lines_of(session: Session, campaign: Campaign, today: date) -> Sequence[Line]:
    """Everybody on the roster, in the order of the office's list."""
    found = standings(session, campaign)
    reach = reach_of(session, [one.unit for one in found])
    told = last_of_units(session, campaign)
    return [Line(one, today, reach[one.unit.id], told.get(one.unit.id)) for one in found]


def counts(lines: Iterable[Line]) -> dict[Part, int]:
    """How many are in each part."""
    found = dict.fromkeys(Part, 0)
    for line in lines:
        for part in line.parts:
            found[part] += 1
    return found


def like(unit: Unit, typed: str) -> bool:
    """Whether somebody who typed this may mean that unit: by its name, its short name, its initials or its code."""
    wanted = typed.strip().casefold()
    known = (unit.name, unit.short_name, unit.initials, unit.code or "")
    return any(wanted in one.casefold() for one in known)
