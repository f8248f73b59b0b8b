"""Sending in: answers are frozen in a revision and handed over, once, however often the same are sent."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from reports.answers import Answers
from reports.drafting import draft_answers
from reports.states import SENT, Move, MoveRefused, ReportState
from storage.clock import now
from storage.filing import likeness, steps
from storage.filing.fields import fields_of, typed_in
from storage.filing.reports import latest_submission, report_for
from storage.making import jobs
from storage.making.jobs import Recipe
from storage.session import find_or_add
from storage.tables import Job, Lane, Report, Revision, Submission, Unit


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of answers that were sent in; not `is_new` when the same were there already."""

    report: Report
    revision: Revision
    job: Job
    submission: Submission
    is_new: bool


def submit(
    session: Session,
    answers: Answers,
    actor: str,
    recipe: Recipe,
    lane: Lane = Lane.PREVIEW,
    supervisor_id: int | None = None,
) -> Sent:
    """Keep answers as sent in and order their documents, in one transaction; the same again find what is there.

    A unit that is new gets this supervisor. MoveRefused when the report lies with the unit's head, is being reviewed,
    or was approved.
    """
    name = answers.unit.name
    unit = find_or_add(session, select(Unit).where(Unit.name == name), Unit(name=name, supervisor_id=supervisor_id))
    report = report_for(session, unit, answers.definition, answers.year)
    if report.state is ReportState.SIGNING:
        # Nobody sends past a head who has it on the desk.
        raise MoveRefused(report.state, Move.SEND)
    replaced = _keep_draft(session, report, answers)
    sent = send_in(session, report, answers, actor, recipe, lane)
    if sent.is_new and replaced:
        sent.submission.replaced = json.dumps(replaced, ensure_ascii=False)
    return sent


def _keep_draft(session: Session, report: Report, answers: Answers) -> dict[str, Any] | None:
    """Keep what stands in the form before other answers take its place; None when that is nothing, or was sent."""
    stored = fields_of(session, report)
    typed = {name: one for name, one in typed_in(stored).items() if "@" not in name and any(one)}
    draft = draft_answers(answers.definition, answers.unit.name, answers.year, typed)
    standing = latest_submission(session, report)
    sent = session.get_one(Revision, standing.revision_id).sha256 if standing else None
    if not typed or draft.digest in (answers.digest, sent):
        return None
    last = max((stored[name] for name in typed), key=lambda one: one.changed_at)
    revision = snapshot(session, report, draft, last.changed_by)
    # What cannot be read is in no answers, and was typed all the same.
    unread = {name: list(typed[name]) for name in draft.refused if name in typed}
    return {"revision": revision.number, "unread": unread}


def send_in(
    session: Session,
    report: Report,
    answers: Answers,
    actor: str,
    recipe: Recipe,
    lane: Lane = Lane.PREVIEW,
    reasons: Mapping[str, str] | None = None,
    declaration: Mapping[str, Any] | None = None,
) -> Sent:
    """Send in the answers of a report whose row is locked; see `submit`."""
    standing = latest_submission(session, report)
    if standing and report.state in SENT:
        revision = session.get_one(Revision, standing.revision_id)
        if _says_the_same(revision, answers):
            return Sent(report, revision, jobs.order(session, revision, recipe, lane), standing, is_new=False)
    revision = snapshot(session, report, answers, actor)
    job = jobs.order(session, revision, recipe, lane)
    if report.state is ReportState.SUBMITTED:
        withdraw(session, report, actor)
    submission = _submission(session, report, revision, actor)
    submission.reasons = json.dumps(dict(reasons or {}), ensure_ascii=False)
    submission.declaration = json.dumps(dict(declaration or {}), ensure_ascii=False)
    session.add(submission)
    session.flush()
    told: dict[str, Any] = {"revision": revision.number, "sha256": revision.sha256, "receipt": submission.receipt}
    steps.take(session, report, Move.SEND, actor, submission=submission, **told)
    # Last of all: whoever is on record waits for whoever is before him, so that of two that are sent in at the same
    # moment the second sees the first.
    likeness.note(session, report, revision, answers)
    return Sent(report, revision, job, submission, is_new=True)


def withdraw(session: Session, report: Report, actor: str) -> None:
    """Take back what was sent in, as long as nobody reviews it; MoveRefused afterwards."""
    standing = latest_submission(session, report)
    if standing and report.state is not ReportState.SIGNING:
        standing.withdrawn_at = session.scalars(select(now())).one()
    steps.take(session, report, Move.WITHDRAW, actor, submission=standing)


def snapshot(session: Session, report: Report, answers: Answers, actor: str) -> Revision:
    """The revision of a locked report that holds these answers: one there is, or the next."""
    for revision in session.scalars(_revisions(report).where(Revision.sha256 == answers.digest)):
        if _says_the_same(revision, answers):
            return revision
    last = session.scalar(select(func.max(Revision.number)).where(Revision.report_id == report.id)) or 0
    revision = Revision(
        report_id=report.id,
        number=last + 1,
        answers=answers.to_json().decode(),
        sha256=answers.digest,
        created_by=actor,
    )
    session.add(revision)
    session.flush()
    return revision


def _revisions(report: Report) -> Select[Revision]:
    return select(Revision).where(Revision.report_id == report.id).order_by(Revision.number.desc())


def _says_the_same(revision: Revision, answers: Answers) -> bool:
    return revision.sha256 == answers.digest


def _submission(session: Session, report: Report, revision: Revision, actor: str) -> Submission:
    made = select(func.count()).select_from(Submission).where(Submission.report_id == report.id)
    number = session.scalars(made).one() + 1
    receipt = f"{report.year}-{report.id:05d}-{number}"
    return Submission(report_id=report.id, revision_id=revision.id, number=number, receipt=receipt, made_by=actor)
