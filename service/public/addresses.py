"""Where things lie: in the running service, and, for the same pages, in a folder that was exported."""

import posixpath
from dataclasses import dataclass
from typing import Any, Protocol

from flask import request, url_for

from reports.definition import Definition
from service.resources import resources
from service.words import static_file


class Addresses(Protocol):
    """How a page names the others."""

    # Whether there is a server behind it: for searching, and for remembering how somebody likes to read.
    is_live: bool

    def catalogue(self, year: int | None = None, **wanted: Any) -> str: ...
    def report(self, public_id: str, number: int | None = None) -> str: ...
    def file(self, public_id: str, number: int, ending: str) -> str: ...
    def statistics(self, year: int) -> str: ...
    def data(self) -> str: ...
    def year_file(self, year: int, ending: str) -> str: ...
    def schema(self, definition: Definition) -> str: ...
    def static(self, name: str) -> str: ...
    def absolute(self, address: str) -> str: ...


class Live:
    """In the running service."""

    is_live = True

    def catalogue(self, year: int | None = None, **wanted: Any) -> str:
        return url_for("public.catalogue", year=year, **{name: value or None for name, value in wanted.items()})

    def report(self, public_id: str, number: int | None = None) -> str:
        return url_for("public.report", public_id=public_id, number=number)

    def file(self, public_id: str, number: int, ending: str) -> str:
        return url_for("public.file", public_id=public_id, number=number, ending=ending)

    def statistics(self, year: int) -> str:
        return url_for("public.statistics", year=year)

    def data(self) -> str:
        return url_for("public.data")

    def year_file(self, year: int, ending: str) -> str:
        return url_for("public.year_file", year=year, ending=ending)

    def schema(self, definition: Definition) -> str:
        return url_for("public.schema", id=definition.id, edition=definition.edition)

    def static(self, name: str) -> str:
        return static_file(name)

    def absolute(self, address: str) -> str:
        """The whole address, for what is read elsewhere: a telephone, another program."""
        scheme = "https" if resources().settings.https else request.scheme
        return f"{scheme}://{request.host}{address}"


@dataclass(frozen=True)
class Folder:
    """In a folder: every address is relative to the page that names it, so that it opens from anywhere."""

    # The file in which these addresses stand, and what the folder is called on the web, if anybody knows.
    here: str
    site: str = ""
    is_live: bool = False

    def catalogue(self, year: int | None = None, **_wanted: Any) -> str:
        return self._to("index.html" if year is None else f"{year}.html")

    def report(self, public_id: str, number: int | None = None) -> str:
        return self._to(f"reports/{public_id}.html" if number is None else f"reports/{public_id}/{number}.html")

    def file(self, public_id: str, number: int, ending: str) -> str:
        return self._to(f"reports/{public_id}/{number}.{ending}")

    def statistics(self, year: int) -> str:
        return self._to(f"statistics/{year}.html")

    def data(self) -> str:
        return self._to("data.html")

    def year_file(self, year: int, ending: str) -> str:
        return self._to(f"data/{year}.{ending}")

    def schema(self, definition: Definition) -> str:
        return self._to(f"schemas/{definition.id}/{definition.edition}.json")

    def static(self, name: str) -> str:
        return self._to(f"static/{name}")

    def absolute(self, address: str) -> str:
        """The whole address where the site is known, else the relative one."""
        if not self.site:
            return address
        path, mark, fragment = address.partition("#")
        whole = posixpath.normpath(posixpath.join(posixpath.dirname(self.here), path))
        return f"{self.site.rstrip('/')}/{whole}{mark}{fragment}"

    def _to(self, file: str) -> str:
        return posixpath.relpath(file, posixpath.dirname(self.here) or ".")
