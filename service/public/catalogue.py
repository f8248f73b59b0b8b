"""The catalogue: by year, office and kind of unit, by a name or its initials."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from flask import make_response, render_template, request
from werkzeug.wrappers import Response

from service import access
from service.public import public
from service.public.addresses import Live
from service.public.keeping import kept
from service.public.shown import day
from service.resources import resources
from storage.publishing import catalogue as storage
from storage.publishing.catalogue import Line, Shelf, Wanted
from storage.roster.facts import KINDS
from storage.session import reading_scope
from storage.tables import UnitKind

A_PAGE: Final = 50
_FARTHEST: Final = 1_000_000
_LONGEST: Final = 40


@dataclass(frozen=True)
class Found:
    """A page of the catalogue, and what else there is to look for."""

    wanted: Wanted
    shelves: Sequence[Shelf]
    lines: Sequence[Line]
    offset: int = 0
    page_size: int = A_PAGE

    @property
    def total(self) -> int:
        return self.lines[0].total if self.lines else 0

    @property
    def years(self) -> Sequence[tuple[int, int]]:
        """Every year, with how many reports it has."""
        return [(year, sum(one.reports for one in lot)) for year, lot in groupby(self.shelves, lambda one: one.year)]

    @property
    def offices(self) -> Sequence[tuple[str, str]]:
        """The offices of the year; one alone need not be chosen."""
        found = {one.office_id: one.office for one in self._of_year() if one.office_id and one.office}
        return list(found.items()) if len(found) > 1 or self.wanted.office else []  # type: ignore[arg-type]

    @property
    def kinds(self) -> Sequence[tuple[UnitKind, int]]:
        """The kinds of unit of the year and office."""
        counted: dict[UnitKind, int] = {}
        for one in self._of_year():
            if self.wanted.office in ("", one.office_id):
                counted[one.kind] = counted.get(one.kind, 0) + one.reports
        return [(kind, counted[kind]) for kind in UnitKind if kind in counted]

    @property
    def groups(self) -> Sequence[tuple[tuple[str, UnitKind], Sequence[Line]]]:
        """The lines of this page under the headings they stand under."""
        return [(key, list(lot)) for key, lot in groupby(self.lines, lambda one: (one.office or "", one.kind))]

    @property
    def newer(self) -> int | None:
        return max(0, self.offset - self.page_size) if self.offset else None

    @property
    def older(self) -> int | None:
        following = self.offset + self.page_size
        return following if following < self.total else None

    def _of_year(self) -> Sequence[Shelf]:
        return [one for one in self.shelves if self.wanted.year in (None, one.year)]


@public.get("/public/")
@access.everybody
def catalogue() -> Response:
    found = _found()
    page = render_template("public/catalogue.html", found=found, at=Live(), day=day, kinds=KINDS, here=_here())
    response = make_response(page)
    # Before there is anything, the first report is to be seen at once.
    return kept(response) if found.shelves else response


def _found() -> Found:
    with reading_scope(resources().engine) as session:
        shelves = storage.shelves(session)
        wanted = _wanted(shelves)
        offset = min(max(0, request.args.get("from", 0, type=int)), _FARTHEST)
        return Found(wanted, shelves, storage.lines(session, wanted, A_PAGE, offset), offset)


def _wanted(shelves: Sequence[Shelf]) -> Wanted:
    """What the address asks for; of no year, the newest, unless somebody looks for a name."""
    like = "".join(request.args.get("q", "").split("\0")).strip()[:_LONGEST]
    year = request.args.get("year", type=int)
    if year is None and not like and shelves:
        year = shelves[0].year
    kind = request.args.get("kind", "")
    # What no database has room for is not looked for there.
    year = min(max(year, 0), 9999) if year is not None else None
    return Wanted(year, request.args.get("office", "")[:22].replace("\0", ""), _kind(kind), like)


def _kind(said: str) -> UnitKind | None:
    return UnitKind(said) if said in list(UnitKind) else None


def _here() -> str:
    return request.full_path.rstrip("?")
