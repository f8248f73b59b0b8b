"""Choosing a password: by an invitation, or a new one in place of the old."""

from collections.abc import Sequence

from flask import redirect, render_template, request, session, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from service import access, limits
from service.language import _
from service.pages import pages
from service.resources import resources
from service.signing_in import address, browser
from storage.people import passwords, sessions
from storage.people.invitations import InvitationRefused, accept, invited
from storage.people.passwords import PasswordRefused
from storage.session import reading_scope, session_scope
from storage.tables import Account, Appointment, Unit

Answer = Response | str | tuple[str, int]


@pages.get("/invitation")
@access.everybody
@limits.at_most(30, seconds=60)
def invitation() -> Answer:
    try:
        with reading_scope(resources().engine) as database:
            return _page(invited(database, request.args.get("token", "")))
    except InvitationRefused:
        return _refused()


@pages.post("/invitation")
@access.everybody
@limits.at_most(10, seconds=60)
def accept_invitation() -> Answer:
    token, office = request.form.get("token", ""), resources()
    try:
        with reading_scope(office.engine) as database:
            account = invited(database, token)
            about, earlier = _about(database, account), passwords.earlier_hashes(database, account)
        new_hash = _chosen(about, earlier)
        with session_scope(office.engine) as database:
            account = accept(database, token, new_hash)
            _sign_in(sessions.open_session(database, account, address(), browser()))
    except InvitationRefused:
        return _refused()
    except PasswordRefused as error:
        return _page(account, error.reasons), 422
    return redirect(url_for("pages.home"), 303)


@pages.get("/account/password", endpoint="password")
@access.newcomer
def show_password() -> Answer:
    return _page()


@pages.post("/account/password", endpoint="change_password")
@access.newcomer
@limits.at_most(10, seconds=60)
def change_password() -> Answer:
    office, me = resources(), access.me()
    with reading_scope(office.engine) as database:
        account = database.get_one(Account, me.account_id)
        about, earlier = _about(database, account), passwords.earlier_hashes(database, account)
    try:
        _must_know_the_old_one(account)
        new_hash = _chosen(about, earlier)
    except PasswordRefused as error:
        return _page(None, error.reasons), 422
    with session_scope(office.engine) as database:
        now = database.get_one(Account, me.account_id, with_for_update={"key_share": True})
        if now.password_hash != account.password_hash or now.disabled_at is not None:
            # Reset or disabled while we hashed: whoever did that must not find it undone.
            session.clear()
            return redirect(url_for("pages.sign_in"), 303)
        passwords.set_password(database, now, new_hash, me.actor)
        _sign_in(sessions.open_session(database, now, address(), browser()))
    return redirect(url_for("pages.account", done="password"), 303)


def _must_know_the_old_one(account: Account) -> None:
    if not passwords.fits(request.form.get("old", ""), account.password_hash):
        raise PasswordRefused([_("现在的密码不对，请再输一次。")])


def _chosen(about: Sequence[str], earlier: Sequence[str]) -> str:
    """The hash of the password that was typed twice; PasswordRefused when it cannot be."""
    new = request.form.get("new", "")
    passwords.check(new, resources().settings.password_profile, about, earlier)
    if new != request.form.get("again", ""):
        raise PasswordRefused([_("两次输入的密码不一样，请重新输入。")])
    return passwords.hashed(new)


def _about(database: Session, account: Account) -> list[str]:
    """What others know of somebody, and would try first."""
    units = select(Unit.name).join(Appointment, Appointment.unit_id == Unit.id)
    own = database.scalars(units.where(Appointment.account_id == account.id)).all()
    return [account.login, account.person, account.phone, *own]


def _sign_in(token: str) -> None:
    session.clear()
    session[access.TOKEN] = token


def _page(account: Account | None = None, reasons: Sequence[str] = ()) -> str:
    profile = resources().settings.password_profile
    token = request.values.get("token", "") if account else ""
    return render_template("password.html", account=account, reasons=reasons, profile=profile, token=token)


def _refused() -> tuple[str, int]:
    return render_template("invitation_refused.html"), 410
