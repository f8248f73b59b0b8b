"""What search engines are told: the public part is theirs to read, the rest is nobody's."""

from xml.sax.saxutils import escape

from flask import Response, make_response

from service import access
from service.public import public
from service.public.addresses import Addresses, Live
from service.public.keeping import kept
from service.resources import resources
from storage.publishing import catalogue
from storage.publishing.catalogue import Wanted
from storage.session import reading_scope

# More no sitemap may have.
MOST = 50_000


@public.get("/robots.txt")
@access.everybody
def robots() -> Response:
    at = Live()
    lines = ("User-agent: *", "Disallow: /", "Allow: /public/", "Allow: /static/", "")
    response = make_response("\n".join([*lines, f"Sitemap: {at.absolute('/sitemap.xml')}", ""]))
    response.mimetype = "text/plain"
    return response


@public.get("/sitemap.xml")
@access.everybody
def sitemap() -> Response:
    drawn, anything = sitemap_of(Live())
    response = make_response(drawn)
    response.mimetype = "application/xml"
    return kept(response) if anything else response


def sitemap_of(at: Addresses) -> tuple[str, bool]:
    """The sitemap of everything public, and whether there is anything."""
    with reading_scope(resources().engine) as session:
        lines = catalogue.lines(session, Wanted(), MOST - 1)
    entries = [(at.absolute(at.report(line.report)), line.published_at.date().isoformat()) for line in lines]
    told = "".join(f"<url><loc>{escape(where)}</loc><lastmod>{day}</lastmod></url>\n" for where, day in entries)
    home = f"<url><loc>{escape(at.absolute(at.catalogue()))}</loc></url>\n"
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    return f"{head}{home}{told}</urlset>\n", bool(lines)
