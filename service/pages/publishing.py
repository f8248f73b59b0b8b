"""Publishing, from the office's side: what can be opened to everybody, what is open, what has to be corrected."""

from collections.abc import Sequence
from typing import Any, Final

from flask import flash, get_flashed_messages, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from service import access
from service.collecting import campaign_here, campaigns_here
from service.deadlines import today
from service.language import _
from service.pages import pages
from service.public.addresses import Live
from service.public.reports import qr
from service.public.shown import day, in_words
from service.publishing import PLACES, Board, Place, board, publish_chosen
from service.resources import resources
from storage.people.policy import Act
from storage.publishing import publications
from storage.publishing.publications import WORDS, Outcome, PublicationRefused, Refusal
from storage.session import reading_scope, session_scope
from storage.tables import Campaign, Publication, Report, Unit

A_PAGE: Final = 100
_FARTHEST: Final = 1_000_000


@pages.get("/publishing")
@access.person
def publishing() -> str:
    return _page()


@pages.post("/publishing")
@access.person
def publish() -> str | tuple[str, int]:
    with reading_scope(resources().engine) as session:
        campaign = campaign_here(session, Act.CAMPAIGN, request.form.get("campaign"))
        rows = board(session, campaign, today()).rows if campaign else ()
    chosen = set(request.form.getlist("report"))
    # Only what is on this office's roster, whatever ids were sent.
    wanted = [row for row in rows if row.report and row.place is not Place.EXEMPT]
    if request.form.get("go") == "all":
        wanted = [row for row in wanted if row.place is Place.READY]
    else:
        wanted = [row for row in wanted if row.report and row.report.public_id in chosen]
    if not wanted:
        return _page(refused=_("没有选择可以公布的报告。请在列表中勾选，再公布。")), 422
    outcomes = publish_chosen(resources().engine, [row.report.id for row in wanted if row.report], access.actor())
    names = {row.report.id: row.unit.name for row in wanted if row.report}
    return _page(outcomes=[(names[one.report.id], one) for one in outcomes])


@pages.post("/publishing/reports/<public_id>/correct")
@access.person
def correct(public_id: str) -> Response | tuple[str, int]:
    correction = request.form.get("correction", "")
    try:
        with session_scope(resources().engine) as session:
            report = access.report(session, public_id, Act.CAMPAIGN)
            name, campaign = _named(session, report)
            made = publications.publish(session, report, access.actor(), correction[:2000])
    except PublicationRefused as error:
        return _page(refused=f"{name}：{_(error.for_person)}", typed=(public_id, correction)), 422
    flash(_("{unit}的第 {n} 版已公布，原来的版本仍可查阅，并注明已更正。").format(unit=name, n=made.number))
    return redirect(url_for("pages.publishing", campaign=campaign), 303)


@pages.post("/publishing/reports/<public_id>/withdraw")
@access.person
def unpublish(public_id: str) -> Response | tuple[str, int]:
    because, number = request.form.get("because", ""), request.form.get("number", type=int)
    try:
        with session_scope(resources().engine) as session:
            report = access.report(session, public_id, Act.CAMPAIGN)
            name, campaign = _named(session, report)
            publication = _version(session, report, number)
            closed = publications.withdraw(session, publication, access.actor(), because[:2000])
    except PublicationRefused as error:
        return _page(refused=f"{name}：{_(error.for_person)}", typed=(public_id, because)), 422
    flash(_("{unit}：已撤下 {n} 个版本，原来的地址只显示撤下的原因。").format(unit=name, n=closed))
    return redirect(url_for("pages.publishing", campaign=campaign), 303)


@pages.get("/publishing/statement")
@access.person
def statement() -> str:
    with reading_scope(resources().engine) as session:
        campaign = campaign_here(session, Act.CAMPAIGN)
        told = board(session, campaign, today()) if campaign else None
        office = session.get_one(Unit, campaign.supervisor_id).name if campaign else ""
    return render_template("publishing/statement.html", board=told, office=office, day=day, in_words=in_words)


@pages.get("/publishing/reports/<public_id>/qr.svg")
@access.person
def publishing_qr(public_id: str) -> Response:
    with reading_scope(resources().engine) as session:
        access.report(session, public_id, Act.CAMPAIGN)
    at = Live()
    # Alone, a drawing has to say what it is.
    drawn = str(qr(at.absolute(at.report(public_id)))).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    return Response(drawn, content_type="image/svg+xml")


def _page(refused: str = "", outcomes: Sequence[tuple[str, Outcome]] = (), typed: tuple[str, str] = ("", "")) -> str:
    with reading_scope(resources().engine) as session:
        every = campaigns_here(session, Act.CAMPAIGN)
        campaign = campaign_here(session, Act.CAMPAIGN, request.form.get("campaign"))
        told = board(session, campaign, today()) if campaign else None
    return render_template(
        "publishing/publishing.html",
        board=told,
        campaigns=every,
        stands=PLACES,
        words=WORDS,
        refused=refused,
        outcomes=outcomes,
        typed=typed,
        told=get_flashed_messages(),
        at=Live(),
        day=day,
        **(_shown(told) if told else {}),
    )


def _shown(told: Board) -> dict[str, Any]:
    """The part of the list that is looked at: of one place or of all, a page at a time."""
    said = request.args.get("place", "")
    late = said == "late"
    place = Place(said) if said in list(Place) else None
    rows = [row for row in told.rows if (row.is_late if late else place in (None, row.place))]
    offset = min(max(0, request.args.get("from", 0, type=int)), _FARTHEST)
    return {
        "rows": rows[offset : offset + A_PAGE],
        "place": "late" if late else place,
        "newer": max(0, offset - A_PAGE) if offset else None,
        "older": offset + A_PAGE if offset + A_PAGE < len(rows) else None,
    }


def _named(session: Session, report: Report) -> tuple[str, str | None]:
    """The name of the report's unit, and the campaign to come back to."""
    unit = session.get_one(Unit, report.unit_id)
    wanted: Sequence[Campaign] = campaigns_here(session, Act.CAMPAIGN)
    mine = (one for one in wanted if (one.definition, one.year) == (report.definition, report.year))
    campaign = next(mine, None)
    return unit.name, campaign.public_id if campaign else None


def _version(session: Session, report: Report, number: int | None) -> Publication:
    """The version of that number, or the last; PublicationRefused when there is none."""
    versions = publications.versions_of(session, [report.id]).get(report.id, [])
    for one in reversed(versions):
        if number in (None, one.number):
            return one
    raise PublicationRefused(Refusal.NEVER)
