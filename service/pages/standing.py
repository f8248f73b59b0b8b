"""Where a report stands for whoever looks at its form: until when it is due, what was remarked, why it is closed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from flask import url_for
from sqlalchemy.orm import Session

from reports.deadlines import working_days_left
from reports.states import ReportState
from service.checking import place_in_form
from service.deadlines import today
from service.drafts import Draft
from service.explaining import label_of
from service.language import _
from service.news import due_of_return
from storage.filing.comments import comments_of
from storage.filing.steps import last_return
from storage.roster.campaigns import due_of, expected
from storage.tables import Unit


@dataclass(frozen=True, slots=True)
class Closed:
    """Why nothing can be filled in, and what can be done about it."""

    title: str = ""
    why: str = ""
    link: str = ""
    leads_to: str = ""


@dataclass(frozen=True, slots=True)
class Comment:
    """A reviewer's word, and where it leads to; without a place it is on the report as a whole."""

    where: str
    link: str
    text: str
    at: datetime
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """What surrounds a report."""

    closed: Closed = field(default_factory=Closed)
    comments: tuple[Comment, ...] = ()
    deadline: str = ""
    late: bool = False


def standing(session: Session, draft: Draft, *, may_fill: bool) -> Standing:
    """Everything around a report that is read in this session."""
    sentence, late = _deadline(session, draft) if draft.open else ("", False)
    return Standing(closed(session, draft, may_fill=may_fill), tuple(_comments(session, draft)), sentence, late)


def notice(told: Mapping[str, str]) -> str:
    """What the last button did, as the address of the page has it."""
    if told.get("zeros", "").isdecimal():
        return _("已把空白的格填为 0，并已保存。") if int(told["zeros"]) else _("没有空白的格。")
    return ""


def closed(session: Session, draft: Draft, *, may_fill: bool) -> Closed:
    """Why the form of a report is only to be read; empty when it is not."""
    if not may_fill:
        return Closed(_("这里只能查看"), _("填写由本单位的填报人负责。"))
    state, ask = draft.report.state, _whom(session, draft)
    if state is ReportState.SIGNING:
        why = _("单位负责人正在审签。需要修改的，可以先撤回，或请负责人退回。")
        return Closed(_("正在审签，暂时不能修改"), why, _desk(draft), _("到首页撤回"))
    if state is ReportState.SUBMITTED:
        why = _("审核开始之前可以撤回，撤回后接着填写；审核开始后请{ask}退回。").format(ask=ask)
        return Closed(_("已报送，不能修改"), why, _desk(draft), _("到首页撤回"))
    if state is ReportState.REVIEWING:
        return Closed(_("正在审核，不能修改"), _("需要修改的，请{ask}退回，退回后可以接着填写。").format(ask=ask))
    if state is ReportState.APPROVED:
        return Closed(_("已审核通过，不能修改"), _("发现错误的，请{ask}退回，退回后可以更正。").format(ask=ask))
    return Closed()


def _desk(draft: Draft) -> str:
    return url_for("pages.home", unit=draft.unit.public_id)


def _whom(session: Session, draft: Draft) -> str:
    office = session.get(Unit, draft.unit.supervisor_id) if draft.unit.supervisor_id else None
    if office is None:
        return _("审核人")
    if office.contact:
        return _("联系{office}（{contact}）").format(office=office.name, contact=office.contact)
    return _("联系{office}").format(office=office.name)


def _comments(session: Session, draft: Draft) -> Iterator[Comment]:
    """What came with the last return: its own words first, then those on single places."""
    returned = last_return(session, draft.report)
    if returned and returned.remark:
        yield Comment("", "", returned.remark, returned.at)
    for one in comments_of(session, draft.report):
        known = one.name in draft.definition.cells or one.name in draft.definition.texts
        where = label_of(draft.definition, one.name) if known else ""
        yield Comment(where, place_in_form(draft, one.name) if known else "", one.text, one.at, one.quote)


def _deadline(session: Session, draft: Draft) -> tuple[str, bool]:
    """How long there is still time, in a sentence, and whether it is over."""
    due = due_of_return(session, draft) or _due(session, draft)
    if due is None:
        return "", False
    now = today()
    if now > due:
        return _("已逾期 {n} 个工作日").format(n=working_days_left(due + timedelta(days=1), now)), True
    if now == due:
        return _("今天是报送截止日"), False
    return _("距报送截止 {n} 个工作日").format(n=working_days_left(now, due)), False


def _due(session: Session, draft: Draft) -> date | None:
    asked = (draft.report.definition, draft.report.year)
    dues = [due_of(one, entry) for one, entry in expected(session, draft.unit) if (one.definition, one.year) == asked]
    return max(dues, default=None)
