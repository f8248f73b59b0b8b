"""The yearly statistics page, and whole years as open data."""

from typing import Final

from flask import Response, make_response, render_template, request
from werkzeug.exceptions import NotFound

from reports.faces.grid import grid
from service import access
from service.downloads import file_name
from service.language import language
from service.limits import at_most
from service.pages.tables import table
from service.public import public
from service.public.addresses import Addresses, Live
from service.public.files import DATA
from service.public.keeping import kept
from service.public.shown import licence
from service.public.years import Year, remembered, sums, year_data
from service.resources import resources
from storage.publishing import catalogue
from storage.session import reading_scope

_FIRST_YEAR, _LAST_YEAR = 1900, 2999
_NAMES: Final = {"xlsx": "Excel", "csv": "CSV", "json": "JSON"}


@public.get("/public/data")
@access.everybody
def data() -> Response:
    page, anything = data_page(Live(), request.path)
    response = make_response(page)
    return kept(response) if anything else response


@public.get("/public/statistics/<int:year>")
@access.everybody
def statistics(year: int) -> Response:
    found = _sums(year)
    if not found:
        raise NotFound
    return kept(make_response(statistics_page(found, Live(), request.path)))


@public.get("/public/data/<int:year>.<any(xlsx, csv, json):ending>")
@access.everybody
@at_most(30, 60)
def year_file(year: int, ending: str) -> Response:
    at = Live()
    with reading_scope(resources().engine) as session:
        mark = catalogue.mark_of_year(session, _known(year))
        # The addresses within it are those under which it was asked for.
        key = ("file", year, ending, mark, language(), at.absolute("/"))
        made = remembered().of(key, lambda: year_bytes(session, year, ending, at))
    response = make_response(made)
    response.content_type = DATA[ending]
    response.headers.set("Content-Disposition", "attachment", filename=file_name(f"{year}", ending))
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.set_etag(f"{year}-{mark}-{language()}-{ending}")
    return kept(response)


def year_bytes(session, year: int, ending: str, at: Addresses) -> bytes:  # type: ignore[no-untyped-def]
    """A year in one file; NotFound when nothing of it is public. Of several editions, that with most reports."""
    lots = year_data(session, year)
    if not lots:
        raise NotFound
    return max(lots, key=lambda lot: len(lot.rows)).as_file(ending, at)


def data_page(at: Addresses, here: str) -> tuple[str, bool]:
    """The page of open data, and whether there is any."""
    with reading_scope(resources().engine) as session:
        shelves = catalogue.shelves(session)
    counted: dict[int, int] = {}
    for one in shelves:
        counted[one.year] = counted.get(one.year, 0) + one.reports
    page = render_template("public/data.html", years=counted, names=_NAMES, at=at, here=here, licence=licence())
    return page, bool(shelves)


def statistics_page(found: list[Year], at: Addresses, here: str) -> str:
    """The sums of a year, table by table as they are printed."""
    tables = {year.definition.reference: [table(grid(one)) for one in year.definition.tables] for year in found}
    return render_template("public/statistics.html", found=found, tables=tables, at=at, here=here, names=_NAMES)


def _sums(year: int) -> list[Year]:
    with reading_scope(resources().engine) as session:
        mark = catalogue.mark_of_year(session, _known(year))
        found: list[Year] = remembered().of(("sums", year, mark), lambda: list(sums(session, year)))
    return found


def _known(year: int) -> int:
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise NotFound
    return year
