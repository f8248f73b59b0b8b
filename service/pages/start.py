"""Beginning a report, and filling in the zeros of a year in which nothing happened."""

from flask import flash, redirect, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.exceptions import BadRequest, NotFound
from werkzeug.wrappers import Response

from reports.starting import carried
from service import access
from service.drafts import Draft, draft_of
from service.pages import pages
from service.resources import resources
from service.starting import NIL, done_in_words
from storage.filing import starts
from storage.people.policy import Act, units_of
from storage.roster.campaigns import expected, find_campaign
from storage.session import session_scope
from storage.tables import Campaign, Start, Unit


@pages.post("/campaigns/<campaign>/start")
@access.person
def start(campaign: str) -> Response:
    way = request.form.get("way", "")
    with session_scope(resources().engine) as session:
        called = _campaign(session, campaign)
        if way not in (NIL, *Start):
            raise BadRequest
        unit = access.unit(session, request.form.get("unit", ""), Act.FILL)
        report = starts.open_report(session, called, unit, access.actor())
        draft = draft_of(session, report)
        _begin(session, draft, way)
        first = draft.definition.sections[0].key
    if way == NIL:
        return redirect(url_for("pages.home", unit=unit.public_id, campaign=campaign), 303)
    return redirect(url_for("pages.fill", public_id=report.public_id, section=first), 303)


@pages.post("/reports/<public_id>/nil")
@access.person
def fill_nil(public_id: str) -> Response:
    with session_scope(resources().engine) as session:
        draft = draft_of(session, access.report(session, public_id, Act.FILL))
        _fill_nil(session, draft)
        unit = draft.unit.public_id
    return redirect(url_for("pages.home", unit=unit), 303)


def _campaign(session: Session, public_id: str) -> Campaign:
    """The campaign of that id; NotFound when there is none, or none that expects a report of this person's units."""
    found = find_campaign(session, public_id)
    units = session.scalars(select(Unit).where(Unit.id.in_(units_of(access.me(), Act.FILL)))).all()
    if found is None or not any(one.id == found.id for unit in units for one, _entry in expected(session, unit)):
        raise NotFound
    return found


def _begin(session: Session, draft: Draft, way: str) -> None:
    last_year = draft.previous is not None and way != Start.BLANK
    values = carried(draft.definition, draft.previous) if draft.previous and last_year else {}
    how = Start.LAST_YEAR if last_year else Start.BLANK
    starts.start(session, draft.report, how, access.actor(), values)
    if way == NIL:
        _fill_nil(session, draft_of(session, draft.report))


def _fill_nil(session: Session, draft: Draft) -> None:
    written, left = starts.fill_nil(session, draft.report, draft.definition, access.actor())
    held = {name: draft.value(name) for name in left}
    for sentence in done_in_words(draft.definition, len(written), held):
        flash(sentence)
