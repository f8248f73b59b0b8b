"""The receipt of what was sent in: its number, what it says, and what comes next."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from reports.states import Move, ReportState, moves_from
from service.access import me
from service.drafts import Draft
from service.explaining import label_of
from service.language import _
from service.moves import StepTaken, people, steps_in_words
from service.previews import Download, downloads
from service.words import moment
from storage.people.policy import Act, can
from storage.tables import Report, Revision, Submission, Unit


@dataclass(frozen=True, slots=True)
class Receipt:
    """One submission as its receipt shows it."""

    report: Report
    unit: Unit
    heading: str
    look: str
    title: str
    number: str
    sha256: str
    facts: Sequence[tuple[str, str]]
    reasons: Sequence[tuple[str, str]]
    next: Sequence[str]
    documents: Sequence[Download]
    steps: Sequence[StepTaken]
    can_withdraw: bool


def receipt_of(session: Session, draft: Draft) -> Receipt:
    """The receipt of the last submission; NotFound when nothing was ever sent in."""
    report = draft.report
    newest = select(Submission).where(Submission.report_id == report.id).order_by(Submission.number.desc())
    submission = session.scalars(newest.limit(1)).first()
    if submission is None:
        raise NotFound
    revision = session.get_one(Revision, submission.revision_id)
    office = session.get(Unit, draft.unit.supervisor_id) if draft.unit.supervisor_id else None
    heading, look = _heading(report, submission)
    return Receipt(
        report,
        draft.unit,
        heading,
        look,
        draft.answers.title,
        submission.receipt,
        revision.sha256,
        _facts(session, submission, revision),
        _reasons(draft, submission),
        _next(report, submission, office),
        downloads(session, revision),
        steps_in_words(session, report),
        can_withdraw(draft),
    )


def can_withdraw(draft: Draft) -> bool:
    """Whether whoever looks may take back what was sent, and still can."""
    return Move.WITHDRAW in moves_from(draft.report.state) and can(me(), Act.WITHDRAW, draft.unit)


def _heading(report: Report, submission: Submission) -> tuple[str, str]:
    if submission.withdrawn_at is not None:
        return _("这次报送已撤回"), "old"
    if report.state is ReportState.APPROVED:
        return _("审核已通过"), ""
    if report.state in (ReportState.RETURNED, ReportState.DRAFT, ReportState.SIGNING):
        return _("这次报送已退回修改"), "old"
    return _("已报送"), ""


def _facts(session: Session, submission: Submission, revision: Revision) -> Sequence[tuple[str, str]]:
    declared: dict[str, Any] = json.loads(submission.declaration)
    facts = [
        (_("报送时间"), moment(submission.made_at)),
        (_("报送人"), people(session, [submission.made_by])[submission.made_by]),
        (_("第几次报送"), str(submission.number)),
        (_("内容版本"), _("第{revision}版").format(revision=revision.number)),
    ]
    for who, term in (("filler", _("填报人")), ("checker", _("审核人"))):
        if declared.get(who):
            facts.append((term, "　".join(filter(None, (declared[who], declared.get(f"{who}_phone", ""))))))
    return facts


def _reasons(draft: Draft, submission: Submission) -> Sequence[tuple[str, str]]:
    said: dict[str, str] = json.loads(submission.reasons)
    known = {*draft.definition.cells, *draft.definition.texts}
    return [
        (label_of(draft.definition, name) if name in known else name, reason)
        for name, reason in ((at.partition("@")[2], reason) for at, reason in said.items())
    ]


def _next(report: Report, submission: Submission, office: Unit | None) -> Sequence[str]:
    name = office.name if office else _("审核人")
    if submission.withdrawn_at is not None:
        return [_("内容都在，可以接着修改，改好以后再报送一次，会有新的回执。")]
    if report.state is ReportState.SUBMITTED:
        return [
            _("{office}审核。审核开始以前，您可以撤回修改。").format(office=name),
            _("审核结果会显示在首页：通过，或者退回并写明要改的地方。"),
        ]
    if report.state is ReportState.REVIEWING:
        return [_("{office}正在审核，现在不能撤回。发现错误的，请联系审核人退回。").format(office=name)]
    if report.state is ReportState.APPROVED:
        return [_("请按时向社会公布；Word 和 PDF 可以下载。")]
    return [_("请按退回意见修改，再报送一次，会有新的回执。")]
