"""Choosing how to read: a form that works without a script, and a cookie only for whoever has sent it."""

from typing import Final
from urllib.parse import urlsplit

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from service import access
from service.language import COOKIE as LANGUAGE
from service.language import LANGUAGES
from service.public import public
from service.public.looks import CONTRASTS, COOKIE, SIZES, Look, choices

_A_YEAR: Final = 365 * 24 * 60 * 60


@public.get("/public/appearance")
@access.everybody
def appearance() -> Response:
    """Nothing on the server changes: that is why it may be a link, and needs no token, which would need a cookie."""
    chosen, now = request.args, choices()
    size, contrast, language = (chosen.get(name, "") for name in ("size", "contrast", "language"))
    look = Look(size if size in SIZES else now.size, contrast if contrast in CONTRASTS else now.contrast)
    response = redirect(_back(chosen.get("next", "")), 303)
    kept = {"max_age": _A_YEAR, "samesite": "Lax", "httponly": True, "secure": request.is_secure}
    if look != now:
        response.set_cookie(COOKIE, str(look), path="/public/", **kept)
    if language in LANGUAGES:
        response.set_cookie(LANGUAGE, language, **kept)
    return response


def _back(asked: str) -> str:
    """The public page somebody came from, with what was looked for there; nothing but ours."""
    try:
        parts = urlsplit(asked)
    except ValueError:
        return url_for("public.catalogue")
    is_ours = parts.path.startswith("/public/") and not parts.scheme and not parts.netloc and "\\" not in asked
    if not is_ours or not asked.isprintable():
        return url_for("public.catalogue")
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
