"""Who may call what: every view names its rule, and one without a rule answers nobody."""

from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit

import structlog
from flask import Flask, current_app, g, redirect, render_template, request, session, url_for
from flask_wtf import CSRFProtect
from flask_wtf.csrf import CSRFError
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from reports.wording import N_
from service.carrying import carried
from service.resources import resources
from storage.making.jobs import find_job
from storage.people import sessions
from storage.people.accounts import load_person
from storage.people.keys import find_key
from storage.people.policy import Act, Person, can, can_anywhere, units_of
from storage.session import reading_scope, session_scope
from storage.tables import Report, Revision, Unit

View = TypeVar("View", bound=Callable[..., Any])
Rule = Callable[[], Response | None]

# Where the browser's cookie keeps what shows that it is signed in.
TOKEN = "token"  # noqa: S105

csrf = CSRFProtect()


class KeyRefused(Exception):
    """No key was shown, or one that is not in force."""

    code = "key_refused"
    for_operator = "no API key in force was presented; `nianbao key list` shows which there are"

    def __init__(self, for_person: str) -> None:
        self.for_person = for_person
        super().__init__(for_person)


class SignedOut(Exception):
    """A script of ours asks for somebody who is no longer signed in."""

    code = "signed_out"


class PasswordDue(Exception):
    """A script of ours asks for somebody who has to choose a password first."""

    code = "password_due"


def everybody(view: View) -> View:
    """Anyone may call this view."""
    return _with_rule(view, _let_in)


def person(view: View) -> View:
    """Whoever is signed in may call this view, and finds in `me()` who that is; what it shows, policy says."""
    return _with_rule(view, _by_session)


def newcomer(view: View) -> View:
    """Whoever is signed in may call this view, even while a new password is due."""
    return _with_rule(view, _by_new_session)


def program(view: View) -> View:
    """Whatever shows an API key with the request may call this view; a browser's cookie does not count."""
    return _with_rule(view, _by_key)


def rule_of(view: Callable[..., Any] | None) -> Rule | None:
    return getattr(view, "access_rule", None)


def me() -> Person:
    """Who is signed in; only where the rule is `person`."""
    if (found := _somebody()) is None:
        raise SignedOut
    return found


def actor() -> str:
    """Who is calling, in the words of the audit trail."""
    return f"key:{g.key_name}" if "key_name" in g else me().actor


def this_browser() -> str:
    """The public id of the session that this request belongs to."""
    me()
    return str(g.session_public_id)


def must(act: Act) -> None:
    """NotFound unless this is among the duties of whoever is signed in: what is not one's own is not there."""
    if not can(me(), act):
        raise NotFound


def must_somewhere(*acts: Act) -> None:
    """NotFound unless there can be a unit with which whoever is signed in may do one of these."""
    if not can_anywhere(me(), *acts):
        raise NotFound


def report(database: Session, public_id: str, act: Act = Act.READ) -> Report:
    """The report of that id; NotFound when there is none, or none with which this person may do that."""
    allowed = select(Report).where(Report.public_id == public_id, Report.unit_id.in_(units_of(me(), act)))
    if (found := database.scalar(allowed)) is None:
        raise NotFound
    return found


def report_of_job(database: Session, job_public_id: str, act: Act = Act.READ) -> Report:
    """The report that a job belongs to; NotFound as `report` has it."""
    job = find_job(database, job_public_id)
    revision = database.get(Revision, job.revision_id) if job else None
    found = database.get(Report, revision.report_id) if revision else None
    if found is None:
        raise NotFound
    return report(database, found.public_id, act)


def unit(database: Session, public_id: str, act: Act = Act.READ) -> Unit:
    """The unit of that id; NotFound when there is none, or none with which this person may do that."""
    allowed = select(Unit).where(Unit.public_id == public_id, Unit.id.in_(units_of(me(), act)))
    if (found := database.scalar(allowed)) is None:
        raise NotFound
    return found


def set_up(app: Flask) -> None:
    csrf.init_app(app)
    everybody(app.view_functions["static"])
    app.before_request(_ask_the_rule)
    app.context_processor(_for_pages)
    app.jinja_env.globals.update(Act=Act, can=can, can_anywhere=can_anywhere)


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


def _for_pages() -> dict[str, Any]:
    try:
        return {"me": _somebody()}
    except (SQLAlchemyError, OSError):
        # The page that tells of this trouble must come without it.
        return {"me": None}


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
    if answer := _by_new_session():
        return answer
    if not me().must_change:
        return None
    if _is_script() or carried():
        raise PasswordDue
    return _lead_to(url_for("pages.password"))


def _by_new_session() -> Response | None:
    if _somebody() is None:
        # Not the rest of the cookie: what is typed in a page left open is still to be sent after the next sign-in.
        session.pop(TOKEN, None)
        return _to_the_door()
    structlog.contextvars.bind_contextvars(actor=actor())
    return None


def _somebody() -> Person | None:
    """Who is signed in with this browser; asked once for each request."""
    if "person" not in g:
        g.person = _look_up(session[TOKEN]) if TOKEN in session else None
    found: Person | None = g.person
    return found


def _look_up(token: str) -> Person | None:
    office = resources()
    with reading_scope(office.engine) as database:
        signed_in = sessions.find_session(database, token, office.settings)
        if signed_in is None:
            return None
        g.session_public_id = signed_in.public_id
        found = load_person(database, signed_in.account_id)
    if signed_in.is_stale and not _is_of_itself():
        with session_scope(office.engine) as database:
            sessions.touch(database, signed_in.id)
    return found


def _to_the_door() -> Response:
    if _is_script():
        raise SignedOut
    if carried():
        return Response(render_template("sign_in.html"), 401, content_type="text/html; charset=utf-8")
    return _lead_to(url_for("pages.sign_in", next=request.path if request.method == "GET" else None))


def _lead_to(address: str) -> Response:
    if request.headers.get("HX-Request"):
        return Response(status=401, headers={"HX-Redirect": address.partition("?")[0]})
    return redirect(address)


def _is_script() -> bool:
    return request.is_json or request.accept_mimetypes.best == "application/json"


def _is_of_itself() -> bool:
    # A page that looks again every two seconds must not keep a room signed in that everybody has left.
    looks_again = request.method == "GET" and "HX-Request" in request.headers
    return looks_again or request.endpoint == "pages.looking_at"


def _by_key() -> None:
    scheme, _, presented = request.headers.get("Authorization", "").partition(" ")
    with reading_scope(resources().engine) as database:
        key = find_key(database, presented.strip()) if scheme.lower() == "bearer" else None
    if key is None:
        raise KeyRefused(N_("没有出示有效的接口密钥。请在请求头中写 Authorization: Bearer 密钥。"))
    g.key_name = key.name
    structlog.contextvars.bind_contextvars(actor=actor())
