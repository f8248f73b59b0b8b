"""The archive of a campaign: what will be in it, what is missing, and the ZIP."""

from collections.abc import Sequence
from urllib.parse import quote

from flask import Response, render_template, request
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from service import access
from service.archives import lines
from service.archives.issuing import ordered, record, sent
from service.archives.listing import Order
from service.archives.packing import pack
from service.archives.shown import Shown
from service.collecting import campaign_here, campaigns_here
from service.pages import pages
from service.resources import resources
from storage.batches.batches import batches_of
from storage.people.policy import Act
from storage.publishing.archives import Holding, contents
from storage.session import reading_scope, session_scope
from storage.tables import Batch, Campaign, Unit


@pages.get("/archives")
@access.person
def archives() -> str:
    with reading_scope(resources().engine) as session:
        campaign = campaign_here(session, Act.CAMPAIGN)
        shown = _shown(session, campaign) if campaign else None
        return render_template("archives/archives.html", shown=shown)


@pages.get("/archives/<campaign>/<any(all, pdf, word):scope>.zip")
@access.person
def archive_file(campaign: str, scope: str) -> Response:
    give_back = lines.take()
    try:
        response = _sent(*_ordered(campaign, scope))
    except BaseException:
        give_back()
        raise
    # Also when nobody ever reads the first byte.
    response.call_on_close(give_back)
    return response


def _sent(order: Order, holdings: Sequence[Holding]) -> Response:
    office = resources()
    archive = pack(office.files, order, holdings)
    if request.method != "HEAD":
        with session_scope(office.engine) as session:
            record(session, order, archive, access.actor())
    response = Response(sent(archive, office.files), mimetype="application/zip")
    # Announced, so that a browser notices when the connection is cut before the end.
    response.content_length = archive.length
    # The first for browsers that do not know the second.
    names = {"filename": f"archive-{order.campaign.year}.zip", "filename*": f"UTF-8''{quote(archive.name, safe='')}"}
    response.headers.set("Content-Disposition", "attachment", **names)
    return response


def _shown(session: Session, campaign: Campaign) -> Shown:
    batch = _batch(session, campaign)
    office = session.get_one(Unit, campaign.supervisor_id).name
    holdings = contents(session, campaign, batch)
    definition = resources().definitions[f"{campaign.definition}/{campaign.edition}"]
    # Any unit will do to show how files are called; the first is the one that people know best.
    example = definition.heading(holdings[0].standing.unit.name if holdings else office, campaign.year)
    campaigns = campaigns_here(session, Act.CAMPAIGN)
    return Shown(campaign, office, batch, batches_of(session, campaign), campaigns, holdings, example)


def _ordered(public_id: str, scope: str) -> tuple[Order, Sequence[Holding]]:
    office, me = resources(), access.me()
    with reading_scope(office.engine) as session:
        campaign = campaign_here(session, Act.CAMPAIGN, public_id)
        if campaign is None:
            raise NotFound
        by = f"{me.person}（{me.login}）"
        return ordered(session, office.definitions, campaign, _batch(session, campaign), scope, by)


def _batch(session: Session, campaign: Campaign) -> Batch | None:
    """The batch of `?batch=`; NotFound when the campaign has none of that id."""
    if not (wanted := request.args.get("batch")):
        return None
    for batch in batches_of(session, campaign):
        if batch.public_id == wanted:
            return batch
    raise NotFound
