"""What every answer carries: a number to quote, and the headers that keep a browser from being misled."""

import secrets
from typing import Final

import structlog
from flask import Flask, Response, current_app, g, request
from werkzeug.sansio.utils import host_is_trusted

from reports.wording import _
from service.resources import resources

_NOTHING_FOREIGN: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'{images}; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# What a browser shows a PDF with is a page of its own making, with a plugin and style in it.
_A_VIEWER: Final = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'"
_ALWAYS: Final = {
    "X-Content-Type-Options": "nosniff",
    # Browsers from before frame-ancestors.
    "X-Frame-Options": "DENY",
    # Not no-referrer: over HTTPS, the check against forged requests looks at it.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
# A program that sends more than this without listening will not hear our answer.
_HEARD_OUT: Final = 32 * 1024 * 1024
_A_YEAR: Final = 365 * 24 * 60 * 60


def set_up(app: Flask) -> None:
    app.before_request(_number)
    app.before_request(_ask_for_the_name)
    app.after_request(_guard)
    app.after_request(_hear_out)


def request_number() -> str:
    """The number under which this request is found in the log; short enough to be read over the telephone."""
    return str(g.request_number)


def _number() -> None:
    # Ours, not the caller's: a number somebody else chose could lead to another request, or to none.
    alphabet = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
    g.request_number = "".join(secrets.choice(alphabet) for _ in range(10))
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request=g.request_number)


def _ask_for_the_name() -> Response | None:
    """Whoever asks for us by another name would have us write links that lead there."""
    known = resources().settings.hosts.lower().split()
    # Those who watch over this machine ask by its own address.
    if not known or host_is_trusted(request.host.lower(), [*known, "localhost", "127.0.0.1", "[::1]"]):
        return None
    told = _("这个网址不是本系统的网址。请向管理员问正确的网址；管理员请检查 NIANBAO_HOSTS。")
    # No page: its links would be of that name.
    return Response(f"{told}\n", 400, content_type="text/plain; charset=utf-8")


def _guard(response: Response) -> Response:
    images = " data:" if request.endpoint == "api_docs.page" else ""
    is_pdf = response.mimetype == "application/pdf"
    response.headers["Content-Security-Policy"] = _A_VIEWER if is_pdf else _NOTHING_FOREIGN.format(images=images)
    response.headers.update(_ALWAYS)
    response.headers["X-Request-ID"] = request_number()
    if current_app.config["SESSION_COOKIE_SECURE"]:
        response.headers["Strict-Transport-Security"] = f"max-age={_A_YEAR}"
    if request.endpoint == "static":
        # Its address carries a fingerprint of its contents, see `words.static_file`.
        response.headers["Cache-Control"] = f"public, max-age={_A_YEAR}, immutable"
    elif response.cache_control.max_age is None:
        # Whoever names an age has thought about who may keep it.
        response.headers["Cache-Control"] = "no-store"
    return response


def _hear_out(response: Response) -> Response:
    """Read what is left of a refused body: whoever is cut off in the middle of sending never sees the refusal."""
    if request.environ.get("wsgi.input_terminated"):
        body, heard = request.environ["wsgi.input"], 0
        while heard < _HEARD_OUT and (piece := body.read(64 * 1024)):
            heard += len(piece)
    return response
