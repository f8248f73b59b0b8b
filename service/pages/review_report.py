"""One report under review: looking at it, taking it up, seeing who else does, going on to the next."""

from typing import Any

from flask import redirect, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from reports.states import Move, MoveRefused
from service import access
from service.language import _
from service.pages import pages
from service.pages.review_page import address_of_next, page_of
from service.resources import resources
from service.reviewing.deciding import Typed, number_in, what_happened
from storage.filing import looking, reviewing
from storage.filing.steps import last_step
from storage.people.policy import Act
from storage.session import reading_scope, session_scope
from storage.tables import Report


@pages.get("/review/<public_id>")
@access.person
def review_report(public_id: str) -> Any:
    # Whoever follows a link only looks: the review begins with a button or the first word noted.
    on = request.args.get("on")
    return page_of(public_id, Typed() if on is None else Typed("comment", on=on, quote=request.args.get("quote", "")))


@pages.post("/review/<public_id>/begin")
@access.person
def begin_review(public_id: str) -> Any:
    with session_scope(resources().engine) as session:
        report = access.report(session, public_id, Act.REVIEW)
        try:
            reviewing.begin(session, report, access.actor())
            refused = False
        except MoveRefused:
            refused = True
    if refused:
        return page_of(public_id, Typed(), _("没有开始审核：这份报告现在不是待审。"), 409)
    return redirect(url_for("pages.review_report", public_id=public_id), 303)


@pages.get("/review/<public_id>/next")
@access.person
def next_review(public_id: str) -> Response:
    with reading_scope(resources().engine) as session:
        return redirect(address_of_next(session, access.report(session, public_id, Act.REVIEW)), 303)


@pages.post("/review/<public_id>/looking")
@access.person
def looking_at(public_id: str) -> dict[str, Any]:
    """The page says that it is open, and is told who else has it open and what has happened since it was loaded."""
    with session_scope(resources().engine) as session:
        report, me = access.report(session, public_id, Act.REVIEW), access.me()
        if request.form.get("leaves"):
            looking.look_away(session, report, me.account_id)
            return {"others": [], "news": ""}
        looking.look(session, report, me.account_id)
        others = [one.person for one in looking.others_looking(session, report, me.account_id)]
        return {"others": others, "news": _news(session, report, number_in(request.form.get("step", "")))}


def _news(session: Session, report: Report, step: int) -> str:
    last = last_step(session, report, *Move)
    if last is None or last.number == step:
        return ""
    return _("{happened}，这一页是那以前的内容。").format(happened=what_happened(session, report))
