"""Signing in with account and password, and leaving."""

from flask import redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from service import access
from service.carrying import carried
from service.pages import pages
from service.resources import resources
from service.signing_in import SignInDisabled, SignInRefused, SignInTooEarly, contacts, season, sign_in
from storage.people import sessions
from storage.publishing.publications import is_anything_public
from storage.session import reading_scope, session_scope
from storage.tables import Account


@pages.get("/sign-in", endpoint="sign_in")
@access.everybody
def door() -> str:
    return _page()


@pages.post("/sign-in", endpoint="enter")
@access.everybody
def enter() -> Response | str | tuple[str, int] | tuple[str, int, dict[str, str]]:
    try:
        sign_in(request.form.get("login", ""), request.form.get("password", ""))
    except SignInRefused as error:
        return _page(refused=error), 401
    except SignInDisabled:
        return _page(disabled=True), 403
    except SignInTooEarly as error:
        return _page(early=error), 429, {"Retry-After": str(error.seconds)}
    if carried():
        return render_template("signed_in_again.html")
    return redirect(access.local_address(request.form.get("next")), 303)


@pages.post("/sign-out")
@access.everybody
def sign_out() -> Response:
    token = session.get(access.TOKEN, "")
    office = resources()
    with session_scope(office.engine) as database:
        if signed_in := sessions.find_session(database, token, office.settings):
            account = database.get_one(Account, signed_in.account_id)
            sessions.close_session(database, account, signed_in.public_id)
    session.clear()
    return redirect(url_for("pages.sign_in"), 303)


def _page(refused: SignInRefused | None = None, early: SignInTooEarly | None = None, disabled: bool = False) -> str:
    known = contacts() if early or disabled else ()
    with reading_scope(resources().engine) as database:
        is_open = is_anything_public(database)
    return render_template(
        "sign_in.html",
        refused=refused,
        early=early,
        disabled=disabled,
        contacts=known,
        season=season(),
        is_open=is_open,
    )
