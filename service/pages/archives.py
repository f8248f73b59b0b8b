"""The archive of a campaign: what will be in it, what is missing, and the ZIP."""

from urllib.parse import quote

from flask import Response, render_template, request
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from service import access
from service.archives.issuing import ordered, record, sent
from service.archives.listing import Order
from service.archives.packing import pack
from service.archives.shown import Shown
from service.collecting import campaign_here, campaigns_here
from service.pages import pages
from service.resources import resources
from storage.archives import Holding, contents
from storage.batches import batches_of
from storage.policy import Act
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
    office = resources()
    order, holdings = _ordered(campaign, scope)
    archive = pack(office.files, order, holdings)
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


def _ordered(public_id: str, scope: str) -> tuple[Order, list[Holding]]:
    office, me = resources(), access.me()
    with reading_scope(office.engine) as session:
        campaign = campaign_here(session, Act.CAMPAIGN, public_id)
        if campaign is None:
            raise NotFound
        by = f"{me.person}（{me.login}）"
        order, holdings = ordered(session, office.definitions, campaign, _batch(session, campaign), scope, by)
        return order, list(holdings)


def _batch(session: Session, campaign: Campaign) -> Batch | None:
    """The batch of `?batch=`; NotFound when the campaign has none of that id."""
    if not (wanted := request.args.get("batch")):
        return None
    for batch in batches_of(session, campaign):
        if batch.public_id == wanted:
            return batch
    raise NotFound
