"""Campaigns: begun for a year, looked at, postponed, closed."""

from typing import Any, Final

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from service import access
from service.collecting import campaign_here, campaigns_here
from service.deadlines import today
from service.language import _
from service.pages import pages
from service.resources import resources
from service.rosters import opening
from service.rosters.lines import Line, like, lines_of
from service.rosters.turning import leaf_of
from storage.people.policy import Act
from storage.roster import campaigns as storage
from storage.roster import entries
from storage.roster.campaigns import CampaignExists
from storage.roster.entries import RosterNotChanged
from storage.session import reading_scope, session_scope
from storage.tables import Campaign, RosterEntry, Unit

A_PAGE: Final = 50
Refusal = dict[str, str]


@pages.get("/campaigns")
@access.person
def campaigns() -> str:
    with reading_scope(resources().engine) as session:
        found = campaigns_here(session, Act.CAMPAIGN)
        many = select(RosterEntry.campaign_id, func.count()).group_by(RosterEntry.campaign_id)
        counted = {one.campaign_id: one[1] for one in session.execute(many)}
        names = {unit.id: unit.name for unit in opening.offices(session)}
        return render_template("roster/campaigns.html", campaigns=found, counted=counted, names=names)


@pages.get("/campaigns/new")
@access.person
def new_campaign() -> str:
    access.must_somewhere(Act.CAMPAIGN)
    with reading_scope(resources().engine) as session:
        return _form(session)


@pages.post("/campaigns/new")
@access.person
def open_campaign() -> Response | tuple[str, int]:
    access.must_somewhere(Act.CAMPAIGN)
    try:
        with session_scope(resources().engine) as session:
            wish = opening.wish(session)
            unsure = wish.doubts and not request.form.get("sure")
            if wish.problems or unsure:
                return _form(session, wish), 422
            campaign = _opened(session, wish)
    except CampaignExists as error:
        with reading_scope(resources().engine) as session:
            wish = opening.wish(session)
            wish.problems["year"] = error.for_person
            return _form(session, wish), 409
    flash(_("已开始。填报人登录后就能填写。"))
    return redirect(url_for("pages.campaign", campaign=campaign.public_id), 303)


@pages.get("/campaigns/<campaign>")
@access.person
def campaign(campaign: str) -> str:
    return _page(campaign)


@pages.post("/campaigns/<campaign>/days")
@access.person
def campaign_days(campaign: str) -> Response | tuple[str, int]:
    form = request.form
    with session_scope(resources().engine) as session:
        found = own(session, campaign)
        due_on, publish_by = (opening.day_in(form.get(name, "")) for name in ("due_on", "publish_by"))
        if due_on and publish_by:
            try:
                entries.reschedule(session, found, due_on, publish_by, access.actor())
            except RosterNotChanged as error:
                refused = error.problems
            else:
                unsure = entries.doubts(found.year, due_on, publish_by, today())
                flash("".join([_("截止日已更改。"), *unsure]))
                return redirect(url_for("pages.campaign", campaign=campaign), 303)
        else:
            refused = {"due_on" if due_on is None else "publish_by": _("请写一个日期，例如 2026-01-26。")}
    return _page(campaign, refused), 422


@pages.post("/campaigns/<campaign>/close")
@access.person
def close_campaign(campaign: str) -> Response:
    with session_scope(resources().engine) as session:
        if storage.close_campaign(session, own(session, campaign), access.actor()):
            flash(_("已结束。不能再开始新的报告；已经开始的可以填完。"))
    return redirect(url_for("pages.campaign", campaign=campaign), 303)


@pages.post("/campaigns/<campaign>/units")
@access.person
def expect_unit(campaign: str) -> Response | tuple[str, int]:
    name, because = request.form.get("unit", "").strip(), request.form.get("because", "")
    try:
        with session_scope(resources().engine) as session:
            found = own(session, campaign)
            entries.expect_too(session, found, _unit(session, found, name), because, access.actor())
    except RosterNotChanged as error:
        return _page(campaign, error.problems), 422
    flash(_("“{name}”已列入名单。").format(name=name))
    return redirect(url_for("pages.campaign", campaign=campaign), 303)


def own(session: Session, public_id: str) -> Campaign:
    """The campaign of that id; NotFound when it is another office's."""
    if (found := campaign_here(session, Act.CAMPAIGN, public_id)) is None:
        raise NotFound
    return found


def _unit(session: Session, campaign: Campaign, name: str) -> Unit:
    office = session.get_one(Unit, campaign.supervisor_id)
    units = {one.unit.name: one.unit for one in opening.choices(session, office)}
    if name not in units:
        wrong = _("本办公室没有名为“{name}”的单位。请核对名称，或先在单位页新增。").format(name=name)
        raise RosterNotChanged({"unit": wrong})
    return units[name]


def _opened(session: Session, wish: opening.Wish) -> Campaign:
    if not (wish.office and wish.definition and wish.due_on and wish.publish_by):
        raise NotFound
    units = [one.unit for one in opening.choices(session, wish.office) if one.unit.public_id in wish.chosen]
    days = (wish.due_on, wish.publish_by)
    return storage.open_campaign(session, wish.office, wish.definition, wish.year, *days, units, access.actor())


def _form(session: Session, wish: opening.Wish | None = None) -> str:
    found = opening.offices(session)
    asked = request.form.get("office") or request.args.get("office")
    office = next((one for one in found if one.public_id == asked), found[0])
    return render_template(
        "roster/campaign_new.html",
        offices=found,
        office=office,
        choices=opening.choices(session, office),
        definitions=opening.known_definitions(),
        wish=wish,
        wrong=wish.problems if wish else {},
        year=today().year - 1 if today().month < 11 else today().year,
    )


def _page(public_id: str, refused: Refusal | None = None) -> Any:
    with reading_scope(resources().engine) as session:
        found = own(session, public_id)
        lines = lines_of(session, found, today())
        typed = request.args.get("like", "").strip()[:100]
        shown = [line for line in lines if not typed or like(line.unit, typed)]
        office = session.get_one(Unit, found.supervisor_id)
        on_it = {line.unit.id for line in lines}
        return render_template(
            "roster/campaign.html",
            campaign=found,
            office=office,
            lines=lines,
            leaf=leaf_of(sorted(shown, key=_unusual_first), A_PAGE),
            like=typed,
            others=[one.unit for one in opening.choices(session, office) if one.unit.id not in on_it],
            wrong=refused or {},
            definition=resources().definitions[f"{found.definition}/{found.edition}"],
        )


def _unusual_first(line: Line) -> bool:
    entry = line.standing.entry
    return not (entry.exempt_because or entry.extended_to or entry.added_because)
