"""Deciding on a report: noting words on it, returning, approving and reopening it."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, request, url_for
from sqlalchemy.orm import Session

from reports.states import Move, MoveRefused
from service import access
from service.carrying import carried_along
from service.language import _
from service.pages import pages
from service.pages.review_page import address_of_next, page_of
from service.resources import resources
from service.reviewing.cases import Case, case_of
from service.reviewing.deciding import (
    Typed,
    as_return,
    comment_in,
    number_in,
    return_in,
    said,
    unread_in,
    what_happened,
    without_reason,
)
from storage.filing import comments, reviewing
from storage.filing.reviewing import Overtaken
from storage.people.policy import Act
from storage.session import reading_scope, session_scope
from storage.tables import Report, Unit

Done = Callable[[Session, Report], object]


@pages.post("/review/<public_id>/approve")
@access.person
def approve(public_id: str) -> Any:
    def act(session: Session, report: Report) -> None:
        reviewing.approve(session, report, access.actor(), number_in(request.form.get("seen", "")))

    return _done(public_id, Typed("approve"), act, _("没有通过：{happened}。"), _("“{unit}”已通过。"))


@pages.post("/review/<public_id>/<any(return,reopen):how>")
@access.person
@carried_along
def give_back(public_id: str, how: str) -> Any:
    typed = return_in(request.form, how)
    move = Move.REOPEN if how == "reopen" else Move.RETURN
    with reading_scope(resources().engine) as session:
        case = case_of(session, access.report(session, public_id, Act.REVIEW))
    if case and not typed.wrong and (why := without_reason(typed, case)):
        typed = Typed(how, typed.remark, typed.due_on, wrong={"remark": why})
    if typed.wrong:
        return page_of(public_id, typed, status=422)

    def act(session: Session, report: Report) -> None:
        seen = number_in(request.form.get("seen", ""))
        reviewing.give_back(session, report, access.actor(), seen, as_return(typed, request.form, move))

    return _done(
        public_id,
        typed,
        act,
        _("没有退回：{happened}。您写的意见还在下面，没有发出。"),
        _("“{unit}”已退回，意见和批注已交给填报人。"),
    )


@pages.post("/review/<public_id>/comments")
@access.person
@carried_along
def comment(public_id: str) -> Any:
    """Note a word, say it otherwise, or take it back."""
    with session_scope(resources().engine) as session:
        report = access.report(session, public_id, Act.REVIEW)
        case = case_of(session, report)
        typed, news = _comment(session, case) if case else (unread_in(request.form), _("批注没有加上。"))
    if news:
        return page_of(public_id, typed, news, 409)
    if typed.wrong:
        return page_of(public_id, typed, status=422)
    return redirect(url_for("pages.review_report", public_id=public_id, _anchor=f"at-{typed.on}"), 303)


def _comment(session: Session, case: Case) -> tuple[Typed, str]:
    """What was typed, and why it was not noted."""
    typed, go = comment_in(request.form, case), request.form.get("go", "add")
    if go == "add":
        return typed, "" if typed.wrong else _noted(session, case, typed)
    word = comments.find_comment(session, case.report, number_in(request.form.get("comment", "")))
    if word is None:
        return typed, _("没有改动：这条批注已经交给填报人，或者已被删去。")
    if go == "take":
        comments.take_back(session, word)
        return Typed(on=word.name), ""
    if typed.wrong:
        return typed, ""
    if not comments.edit(session, word, typed.text, access.actor(), request.form.get("was", "")):
        return typed, _("没有改动：同事刚改过这条批注。您写的还在下面，可以另加一条。")
    return Typed(on=word.name), ""


def _noted(session: Session, case: Case, typed: Typed) -> str:
    try:
        reviewing.note(session, case.report, typed.on, typed.text, access.actor(), typed.quote)
    except MoveRefused:
        happened = what_happened(session, case.report)
        return _("批注没有加上：{happened}。您写的还在下面。").format(happened=happened)
    return ""


def _done(public_id: str, typed: Typed, act: Done, refused: str, done: str) -> Any:
    """Do it and go on to the next; the second of two is told who was faster, and what he typed is still there."""
    news = ""
    with session_scope(resources().engine) as session:
        report = access.report(session, public_id, Act.REVIEW)
        try:
            act(session, report)
        except MoveRefused:
            news = refused.format(happened=what_happened(session, report))
        except Overtaken as overtaken:
            news = said(overtaken)
    if news:
        return page_of(public_id, typed, news, 409)
    with reading_scope(resources().engine) as session:
        report = access.report(session, public_id, Act.REVIEW)
        flash(done.format(unit=session.get_one(Unit, report.unit_id).name))
        return redirect(address_of_next(session, report), 303)
