"""How long others may keep a public answer: a minute, then they ask again, so that nothing withdrawn lives on."""

from datetime import datetime
from typing import Final

from flask import Response, current_app, request

_A_MINUTE: Final = 60


def kept(response: Response, changed_at: datetime | None = None) -> Response:
    """The answer, to be kept for a minute and asked for again afterwards; not sent twice to whoever has it."""
    control = response.cache_control
    if current_app.config["SESSION_COOKIE_NAME"] in request.cookies:
        # Somebody who is signed in gets the cookie anew: that is for one browser alone.
        control.private = True
    else:
        control.public = True
    control.max_age = _A_MINUTE
    control.must_revalidate = True
    response.vary.add("Cookie")
    if changed_at is not None:
        response.last_modified = changed_at
    if not response.headers.get("ETag"):
        response.add_etag()
    return response.make_conditional(request)
