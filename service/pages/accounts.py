"""The accounts of everybody, for those who have that duty: invited, appointed, reset, put out of force."""

from collections.abc import Callable

from flask import redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.exceptions import BadRequest, NotFound
from werkzeug.wrappers import Response

from service import access
from service.language import _
from service.pages import pages
from service.resources import resources
from storage.people import accounts as storage
from storage.people import invitations
from storage.people.accounts import AppointmentRefused, LoginRefused
from storage.people.directory import list_accounts
from storage.people.duties import DutyRefused, must_stay_apart, watch_themselves
from storage.people.policy import DUTIES, Act
from storage.session import reading_scope, session_scope
from storage.tables import Account, Role, Unit

A_PAGE = 50
FARTHEST = 1_000_000_000


@pages.get("/accounts")
@access.person
def accounts() -> str:
    access.must(Act.ACCOUNTS)
    return _page()


@pages.post("/accounts")
@access.person
def add_account() -> tuple[str, int]:
    access.must(Act.ACCOUNTS)
    form, actor = request.form, access.actor()
    try:
        with session_scope(resources().engine) as session:
            unit = _unit(session, form.get("unit", ""))
            told = (form.get(name, "") for name in ("phone", "email"))
            account = storage.create_account(session, form.get("login", ""), form.get("person", ""), actor, *told)
            storage.appoint(session, account, _role(), unit, actor)
            token = invitations.invite(session, account, actor)
    except (LoginRefused, AppointmentRefused, NoSuchUnit) as error:
        return _page(refused=error.for_person), 422
    return _page(invited=account, token=token), 200


@pages.post("/accounts/<public_id>/<any(invite, reset):how>")
@access.person
def invite_account(public_id: str, how: str) -> str:
    access.must(Act.ACCOUNTS)
    make: Callable[[Session, Account, str], str] = getattr(invitations, how)
    with session_scope(resources().engine) as session:
        account = _account(session, public_id)
        token = make(session, account, access.actor())
    return _page(invited=account, token=token)


@pages.post("/accounts/<public_id>/<any(disable, enable):how>")
@access.person
def switch_account(public_id: str, how: str) -> Response | tuple[str, int]:
    access.must(Act.ACCOUNTS)
    if how == "disable" and public_id == access.me().public_id:
        return _page(refused=_("不能停用自己的账号。请由另一位安全管理员停用。")), 422
    try:
        with session_scope(resources().engine) as session:
            change = storage.disable if how == "disable" else storage.enable
            change(session, _account(session, public_id), access.actor())
    except DutyRefused as error:
        return _page(refused=error.for_person), 422
    return redirect(url_for("pages.accounts"), 303)


@pages.post("/accounts/<public_id>/<any(appoint, dismiss):how>")
@access.person
def appoint_account(public_id: str, how: str) -> Response | tuple[str, int]:
    access.must(Act.ACCOUNTS)
    change = storage.appoint if how == "appoint" else storage.dismiss
    try:
        with session_scope(resources().engine) as session:
            unit, account = _unit(session, request.form.get("unit", "")), _account(session, public_id)
            if how == "appoint":
                must_stay_apart(session, account, _role(), strictly=resources().settings.duties_apart)
            change(session, account, _role(), unit, access.actor())
    except (AppointmentRefused, NoSuchUnit, DutyRefused) as error:
        return _page(refused=error.for_person), 422
    return redirect(url_for("pages.accounts"), 303)


class NoSuchUnit(ValueError):
    """A unit was named that is not there."""

    code = "no_such_unit"

    def __init__(self, name: str) -> None:
        self.for_person = _("没有名为“{name}”的单位。请检查名称，或先用 nianbao unit add 添加。").format(name=name)
        super().__init__(name)


def invitation_link(token: str) -> str:
    """The address that lets somebody choose a password."""
    scheme = "https" if resources().settings.https else request.scheme
    return url_for("pages.invitation", token=token, _external=True, _scheme=scheme)


def _page(refused: str = "", invited: Account | None = None, token: str = "") -> str:
    offset = min(max(0, request.args.get("from", 0, type=int)), FARTHEST)
    like = request.args.get("like", "").strip()
    with reading_scope(resources().engine) as session:
        shown = list_accounts(session, A_PAGE + 1, offset, like)
        watching = watch_themselves(session)
    link = invitation_link(token) if token else ""
    older = offset + A_PAGE if len(shown) > A_PAGE else None
    newer = max(0, offset - A_PAGE) if offset else None
    return render_template(
        "accounts.html",
        entries=shown[:A_PAGE],
        refused=refused,
        invited=invited,
        link=link,
        like=like,
        older=older,
        newer=newer,
        roles=list(Role),
        duties=DUTIES,
        watching=watching,
    )


def _account(session: Session, public_id: str) -> Account:
    if (found := storage.find_account_by_id(session, public_id)) is None:
        raise NotFound
    return found


def _unit(session: Session, name: str) -> Unit | None:
    if not (name := name.strip()):
        return None
    if (found := session.scalar(select(Unit).where(Unit.name == name))) is None:
        raise NoSuchUnit(name)
    return found


def _role() -> Role:
    try:
        return Role(request.form.get("role", ""))
    except ValueError:
        raise BadRequest from None
