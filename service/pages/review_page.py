"""The page of one report under review, as it is drawn first and again when something could not be done."""

from datetime import date
from typing import Any

from flask import render_template, url_for
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from reports.states import ReportState
from service import access
from service.moves import people
from service.previews import Shown, fonts_in_words, shown
from service.resources import resources
from service.reviewing.cases import Case, case_of
from service.reviewing.deciding import Typed, usual_day
from service.reviewing.figures import figures_of
from service.reviewing.passages import hits_of, paragraphs_of, passages_of
from service.reviewing.phrases import phrases
from service.reviewing.queue import queue_of
from service.reviewing.record import record_of
from service.reviewing.since import since_of
from service.reviewing.view import kept
from service.reviewing.words import state_of_report
from storage.filing.steps import last_return
from storage.people.policy import Act
from storage.roster.campaigns import due_of
from storage.session import reading_scope
from storage.tables import Job, JobState, Report, RosterEntry, Unit


def page_of(public_id: str, typed: Typed, news: str = "", status: int = 200) -> Any:
    """The page, with what was typed in its place; `news` says why something was not done."""
    with reading_scope(resources().engine) as session:
        report = access.report(session, public_id, Act.REVIEW)
        case = case_of(session, report)
        if case is None:
            # Withdrawn while somebody wrote on it: the words are shown, so that they can be kept.
            unit = session.get_one(Unit, report.unit_id)
            return render_template("review/gone.html", unit=unit, report=report, typed=typed, news=news), status
        return _drawn(session, case, typed, news), status


def address_of_next(session: Session, report: Report) -> str:
    """Where to go on: the next report that waits, in the order of the queue, or the queue when none does."""
    case = case_of(session, report)
    if case is None or case.campaign is None:
        return url_for("pages.review")
    line = queue_of(session, case.campaign).after(kept(), report)
    if line is None or line.report is None:
        return url_for("pages.review", campaign=case.campaign.public_id)
    return url_for("pages.review_report", public_id=line.report.public_id)


def _drawn(session: Session, case: Case, typed: Typed, news: str) -> str:
    since = since_of(session, case)
    noters = people(session, [one.by for one in case.noted])
    return render_template(
        "review/report.html",
        case=case,
        state=state_of_report(case.report, again=since is not None),
        due=_due(session, case),
        typed=typed,
        news=news,
        sender=people(session, [case.submission.made_by])[case.submission.made_by],
        noted_by=noters,
        since=since,
        figures=figures_of(case),
        passages=passages_of(case),
        hits=hits_of(session, case),
        record=record_of(session, case),
        phrases=phrases(),
        usual_day=usual_day(),
        paragraphs_of=paragraphs_of,
        documents=_documents(session, case),
        fonts=fonts_in_words,
        job=_last_job(session, case),
        ReportState=ReportState,
    )


def _due(session: Session, case: Case) -> date | None:
    """The last day on which it is in time. (Of one unit: `standings` would read the whole roster for it.)"""
    if case.campaign is None:
        return None
    on_roster = select(RosterEntry).where(RosterEntry.campaign_id == case.campaign.id)
    entry = session.scalars(on_roster.where(RosterEntry.unit_id == case.unit.id)).first()
    back = last_return(session, case.report)
    ordinary = due_of(case.campaign, entry)
    return max(ordinary, back.due_on) if back and back.due_on else ordinary


def _documents(session: Session, case: Case) -> Shown | None:
    done = _jobs(case).where(Job.state == JobState.DONE)
    job = session.scalars(done.order_by(Job.id.desc()).limit(1)).first()
    return shown(session, job) if job else None


def _last_job(session: Session, case: Case) -> Job | None:
    return session.scalars(_jobs(case).order_by(Job.id.desc()).limit(1)).first()


def _jobs(case: Case) -> Select[Job]:
    return select(Job).where(Job.revision_id == case.revision.id)
