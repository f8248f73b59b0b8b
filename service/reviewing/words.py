"""How the queue says things: states, moments, what else there is to know of a unit."""

from datetime import datetime, timedelta, timezone
from typing import Final

from reports.states import ReportState
from service.deadlines import today
from service.language import _
from service.moves import day, state_in_words
from service.reviewing.queue import PENDING, Line
from service.words import State
from storage.tables import Report

# China has one time and no summer time; the machine's own zone is not asked.
_CHINA: Final = timezone(timedelta(hours=8))


def state_of(line: Line) -> State:
    """Where a report stands, in the words of who reviews it."""
    if line.report is None:
        return State(_("未填报"), "")
    return state_of_report(line.report, again=line.again)


def state_of_report(report: Report, *, again: bool) -> State:
    """Where one report stands, in the words of who reviews it."""
    if report.state in PENDING and again:
        return State(_("已重新提交"), "now")
    return State(_("待审"), "") if report.state is ReportState.SUBMITTED else state_in_words(report)


def when(at: datetime) -> str:
    """今天 09:12, 昨天 16:40, 1月17日."""
    local = at.astimezone(_CHINA)
    days = (today() - local.date()).days
    if days == 0:
        return _("今天 {time}").format(time=local.strftime("%H:%M"))
    if days == 1:
        return _("昨天 {time}").format(time=local.strftime("%H:%M"))
    return day(local) if local.year == today().year else local.date().isoformat()


def note_of(line: Line) -> str:
    """What else there is to know: whose words it is made of, whether it is late, how often it was asked for."""
    told = []
    if line.alike:
        told.append(_("疑似雷同 {n}%，与{unit}").format(n=line.alike.percent, unit=line.alike.unit))
    if line.late:
        returned = line.report is not None and line.report.state is ReportState.RETURNED
        told.append(_("逾期未改") if returned else _("逾期"))
    if line.reminded:
        told.append(_("已催 {n} 次").format(n=line.reminded))
    return _("；").join(told)
