"""The batches of a campaign: what a start would make, and each batch while it is at work."""

from typing import Any

from flask import redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.exceptions import BadRequest, NotFound
from werkzeug.wrappers import Response

from service import access
from service.batches.here import batch_here
from service.batches.shown import Shown, shown
from service.batches.words import starters, template_in_words, words
from service.collecting import campaign_here, campaigns_here
from service.pages import pages
from service.resources import resources
from storage.batches import batches, items, moves
from storage.batches.batches import BatchOpen
from storage.batches.progress import progress
from storage.making.jobs import Recipe
from storage.making.recipes import recipe_for
from storage.people.policy import Act
from storage.session import reading_scope, session_scope
from storage.tables import Batch, Campaign, Scope

MOVES = {"pause": moves.pause, "resume": moves.resume, "cancel": moves.cancel}


@pages.get("/batches")
@access.person
def batches_page() -> str:
    with reading_scope(resources().engine) as session:
        campaign = campaign_here(session, Act.CAMPAIGN)
        if campaign is None:
            return render_template("batches/nothing.html")
        past = batches.batches_of(session, campaign)
        recipe = _recipe(session, campaign)
        return render_template(
            "batches/batches.html",
            campaign=campaign,
            campaigns=campaigns_here(session, Act.CAMPAIGN),
            past=[(one, progress(session, one)) for one in past],
            running=batches.open_batch(session, campaign),
            forecasts=batches.forecasts(session, campaign, recipe),
            template=template_in_words(session, recipe.template_version),
            workers=len(items.crew(session, resources().settings.stale_seconds)),
            each_year=resources().settings.batch_at,
            names=starters(session, [one.started_by for one in past]),
            **words(),
        )


@pages.post("/batches")
@access.person
def start_batch() -> Response:
    try:
        scope = Scope(request.form.get("scope", Scope.APPROVED.value))
    except ValueError:
        raise BadRequest from None
    office = resources()
    with reading_scope(office.engine) as session:
        campaign = campaign_here(session, Act.CAMPAIGN, request.form.get("campaign"))
        if campaign is None:
            raise NotFound
        recipe, lines = _recipe(session, campaign), batches.lines_of(session, campaign, scope)
    try:
        with session_scope(office.engine) as session:
            public_id = batches.start(session, campaign, scope, recipe, access.actor(), lines).public_id
    except BatchOpen as other:
        # In another tab, or by somebody else: what was wanted is at work.
        return redirect(url_for("pages.batch", batch=other.public_id, other=1), 303)
    return redirect(url_for("pages.batch", batch=public_id), 303)


@pages.get("/batches/<batch>")
@access.person
def batch(batch: str) -> str:
    with reading_scope(resources().engine) as session:
        now, units = _now(session, batch), items.names(session, batch_here(session, batch)[1])
    return render_template("batches/batch.html", shown=now, units=units, **words())


@pages.get("/batches/<batch>/state")
@access.person
def batch_state(batch: str) -> Any:
    with reading_scope(resources().engine) as session:
        now = _now(session, batch)
    head, said, everything = now.marks
    seen = request.args.get("seen", "").split(".")
    if everything in seen:
        return "", 204
    news = {"head": head not in seen, "said": said not in seen}
    return render_template("batches/_news.html", shown=now, news=news, **words())


@pages.post("/batches/<batch>/<any(pause, resume, cancel):how>")
@access.person
def move_batch(batch: str, how: str) -> Response:
    with session_scope(resources().engine) as session:
        # Pressed twice, or in two tabs: the page shows what holds now.
        MOVES[how](session, batch_here(session, batch)[1], access.actor())
    return redirect(url_for("pages.batch", batch=batch), 303)


@pages.post("/batches/<batch>/retry")
@access.person
def retry_batch(batch: str) -> Response:
    with session_scope(resources().engine) as session:
        found = batch_here(session, batch)[1]
        unit = request.form.get("unit", "")
        line = items.line_of(session, found, unit) if unit else None
        if unit and (line is None or line.job is None):
            raise NotFound
        again = moves.retry(session, found, access.actor(), line.job.id if line and line.job else None)
    return redirect(url_for("pages.batch", batch=batch, nothing=None if again else 1), 303)


def _now(session: Session, public_id: str) -> Shown:
    campaign, found = batch_here(session, public_id)
    now = shown(session, campaign, found)
    if not now.is_open or now.progress.to_do:
        return now
    # Whoever sees the end first notes it; the sweeper would within seconds.
    with session_scope(resources().engine) as writing:
        moves.close_if_through(writing, writing.get_one(Batch, found.id))
    with reading_scope(resources().engine) as again:
        return shown(again, campaign, again.get_one(Batch, found.id))


def _recipe(session: Session, campaign: Campaign) -> Recipe:
    definitions = resources().definitions
    return recipe_for(definitions, definitions[f"{campaign.definition}/{campaign.edition}"], session)
