"""Scripts that bring in one another: their folder is named by all that is in it, so that browsers may keep them.

A script names the others beside it without a fingerprint; kept for a year, an old one would meet new ones.
"""

import hashlib
from functools import cache
from pathlib import Path
from typing import Final

from flask import Flask, Response, send_from_directory, url_for
from werkzeug.exceptions import NotFound

from service import access

_FOLDER: Final = Path(__file__).parent / "static"
_A_YEAR: Final = 365 * 24 * 60 * 60


def set_up(app: Flask) -> None:
    app.add_url_rule("/scripts/<version>/<path:name>", view_func=script)
    app.add_template_global(script_file)


@access.everybody
def script(version: str, name: str) -> Response:
    """One script of ours, as it is now."""
    if not name.endswith(".js"):
        raise NotFound
    response = send_from_directory(_FOLDER, name)
    # A page from before an upgrade gets what there is, and nobody keeps that under the old name.
    if version == _version():
        response.cache_control.max_age = _A_YEAR
        response.cache_control.public = response.cache_control.immutable = True
        response.cache_control.no_cache = None
    return response


def script_file(name: str) -> str:
    """The address of a script: of the form, or of the folder that is named before it. It changes whenever one does."""
    return url_for("script", version=_version(), name=name if "/" in name else f"form/{name}")


@cache
def _version() -> str:
    every = hashlib.sha256()
    for file in sorted(_FOLDER.glob("*/*.js")):
        every.update(f"{file.parent.name}/{file.name}".encode() + b"\0" + file.read_bytes())
    return every.hexdigest()[:12]
