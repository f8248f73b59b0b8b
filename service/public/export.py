"""The whole catalogue as a folder of pages and files, for a portal that copies folders: it opens from anywhere.

Equal publications make equal bytes. The folder is written beside its place and put there whole, or not at all.
"""

import hashlib
import secrets
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from flask import Flask, render_template

from reports.faces.json_schema import json_schema
from reports.faces.open_data import as_json
from reports.wording import spoken
from service.public.addresses import Folder
from service.public.catalogue import Found
from service.public.figures import data_page, statistics_page, year_bytes
from service.public.files import DATA, data_file, open_document
from service.public.open_data import envelope_schema
from service.public.reports import drawn
from service.public.robots import sitemap_of
from service.public.shown import day
from service.public.years import sums, year_data
from service.resources import resources
from storage.durable import sync_folder
from storage.publishing import catalogue
from storage.publishing.catalogue import Published, Wanted
from storage.roster.facts import KINDS
from storage.session import reading_scope
from storage.tables import Format

SUMS: Final = "SHA256SUMS"
_STATIC: Final = ("nianbao.css", "public.css", "public.js", "seal.svg")
_STATIC_FOLDER: Final = Path(__file__).parents[1] / "static"
_ALL: Final = 1_000_000


class ExportRefused(Exception):
    """The catalogue cannot be put where it was to go; nothing there has changed."""

    code = "export_refused"

    def __init__(self, for_person: str) -> None:
        self.for_person = for_person
        super().__init__(for_person)


@dataclass(frozen=True)
class Exported:
    """What lies in the folder now."""

    reports: int
    files: int


def export(app: Flask, target: Path, site: str = "") -> Exported:
    """Write everything public into a folder that is new, or that an export made; ExportRefused otherwise."""
    target = target.absolute()
    if target.exists() and not ((target / SUMS).is_file() or (target.is_dir() and not any(target.iterdir()))):
        raise ExportRefused(f"{target} 里有别的东西，不会覆盖；请另选一个文件夹")
    side = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        side.mkdir(parents=True)
        # In Chinese, whatever was spoken in this thread before.
        with app.test_request_context("/public/"), spoken(str):
            reports = _Site(side, site).write()
        files = _list(side)
        _put(side, target)
    finally:
        shutil.rmtree(side, ignore_errors=True)
    return Exported(reports, files)


class _Site:
    """One export on its way."""

    def __init__(self, folder: Path, site: str) -> None:
        self.folder, self.site = folder, site

    def write(self) -> int:
        """All pages and files; how many reports there are."""
        with reading_scope(resources().engine) as session:
            shelves = catalogue.shelves(session)
            ids = catalogue.ever_published(session)
        years = sorted({one.year for one in shelves}, reverse=True)
        for year in years:
            self._year(year)
        self._page("index.html", lambda at, here: self._listed(years[0] if years else None, at, here))
        self._page("data.html", lambda at, here: data_page(at, here)[0])
        for public_id in ids:
            self._report(public_id)
        for name in _STATIC:
            self._keep(f"static/{name}", (_STATIC_FOLDER / name).read_bytes())
        if self.site:
            self._keep("sitemap.xml", sitemap_of(self._at("sitemap.xml"))[0].encode())
        return sum(one.reports for one in shelves)

    def _at(self, here: str) -> Folder:
        return Folder(here, self.site)

    def _page(self, name: str, draw: Callable[[Folder, str], str]) -> None:
        self._keep(name, draw(self._at(name), "").encode())

    def _keep(self, name: str, data: bytes) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)

    def _year(self, year: int) -> None:
        self._page(f"{year}.html", lambda at, here: self._listed(year, at, here))
        with reading_scope(resources().engine) as session:
            found = list(sums(session, year))
            for data in year_data(session, year):
                name = f"schemas/{data.definition.id}/{data.definition.edition}.json"
                self._keep(name, as_json(envelope_schema(json_schema(data.definition)), {}))
            if not found:
                return
            for ending in DATA:
                name = f"data/{year}.{ending}"
                self._keep(name, year_bytes(session, year, ending, self._at(name)))
        self._page(f"statistics/{year}.html", lambda at, here: statistics_page(found, at, here))

    def _listed(self, year: int | None, at: Folder, here: str) -> str:
        wanted = Wanted(year)
        with reading_scope(resources().engine) as session:
            found = Found(wanted, catalogue.shelves(session), catalogue.lines(session, wanted, _ALL), page_size=_ALL)
        return render_template("public/catalogue.html", found=found, at=at, day=day, kinds=KINDS, here=here)

    def _report(self, public_id: str) -> None:
        with reading_scope(resources().engine) as session:
            newest = catalogue.find(session, public_id)
            numbers = [one.number for one in newest.versions] if newest else []
            every = [found for number in numbers if (found := catalogue.find(session, public_id, number))]
        for published in every:
            number = published.publication.number
            self._page(f"reports/{public_id}/{number}.html", lambda at, here, one=published: drawn(one, at, here))
            if published.publication.withdrawn_at is None:
                self._files(published, f"reports/{public_id}/{number}")
        if newest:
            self._page(f"reports/{public_id}.html", lambda at, here: drawn(newest, at, here))

    def _files(self, published: Published, stem: str) -> None:
        for ending in DATA:
            self._keep(f"{stem}.{ending}", data_file(published, ending, self._at(f"{stem}.{ending}")))
        for format in Format:
            if document := published.documents.get(format):
                with open_document(document) as file:
                    self._keep(f"{stem}.{format.value}", file.read())


def _list(folder: Path) -> int:
    """Write the list of checksums, as `sha256sum --check` reads it; how many files there are."""
    lines = [f"{_sum(folder / name)}  {name}\n" for name in _names(folder)]
    (folder / SUMS).write_text("".join(lines), encoding="utf-8")
    return len(lines)


def _names(folder: Path) -> Iterator[str]:
    yield from sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def _sum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _put(side: Path, target: Path) -> None:
    """Let the new folder take the place of the old one: whoever looks sees one or the other, whole."""
    old = target.with_name(f"{side.name}.old")
    if target.exists():
        target.rename(old)
    try:
        side.rename(target)
    except BaseException:
        if old.exists():
            old.rename(target)
        raise
    shutil.rmtree(old, ignore_errors=True)
    sync_folder(target.parent)
