"""What became of a report since its clerk last touched it, what comes next, and what the reviewer wants changed."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask import url_for
from sqlalchemy.orm import Session

from reports.states import Move, ReportState
from service.checking import place_in_form
from service.drafts import Draft
from service.explaining import label_of
from service.language import _
from service.moves import day, people
from service.sections import section_of
from service.words import moment
from storage.filing.reports import latest_submission
from storage.filing.steps import last_return, last_step
from storage.tables import Campaign, Comment, Step


@dataclass(frozen=True, slots=True)
class News:
    """What became of the report since the clerk last touched it."""

    heading: str
    next: str
    look: str
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Remark:
    """A reviewer's word on one place, and the way there."""

    place: str
    address: str
    text: str
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Returned:
    """What the reviewer wants changed, and until when."""

    heading: str
    by_whom: str
    remark: str
    comments: Sequence[Remark]


def news_of(
    session: Session, draft: Draft, campaign: Campaign | None, office: str, heads: str, *, signs: bool
) -> News | None:
    """What became of a report, what happens next and what is possible; None while it is being filled in."""
    state = draft.report.state
    if state is ReportState.DRAFT:
        return _handed_back(session, draft)
    if state is ReportState.SIGNING:
        return _signing(session, draft, heads, signs=signs)
    if state is ReportState.SUBMITTED:
        next_ = _("{office}审核。审核开始以前可以撤回修改；审核结果会显示在这里。").format(office=office)
        return News(_("已报送，等待审核"), next_, "now")
    if state is ReportState.REVIEWING:
        next_ = _("{office}正在审核，现在不能修改。发现错误的，请联系审核人退回。").format(office=office)
        return News(_("正在审核"), next_, "now")
    if state is ReportState.APPROVED:
        return News(_("审核已通过"), _publish(campaign), "ok")
    return None


def replaced_of(session: Session, draft: Draft) -> str:
    """What the clerk is told whose draft gave way to what somebody else handed in; "" when it did not."""
    standing = latest_submission(session, draft.report)
    if standing is None or not standing.replaced:
        return ""
    told = json.loads(standing.replaced)
    sentence = _(
        "{who}在{when}直接报送了这份报告，表里原来填写的内容已换成所报送的。"
        "原来的内容没有丢失，留存为第 {n} 版；需要用回的，请告诉上级单位。"
    )
    who = people(session, [standing.made_by])[standing.made_by]
    return sentence.format(who=who, when=moment(standing.made_at), n=told["revision"])


def returned_of(session: Session, draft: Draft, comments: Sequence[Comment], office: str) -> Returned | None:
    """What the reviewer wants changed; None unless the report is on the clerk's desk again."""
    step = _return_to_answer(session, draft)
    if step is None:
        return None
    remarks = [_remark(draft, comment) for comment in comments]
    heading = _("已退回，请修改 {n} 处").format(n=len(remarks)) if remarks else _("已退回，请修改")
    return Returned(heading, _by_whom(session, step, office), step.remark, remarks)


def due_of_return(session: Session, draft: Draft) -> date | None:
    """The new day that a return named."""
    step = _return_to_answer(session, draft)
    return step.due_on if step else None


def labels(draft: Draft, values: Mapping[str, str]) -> list[str]:
    """Figures in the words of the form, for a sentence about them: “行政许可”行“本年处理决定数量”列 2184."""
    return [f"{label_of(draft.definition, name)} {value}" for name, value in values.items()]


def _return_to_answer(session: Session, draft: Draft) -> Step | None:
    # Also while it is called a draft, since the head gave it back or it was withdrawn: the reviewer has seen no other.
    return last_return(session, draft.report) if draft.open else None


def _handed_back(session: Session, draft: Draft) -> News | None:
    back = last_step(session, draft.report, Move.HAND_BACK)
    later = [last_step(session, draft.report, move) for move in (Move.ASK_HEAD, Move.SEND)]
    if back is None or any(step and step.number > back.number for step in later):
        return None
    who = people(session, [back.by])[back.by]
    return News(_("{who}审签时退回，请修改").format(who=who), _("改好以后再送审签。"), "ask", back.remark)


def _signing(session: Session, draft: Draft, heads: str, *, signs: bool) -> News:
    asked = last_step(session, draft.report, Move.ASK_HEAD)
    remark = asked.remark if asked else ""
    if signs:
        who = people(session, [asked.by])[asked.by] if asked else _("填报人")
        next_ = _("{who}已填好送来。请看过数据和文件，同意的报送，不同意的退回填报人。").format(who=who)
        return News(_("请您审签"), next_, "ask", remark)
    next_ = _("审签后直接报送，回执会显示在这里。要修改的，可以先撤回。")
    return News(_("已送{names}审签").format(names=heads or _("负责人")), next_, "now", remark)


def _publish(campaign: Campaign | None) -> str:
    if campaign is None:
        return _("请按时向社会公布；Word 和 PDF 可以下载。发现错误的，请联系审核人退回更正。")
    sentence = _("请在{publish}前向社会公布；Word 和 PDF 可以下载。发现错误的，请联系审核人退回更正。")
    return sentence.format(publish=day(campaign.publish_by))


def _remark(draft: Draft, comment: Comment) -> Remark:
    known = comment.name in draft.definition.cells or comment.name in draft.definition.texts
    if not known:
        address = url_for("pages.fill_on", public_id=draft.report.public_id)
        return Remark(_("整份报告"), address, comment.text, comment.quote)
    section = section_of(draft.definition, comment.name).heading
    label = label_of(draft.definition, comment.name)
    place = label if label.startswith(section) else f"{section}·{label}"
    return Remark(place, place_in_form(draft, comment.name), comment.text, comment.quote)


def _by_whom(session: Session, step: Step, office: str) -> str:
    who, when = people(session, [step.by])[step.by], day(step.at)
    if step.due_on:
        sentence = _("{office} {who} {when}退回，请于{due}前重新报送")
        return sentence.format(office=office, who=who, when=when, due=day(step.due_on))
    return _("{office} {who} {when}退回，请修改后重新报送").format(office=office, who=who, when=when)
