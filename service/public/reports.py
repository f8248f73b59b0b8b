"""One report as a page that can be read, heard, printed and kept: in force, corrected, or withdrawn."""

from functools import lru_cache

import segno
from flask import make_response, render_template, request
from markupsafe import Markup
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from reports.faces.page import page
from service import access
from service.pages.tables import table
from service.public import public
from service.public.addresses import Addresses, Live
from service.public.keeping import kept
from service.public.shown import Shown, day, fingerprint
from service.resources import resources
from storage.publishing import catalogue
from storage.publishing.catalogue import Published
from storage.roster.facts import KINDS
from storage.session import reading_scope


@public.get("/public/reports/<public_id>")
@public.get("/public/reports/<public_id>/<int:number>")
@access.everybody
def report(public_id: str, number: int | None = None) -> Response:
    published = find(public_id, number)
    status = 410 if published.publication.withdrawn_at else 200
    response = make_response(drawn(published, Live(), request.path), status)
    return kept(response, published.changed_at)


def find(public_id: str, number: int | None = None) -> Published:
    """A version that is, or was, open to everybody; NotFound when there never was one."""
    if number is not None and number > 1_000_000_000:
        raise NotFound
    with reading_scope(resources().engine) as session:
        found = catalogue.find(session, public_id, number)
    if found is None:
        raise NotFound
    return found


def drawn(published: Published, at: Addresses, here: str) -> str:
    """The page of one version; of a withdrawn one the notice, and not a word of the report."""
    shown = Shown(published, at)
    if published.publication.withdrawn_at:
        return render_template("public/withdrawn.html", shown=shown, at=at, day=day, here=here)
    return render_template(
        "public/report.html",
        shown=shown,
        page=page(shown.answers),
        answers=shown.answers,
        table=table,
        at=at,
        here=here,
        day=day,
        fingerprint=fingerprint,
        kind=KINDS[published.unit.kind],
        qr=qr(shown.address) if "://" in shown.address else "",
    )


@lru_cache(maxsize=1024)
def qr(address: str) -> Markup:
    """The address as a drawing to point a telephone at; plain SVG without style, as our policy wants it."""
    drawing = segno.make(address, micro=False, error="m")
    # Of our own making, from an address: nothing in it that anybody typed.
    return Markup(drawing.svg_inline(scale=3, border=2, omitsize=True, svgclass=None, lineclass=None))  # noqa: S704
