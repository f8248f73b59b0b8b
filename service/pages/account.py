"""One's own account: what it may do, and the browsers in which it is signed in."""

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from service import access
from service.pages import pages
from service.resources import resources
from storage.people import sessions
from storage.people.directory import offices_of
from storage.session import reading_scope, session_scope
from storage.tables import Account


@pages.get("/account")
@access.person
def account() -> str:
    office = resources()
    with reading_scope(office.engine) as database:
        own = database.get_one(Account, access.me().account_id)
        browsers = sessions.sessions_of(database, own.id, office.settings)
        offices = offices_of(database, own.id)
    return render_template(
        "account.html",
        account=own,
        offices=offices,
        browsers=browsers,
        here=access.this_browser(),
        done=request.args.get("done"),
    )


@pages.post("/account/sessions/<public_id>/end")
@access.person
def end_session(public_id: str) -> Response:
    with session_scope(resources().engine) as database:
        own = database.get_one(Account, access.me().account_id)
        ended = sessions.close_session(database, own, public_id)
    return redirect(url_for("pages.account", done="session" if ended else None), 303)
