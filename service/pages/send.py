"""Checking once more and sending in: to the head of the unit where there is one, otherwise to the office above."""

from collections.abc import Mapping
from typing import Any

from flask import redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from reports.states import SENT, Move, ReportState
from service import access
from service.carrying import is_shown_again, shown_again
from service.checking import Check
from service.declaring import declaration, not_ticked, remark_too_long, suggested, typed, wrong_with
from service.drafts import Draft, draft_of
from service.language import _
from service.pages import pages
from service.resources import resources
from storage.filing import sending, steps
from storage.filing.reports import lock
from storage.making.recipes import recipe_for
from storage.people.policy import Act, can, heads_of
from storage.session import reading_scope, session_scope
from storage.tables import Unit


@pages.get("/reports/<public_id>/send")
@access.person
def send(public_id: str) -> Any:
    with reading_scope(resources().engine) as session:
        draft = draft_of(session, access.report(session, public_id, Act.SEND))
        if not draft.open:
            return _onward(draft)
        return _page(check_of(session, draft), suggested(access.me(), None))


@pages.post("/reports/<public_id>/send")
@shown_again
@access.person
def send_in(public_id: str) -> Any:
    said = typed(request.form)
    if is_shown_again():
        with reading_scope(resources().engine) as session:
            draft = draft_of(session, access.report(session, public_id, Act.SEND))
            return _page(check_of(session, draft), said) if draft.open else _onward(draft)
    with session_scope(resources().engine) as session:
        # Locked before it is read: what is sent is what was checked, and of two who send the second finds it sent.
        draft = draft_of(session, lock(session, access.report(session, public_id, Act.SEND)))
        if not draft.open:
            return _onward(draft)
        check = check_of(session, draft)
        wrong = remark_too_long(said) | not_ticked(said) if check.heads else wrong_with(said)
        if check.ready and not wrong:
            if check.heads:
                steps.take(session, draft.report, Move.ASK_HEAD, access.actor(), remark=said["remark"])
            else:
                hand_over(session, draft, said)
            return _onward(draft)
    # Drawn when the report is anybody's again.
    with reading_scope(resources().engine) as session:
        draft = draft_of(session, access.report(session, public_id, Act.SEND))
        return _page(check_of(session, draft), said, wrong), 422


def check_of(session: Session, draft: Draft) -> Check:
    """The check of a draft, for whoever is signed in: who signs himself needs nobody else to."""
    office = session.get(Unit, draft.unit.supervisor_id) if draft.unit.supervisor_id else None
    signs = can(access.me(), Act.SIGN, draft.unit)
    heads = [] if signs else [head.person for head in heads_of(session, draft.unit)]
    return Check(draft, "、".join(heads), office.name if office else "")


def hand_over(session: Session, draft: Draft, said: Mapping[str, str]) -> None:
    """Freeze a draft that was found ready, and send it in."""
    office = resources()
    reasons = {name: field.value.strip() for name, field in draft.fields.items() if "@" in name}
    wanted = {f"{finding.rule}@{finding.cells[0]}" for finding in draft.findings}
    sent = sending.send(
        session,
        draft.report,
        draft.answers,
        {name: reason for name, reason in reasons.items() if name in wanted and reason},
        declaration(said),
        access.actor(),
        recipe_for(office.definitions, draft.definition, session),
    )
    office.queue.nudge_after_commit(session, sent.job)


def _onward(draft: Draft) -> Response:
    if draft.report.state in SENT:
        return redirect(url_for("pages.receipt", public_id=draft.report.public_id), 303)
    if draft.report.state is ReportState.SIGNING and can(access.me(), Act.SIGN, draft.unit):
        return redirect(url_for("pages.sign", public_id=draft.report.public_id), 303)
    return redirect(url_for("pages.home", unit=draft.unit.public_id), 303)


def _page(check: Check, said: Mapping[str, str], wrong: Mapping[str, str] | None = None) -> str:
    heading = _("核对并报送")
    return render_template("send.html", check=check, draft=check.draft, typed=said, wrong=wrong or {}, heading=heading)
