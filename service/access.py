"""Who may call what: every view names its rule, and one without a rule answers nobody."""

from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit

import structlog
from flask import Flask, current_app, g, redirect, request, session, url_for
from flask_wtf import CSRFProtect
from flask_wtf.csrf import CSRFError
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from service.resources import resources
from storage import audit
from storage.keys import find_key
from storage.session import reading_scope, session_scope
from storage.tables import ApiKey

View = TypeVar("View", bound=Callable[..., Any])
Rule = Callable[[], Response | None]

csrf = CSRFProtect()
log = structlog.get_logger("service.access")


class KeyRefused(Exception):
    """No key was shown, or one that is not in force."""

    code = "key_refused"
    for_operator = "no API key in force was presented; `nianbao key list` shows which there are"

    def __init__(self, for_person: str) -> None:
        self.for_person = for_person
        super().__init__(for_person)


def everybody(view: View) -> View:
    """Anyone may call this view."""
    return _with_rule(view, _let_in)


def person(view: View) -> View:
    """Whoever has entered an access key in this browser session may call this view."""
    return _with_rule(view, _by_session)


def program(view: View) -> View:
    """Whatever shows an API key with the request may call this view; a browser's cookie does not count."""
    return _with_rule(view, _by_key)


def rule_of(view: Callable[..., Any] | None) -> Rule | None:
    return getattr(view, "access_rule", None)


def actor() -> str:
    """Who is calling, in the words of the audit trail."""
    return f"key:{g.key_name}"


def set_up(app: Flask) -> None:
    csrf.init_app(app)
    everybody(app.view_functions["static"])
    app.before_request(_ask_the_rule)


def sign_in(presented: str) -> None:
    """Begin a browser session for whoever holds this key."""
    with session_scope(resources().engine) as database:
        key = find_key(database, presented.strip())
        if key is None:
            log.warning("key refused", address=request.remote_addr)
            raise KeyRefused("没有这个密钥，或密钥已停用。请核对后重新输入，或向管理员索取。")
        audit.record(database, f"key:{key.name}", "session.opened", f"key:{key.name}")
    # A session that somebody else prepared must not become ours.
    session.clear()
    session["key"] = key.id


def local_address(asked: str | None) -> str:
    """Where to go on after signing in: an address on this site, or the first page."""
    home = url_for("pages.home")
    try:
        parts = urlsplit(asked or "")
    except ValueError:
        return home
    # Of four slashes two are left, behind which a browser sees another site.
    is_here = parts.path.startswith("/") and not parts.path.startswith("//") and "\\" not in parts.path
    return parts.path if is_here and not parts.scheme and not parts.netloc else home


def _with_rule(view: View, rule: Rule) -> View:
    view.access_rule = rule  # type: ignore[attr-defined]
    return view


def _ask_the_rule() -> Response | None:
    if request.endpoint is None:
        return None
    rule = rule_of(current_app.view_functions.get(request.endpoint))
    if rule is None:
        raise NotFound
    # Browsers that say so spare us from relying on the token alone.
    if request.headers.get("Sec-Fetch-Site") == "cross-site" and request.method not in ("GET", "HEAD"):
        raise CSRFError("sent by another site")
    return rule()


def _let_in() -> None:
    return None


def _by_session() -> Response | None:
    with reading_scope(resources().engine) as database:
        if _remember(_key_of_session(database)):
            return None
    session.clear()
    if request.headers.get("HX-Request"):
        return Response(status=401, headers={"HX-Redirect": url_for("pages.sign_in")})
    return redirect(url_for("pages.sign_in", next=request.path if request.method == "GET" else None))


def _by_key() -> None:
    scheme, _, presented = request.headers.get("Authorization", "").partition(" ")
    with reading_scope(resources().engine) as database:
        if scheme.lower() == "bearer" and _remember(find_key(database, presented.strip())):
            return
    raise KeyRefused("没有出示有效的接口密钥。请在请求头中写 Authorization: Bearer 密钥。")


def _key_of_session(database: Session) -> ApiKey | None:
    key = database.get(ApiKey, session["key"]) if "key" in session else None
    return key if key and key.revoked_at is None else None


def _remember(key: ApiKey | None) -> bool:
    if key is None:
        return False
    g.key_name = key.name
    structlog.contextvars.bind_contextvars(actor=actor())
    return True
