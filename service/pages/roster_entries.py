"""One unit on a campaign's roster: exempt with a reason, expected again, given a later day, or everybody's again."""

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from service import access
from service.deadlines import today
from service.language import _
from service.pages import pages
from service.pages.campaigns import own
from service.resources import resources
from service.rosters.lines import Line, lines_of
from service.rosters.opening import day_in
from storage.roster import entries
from storage.roster.entries import RosterNotChanged
from storage.session import reading_scope, session_scope
from storage.tables import Campaign


@pages.get("/campaigns/<campaign>/units/<unit>")
@access.person
def roster_entry(campaign: str, unit: str) -> str:
    return _page(campaign, unit)


@pages.post("/campaigns/<campaign>/units/<unit>/<any(exempt, expect, extend, shorten):how>")
@access.person
def change_roster_entry(campaign: str, unit: str, how: str) -> Response | tuple[str, int]:
    try:
        with session_scope(resources().engine) as session:
            found = own(session, campaign)
            line = _line(session, found, unit)
            told = _changed(session, found, line, how)
    except RosterNotChanged as error:
        return _page(campaign, unit, error.problems), 422
    flash(told)
    return redirect(url_for("pages.campaign", campaign=campaign), 303)


def _changed(session: Session, campaign: Campaign, line: Line, how: str) -> str:
    entry, actor, because = line.standing.entry, access.actor(), request.form.get("because", "")
    if how == "exempt":
        entries.exempt(session, campaign, entry, because, actor)
        return _("“{name}”本年度免报。").format(name=line.unit.name)
    if how == "expect":
        entries.expect_again(session, campaign, entry, actor)
        return _("“{name}”恢复报送。").format(name=line.unit.name)
    if how == "shorten":
        entries.end_extension(session, campaign, entry, actor)
        return _("“{name}”的延期已取消。").format(name=line.unit.name)
    day = day_in(request.form.get("to", ""))
    if day is None:
        raise RosterNotChanged({"to": _("请写一个日期，例如 2026-01-26。")})
    entries.extend(session, campaign, entry, day, because, actor)
    return _("“{name}”延期到 {day}。").format(name=line.unit.name, day=day.isoformat())


def _line(session: Session, campaign: Campaign, unit: str) -> Line:
    for line in lines_of(session, campaign, today()):
        if line.unit.public_id == unit:
            return line
    raise NotFound


def _page(campaign: str, unit: str, wrong: dict[str, str] | None = None) -> str:
    with reading_scope(resources().engine) as session:
        found = own(session, campaign)
        line = _line(session, found, unit)
        return render_template("roster/entry.html", campaign=found, line=line, wrong=wrong or {})
