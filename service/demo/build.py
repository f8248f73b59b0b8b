"""Builds the district in a database: units, two campaigns, last year's reports and this year's in every state."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Final

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from reports.answers import Answers
from reports.checks import check
from reports.definition import Severity
from reports.states import Move
from service.demo.district import Agency, Stands, district
from service.demo.people import ACTOR, ANYBODY, MEMBERS
from service.demo.roster import CHINA, Plan, expect, make_units, open_campaign
from service.demo.writing import answers, last_year, this_year
from storage.filing import fields, steps
from storage.filing.reports import report_for
from storage.filing.submissions import send_in
from storage.tables import Comment, Lane, Report, Role, RosterEntry, Start, Step, Submission, Unit

# What the reviewer wrote beside the returned reports, by unit: the place and the words.
_REMARKS: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    "云溪区教育局": (
        ("requests.received.natural_person", "与我办登记的转办件数不一致，请核对。"),
        ("problems.improved", "措施与上年大致相同，请写出今年的具体安排和时限。"),
    ),
    "云溪区应急管理局": (("overview.proactive", "请补充行政处罚信息公开的情况。"),),
    "白石镇人民政府": (("article_20_1.normative_documents.issued", "本年新制发的文件请与司法所备案目录核对。"),),
}

# Who mended what was returned and has sent it again: the text, what it said at first, and the reviewer's word.
_SENT_AGAIN: Final[Mapping[str, tuple[str, str, str]]] = {
    "云溪区民政局": (
        "other.matters",
        "无其他需要报告的事项。",
        "请写明本年度收取信息处理费的情况；没有收取的，也请写明。",
    ),
}


class NotEmpty(Exception):
    """There are units already that are not the district's; real data must not be mixed with invented."""

    code = "demo_refused"
    for_operator = "the database holds units that are not those of the demonstration"
    for_person = (
        "这里已有别的单位和报告，示例数据不会写进来。"
        "请换一个数据目录，例如 NIANBAO_DATA_DIR=var/demo script/server --demo。"
    )

    def __init__(self) -> None:
        super().__init__(self.for_person)


def is_built(session: Session) -> bool:
    """Whether the district is here; NotEmpty when somebody else is."""
    known = session.scalar(select(Unit.id).where(Unit.name == district().office))
    if known is None and session.scalars(select(func.count()).select_from(Unit)).one():
        raise NotEmpty
    return known is not None


def build(session: Session, plan: Plan) -> None:
    """The units with their reports of last year, all approved, and of this year, each where it stands."""
    units = make_units(session)
    before = open_campaign(session, units, plan, plan.year - 1)
    now = open_campaign(session, units, plan, plan.year)
    for agency in district().agencies:
        unit = units[agency.name]
        session.add(RosterEntry(campaign_id=before.id, unit_id=unit.id))
        session.add(expect(now, unit, agency, plan.today))
        said = _of_last_year(session, unit, agency, plan)
        if agency.stands not in (Stands.NONE, Stands.EXEMPT):
            _of_this_year(session, unit, agency, plan, said)


def _of_last_year(session: Session, unit: Unit, agency: Agency, plan: Plan) -> Answers:
    said = answers(plan.definition, agency, plan.year - 1, last_year(plan.definition, agency, plan.year - 1))
    report = report_for(session, unit, plan.definition, plan.year - 1)
    send_in(session, report, said, _clerk(agency), plan.recipe, Lane.BATCH, declaration=_declared(agency))
    steps.take(session, report, Move.APPROVE, ANYBODY)
    _backdate(session, report, date(plan.year, 1, 8 + Random(agency.name).randint(0, 14)))
    return said


def _of_this_year(session: Session, unit: Unit, agency: Agency, plan: Plan, before: Answers) -> None:
    typed = this_year(plan.definition, agency, plan.year, before)
    said = answers(plan.definition, agency, plan.year, typed)
    report = report_for(session, unit, plan.definition, plan.year)
    report.started = Start.LAST_YEAR
    changes = [fields.Change(name, value, note, None) for name, (value, note) in typed.items()]
    reasons = {} if agency.stands in (Stands.DRAFT, Stands.LATE) else _reasons(said, before)
    changes += [fields.Change(name, reason, "", None) for name, reason in reasons.items()]
    fields.save(session, report, changes, _clerk(agency), plan.definition)
    if agency.stands is Stands.SIGNING:
        steps.take(session, report, Move.ASK_HEAD, _clerk(agency))
    elif agency.stands not in (Stands.DRAFT, Stands.LATE):
        _sent(session, report, agency, plan, said, reasons)
    _backdate(session, report, plan.today - timedelta(days=Random(agency.name).randint(1, 6)))


def _sent(
    session: Session, report: Report, agency: Agency, plan: Plan, said: Answers, reasons: Mapping[str, str]
) -> None:
    if agency.name in _SENT_AGAIN:
        _returned_first(session, report, agency, plan, said)
    send_in(session, report, said, _clerk(agency), plan.recipe, Lane.BATCH, reasons, _declared(agency))
    if agency.stands is Stands.REVIEWING:
        steps.take(session, report, Move.BEGIN_REVIEW, ANYBODY)
    elif agency.stands is Stands.APPROVED:
        steps.take(session, report, Move.APPROVE, ANYBODY)
    elif agency.stands is Stands.RETURNED:
        again = plan.today + timedelta(days=4)
        step = steps.take(session, report, Move.RETURN, ANYBODY, remark="请按批注核对后重新报送。", due_on=again)
        for name, text in _REMARKS.get(agency.name, ()):
            session.add(Comment(report_id=report.id, step_id=step.id, name=name, text=text, by=ANYBODY))


def _returned_first(session: Session, report: Report, agency: Agency, plan: Plan, said: Answers) -> None:
    """What it sent in before, and what the reviewer wanted changed."""
    name, before, word = _SENT_AGAIN[agency.name]
    first = replace(said, texts={**said.texts, name: before})
    send_in(session, report, first, _clerk(agency), plan.recipe, Lane.BATCH, declaration=_declared(agency))
    again = plan.today + timedelta(days=2)
    step = steps.take(session, report, Move.RETURN, ANYBODY, remark="请按批注修改后重新报送。", due_on=again)
    session.add(Comment(report_id=report.id, step_id=step.id, name=name, text=word, quote=before, by=ANYBODY))


def _reasons(said: Answers, before: Answers) -> dict[str, str]:
    asked = [one for one in check(said, before) if one.severity is Severity.EXPLAIN]
    return {f"{one.rule}@{one.cells[0]}": "年中开展文件清理，重新核定了有效件数。" for one in asked}


def _clerk(agency: Agency) -> str:
    mine = (one.login for one in MEMBERS if (Role.CLERK, agency.name) in one.appointed)
    login = next(mine, None)
    return f"account:{login}" if login else ACTOR


def _declared(agency: Agency) -> dict[str, str]:
    return {
        "filler": "示例填报人",
        "filler_phone": "0000-6620000",
        "checker": "示例审核人",
        "checker_phone": "0000-6620001",
    }


def _backdate(session: Session, report: Report, day: date) -> None:
    """Let it have happened on that day, step by step: a district in which all was done this minute looks like none."""
    opened = datetime.combine(day, time(9, 20), CHINA)
    session.execute(update(Submission).where(Submission.report_id == report.id).values(made_at=opened))
    for step in steps.steps_of(session, report):
        at = opened + timedelta(minutes=47 * (step.number - 1))
        session.execute(update(Step).where(Step.id == step.id).values(at=at))
