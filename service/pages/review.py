"""The queue of reports that wait for review, and approving those together that need no second look."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from reports.states import MoveRefused
from service import access
from service.collecting import campaign_here, campaigns_here
from service.pages import pages
from service.resources import resources
from service.reviewing import deciding
from service.reviewing.flags import biggest, signs
from service.reviewing.queue import A_PAGE, Line, Queue, queue_of
from service.reviewing.view import View, chips_in_words, chosen, kept, orders_in_words
from service.reviewing.words import note_of, state_of, when
from storage.filing import reviewing
from storage.filing.reviewing import Overtaken
from storage.people.policy import Act
from storage.session import reading_scope, session_scope


@dataclass(frozen=True, slots=True)
class Candidate:
    """One of several that somebody wants to approve together, and what speaks against it."""

    line: Line
    why_not: Sequence[str]


@pages.get("/review")
@access.person
def review() -> str:
    view = chosen()
    with reading_scope(resources().engine) as session:
        campaign = campaign_here(session)
        if campaign is None:
            return render_template("review/nothing.html")
        queue = queue_of(session, campaign)
        lines, number, last = queue.page(view)
        shown = [(line, biggest(session, line)) for line in lines]
        return _page(session, queue, view, shown=shown, number=number, last=last)


@pages.post("/review/start")
@access.person
def start_review() -> Response:
    """Take up the first one that waits."""
    view = kept()
    with session_scope(resources().engine) as session:
        campaign = campaign_here(session)
        queue = queue_of(session, campaign) if campaign else None
        line = next((one for one in queue.chosen(view) if one.pending), None) if queue else None
        if line is None or line.report is None:
            return redirect(url_for("pages.review", campaign=request.args.get("campaign")), 303)
        report = access.report(session, line.report.public_id, Act.REVIEW)
        reviewing.begin(session, report, access.actor())
        return redirect(url_for("pages.review_report", public_id=report.public_id), 303)


@pages.post("/review/approve")
@access.person
def approve_together() -> Any:
    """Ask once more, with the names of those that are left out and why; then approve the others one by one."""
    wanted = _wanted(request.form.getlist("report"))
    with reading_scope(resources().engine) as session:
        campaign = campaign_here(session)
        if campaign is None:
            raise NotFound
        lines = [line for line in queue_of(session, campaign).lines if line.report and line.report.public_id in wanted]
        # Another office's reports are not in this queue, and so are not here.
        candidates = [Candidate(line, _why_not(session, line, wanted)) for line in lines]
    if request.form.get("sure") != "yes":
        return render_template("review/together.html", candidates=candidates, campaign=campaign, done=None)
    done = [_approve(one, wanted) for one in candidates]
    return render_template("review/together.html", candidates=done, campaign=campaign, done=True)


def _approve(one: Candidate, wanted: dict[str, int]) -> Candidate:
    """Each in a transaction of its own: what is refused keeps nothing back."""
    if one.why_not or one.line.report is None:
        return one
    with session_scope(resources().engine) as session:
        report = access.report(session, one.line.report.public_id, Act.REVIEW)
        try:
            reviewing.approve(session, report, access.actor(), wanted[report.public_id])
        except MoveRefused:
            return Candidate(one.line, (deciding.what_happened(session, report),))
        except Overtaken as overtaken:
            return Candidate(one.line, (deciding.said(overtaken),))
    return one


def _why_not(session: Session, line: Line, wanted: dict[str, int]) -> Sequence[str]:
    if line.report and line.standing.submission and line.standing.submission.number != wanted[line.report.public_id]:
        return (deciding.sent_again(),)
    return signs(session, line)


def _wanted(chosen: Sequence[str]) -> dict[str, int]:
    """What was ticked: `report:submission`, as many as a page holds."""
    pairs = (one.partition(":") for one in chosen[:A_PAGE])
    return {report: deciding.number_in(number) for report, _colon, number in pairs}


def _page(session: Session, queue: Queue, view: View, **told: Any) -> str:
    return render_template(
        "review/queue.html",
        queue=queue,
        view=view,
        campaigns=campaigns_here(session),
        chips=chips_in_words(),
        orders=orders_in_words(),
        state_of=state_of,
        note_of=note_of,
        when=when,
        **told,
    )
