"""What a reminder says, whom it reaches, and what became of it in words."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from reports.deadlines import working_days_left
from service.language import _
from service.rosters.lines import Line
from service.words import State
from storage.post.quiet_hours import quiet_hours
from storage.post.reminders import Letter
from storage.tables import Campaign, ReminderState, Unit

LONGEST_SUBJECT: Final = 120
LONGEST_BODY: Final = 5000
# Asked for when they are shown: each request has a language of its own.
REMINDED: Final[Mapping[ReminderState, Callable[[], State]]] = {
    ReminderState.QUEUED: lambda: State(_("等待发送"), "now"),
    ReminderState.SENDING: lambda: State(_("正在发送"), "now"),
    ReminderState.SENT: lambda: State(_("已发出"), "ok"),
    ReminderState.FAILED: lambda: State(_("没有发出"), "bad"),
    ReminderState.UNCERTAIN: lambda: State(_("不知是否送达"), "ask"),
    ReminderState.CANCELLED: lambda: State(_("已取消"), ""),
}
_PLACE: Final = re.compile(r"\{([^{}\n]{0,20})\}")


class TextRefused(ValueError):
    """A reminder's text cannot be sent; what is wrong, by field."""

    code = "reminder_refused"

    def __init__(self, problems: dict[str, str]) -> None:
        self.problems = problems
        super().__init__("".join(problems.values()))


@dataclass(frozen=True, slots=True)
class Round:
    """Reminders as they would go out now: letters, and the units that only the telephone reaches."""

    letters: Sequence[Letter]
    to_call: Sequence[Line]


def places_of(line: Line, campaign: Campaign, office: Unit, address: str) -> dict[str, str]:
    """What may stand in braces in a reminder, for one unit."""
    due = line.standing.due
    return {
        "单位": line.unit.name,
        "年度": str(campaign.year),
        "截止日": f"{due.month}月{due.day}日",
        "期限": _span(line.today, due),
        "主管单位": office.name,
        "联系方式": office.contact or office.name,
        "网址": address,
    }


def usual_text(late: bool) -> tuple[str, str]:
    """The words that a reviewer begins with; they are Chinese, as those who read them."""
    if late:
        subject = "【逾期】请尽快报送{年度}年政府信息公开工作年度报告"
        middle = "贵单位的{年度}年政府信息公开工作年度报告应于{截止日}前报送，{期限}。请尽快报送。"
    else:
        subject = "请于{截止日}前报送{年度}年政府信息公开工作年度报告"
        middle = "贵单位的{年度}年政府信息公开工作年度报告还没有报送，截止日是{截止日}，{期限}。请按时报送。"
    body = f"{{单位}}：\n\n{middle}\n\n填报地址：{{网址}}\n有问题请联系：{{联系方式}}\n\n{{主管单位}}\n"
    return subject, body


def compose(subject: str, body: str, lines: Iterable[Line], places: Callable[[Line], Mapping[str, str]]) -> Round:
    """One letter for each unit that mail reaches; TextRefused when the words cannot be sent."""
    subject, body = " ".join(subject.split()), body.replace("\r\n", "\n").strip() + "\n"
    letters, to_call = [], []
    known: Mapping[str, str] | None = None
    for line in lines:
        filled = places(line)
        if known is None:
            known = filled
            _must_be_good(subject, body, known)
        if line.reach.addresses:
            text = (_PLACE.sub(lambda found, told=filled: told[found[1]], one) for one in (subject, body))
            letters.append(Letter(line.unit, line.reach.addresses, *text))
        else:
            to_call.append(line)
    return Round(letters, to_call)


def quiet_until(quiet: str, now: datetime) -> datetime | None:
    """When what is queued now will leave, if it is quiet."""
    hours = quiet_hours(quiet)
    return hours.until(now) if hours else None


def _must_be_good(subject: str, body: str, known: Mapping[str, str]) -> None:
    wrong = {}
    for name, text, most in (("subject", subject, LONGEST_SUBJECT), ("body", body, LONGEST_BODY)):
        strange = [found for found in _PLACE.findall(text) if found not in known]
        if not text.strip():
            wrong[name] = _("标题和正文都要写。")
        elif len(text) > most:
            wrong[name] = _("最多 {n} 个字。").format(n=most)
        elif strange:
            sentence = _("不认识“{{{name}}}”。可以用：{names}。")
            wrong[name] = sentence.format(name=strange[0], names="、".join(f"{{{one}}}" for one in known))
    if wrong:
        raise TextRefused(wrong)


def _span(today: date, due: date) -> str:
    if today > due:
        return f"已逾期{working_days_left(due + timedelta(days=1), today)}个工作日"
    return f"还有{working_days_left(today, due)}个工作日" if today < due else "今天截止"
