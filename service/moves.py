"""Where a report stands and how it came there, in words: states, steps, and who took them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from reports.states import Move, ReportState
from service.language import _
from service.words import State
from storage.filing.reports import ReportLine
from storage.filing.steps import steps_of
from storage.tables import Account, Report

# Asked for when they are shown: each request has a language of its own.
_STATES: Final[Mapping[ReportState, tuple[Callable[[], str], str]]] = {
    ReportState.DRAFT: (lambda: _("填报中"), "now"),
    ReportState.SIGNING: (lambda: _("待审签"), "now"),
    ReportState.SUBMITTED: (lambda: _("已报送"), "now"),
    ReportState.REVIEWING: (lambda: _("审核中"), "now"),
    ReportState.RETURNED: (lambda: _("已退回"), "ask"),
    ReportState.APPROVED: (lambda: _("已通过"), "ok"),
}
_MOVES: Final[Mapping[Move, tuple[Callable[[], str], str]]] = {
    Move.ASK_HEAD: (lambda: _("送审签人"), "now"),
    Move.HAND_BACK: (lambda: _("审签人退回填报人"), "ask"),
    Move.SEND: (lambda: _("报送"), "now"),
    Move.WITHDRAW: (lambda: _("撤回修改"), ""),
    Move.BEGIN_REVIEW: (lambda: _("开始审核"), "now"),
    Move.RETURN: (lambda: _("退回修改"), "ask"),
    Move.APPROVE: (lambda: _("审核通过"), "ok"),
    Move.REOPEN: (lambda: _("通过后又退回"), "ask"),
}


@dataclass(frozen=True, slots=True)
class StepTaken:
    """One step, as a list of them shows it."""

    word: str
    look: str
    at: datetime
    by: str
    remark: str


def state_in_words(report: Report | ReportLine | None) -> State:
    """The word for where a report stands, and the look that repeats it."""
    if report is None:
        return State(_("未填报"), "")
    word, look = _STATES[report.state]
    return State(word(), look)


def steps_in_words(session: Session, report: Report) -> tuple[StepTaken, ...]:
    """The way of a report so far, the last step first."""
    steps = steps_of(session, report)
    names = people(session, [step.by for step in steps])
    return tuple(
        StepTaken(_MOVES[step.move][0](), _MOVES[step.move][1], step.at, names[step.by], step.remark)
        for step in reversed(steps)
    )


def move_in_words(move: Move) -> tuple[str, str]:
    """The word for a step, and the look that repeats it."""
    word, look = _MOVES[move]
    return word(), look


def people(session: Session, actors: Iterable[str]) -> dict[str, str]:
    """Who stands behind the names of the audit trail: `account:wang` is 王芳, a key is a program."""
    wanted = set(actors)
    logins = [actor.partition(":")[2] for actor in wanted if actor.startswith("account:")]
    named = select(Account.login, Account.person).where(Account.login.in_(logins))
    known = {one.login: one.person for one in session.execute(named)}
    return {actor: _called(actor, known) for actor in wanted}


def day(when: date) -> str:
    """1月26日."""
    return _("{month}月{day}日").format(month=when.month, day=when.day)


def _called(actor: str, known: Mapping[str, str]) -> str:
    sort, _colon, name = actor.partition(":")
    if sort == "account":
        return known.get(name, name)
    return _("程序（{name}）").format(name=name)
