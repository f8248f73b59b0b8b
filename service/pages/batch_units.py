"""Every unit in a batch: found by what became of it or by name, and the story of one."""

from flask import render_template, request
from werkzeug.exceptions import NotFound

from service import access
from service.batches.here import batch_here
from service.batches.words import words
from service.pages import pages
from service.resources import resources
from storage.batches import items
from storage.batches.items import Outcome
from storage.session import reading_scope

A_PAGE = 100
FARTHEST = 1_000_000


@pages.get("/batches/<batch>/units")
@access.person
def batch_units(batch: str) -> str:
    offset = min(max(0, request.args.get("from", 0, type=int)), FARTHEST)
    like = request.args.get("like", "").strip()[:100]
    wanted = request.args.get("show", "")
    outcome = Outcome(wanted) if wanted in set(Outcome) else None
    with reading_scope(resources().engine) as session:
        campaign, found = batch_here(session, batch)
        lines = items.lines(session, found, A_PAGE + 1, offset, outcome, like)
    paging = {"older": offset + A_PAGE if len(lines) > A_PAGE else None, "newer": max(0, offset - A_PAGE)}
    return render_template(
        "batches/units.html",
        campaign=campaign,
        batch=found,
        lines=lines[:A_PAGE],
        outcome=outcome,
        like=like,
        offset=offset,
        **paging,
        **words(),
    )


@pages.get("/batches/<batch>/units/<unit>")
@access.person
def batch_unit(batch: str, unit: str) -> str:
    with reading_scope(resources().engine) as session:
        campaign, found = batch_here(session, batch)
        line = items.line_of(session, found, unit)
    if line is None:
        raise NotFound
    return render_template("batches/unit.html", campaign=campaign, batch=found, line=line, **words())
