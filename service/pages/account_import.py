"""Many accounts at once, for those who have that duty: a list looked at, then taken in whole; invitations to print."""

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any, Final

from flask import Response, render_template, request, send_file
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.exceptions import BadRequest

from service import access, limits
from service.admin import account_sheet as sheet
from service.language import _
from service.pages import pages
from service.pages.accounts import invitation_link
from service.resources import resources
from service.rosters.package import RosterRefused
from storage.people import invitations
from storage.people.accounts import AppointmentRefused, LoginRefused
from storage.people.checking import Row
from storage.people.directory import offices_of
from storage.people.duties import DutyRefused
from storage.people.importing import Plan, carry_out, plan
from storage.people.policy import Act
from storage.session import reading_scope, session_scope
from storage.tables import Account

_SHEET: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_CHINA: Final = timezone(timedelta(hours=8))
# One page of strips takes six; more than so many nobody cuts up.
MOST_INVITED: Final = 2000


@dataclass(frozen=True, slots=True)
class Strip:
    """What one person is handed: who, for what, the link, until when."""

    login: str
    person: str
    offices: str
    link: str
    until: str


@pages.get("/accounts/import")
@access.person
def import_accounts() -> str:
    access.must(Act.ACCOUNTS)
    return _page()


@pages.get("/accounts/import/blank.xlsx")
@access.person
def blank_accounts() -> Response:
    access.must(Act.ACCOUNTS)
    return _file(sheet.blank(), "accounts.xlsx")


@pages.post("/accounts/import")
@access.person
@limits.at_most(20, seconds=60)
def look_at_accounts() -> Any:
    access.must(Act.ACCOUNTS)
    uploaded = request.files.get("file")
    if uploaded is None or not uploaded.filename:
        return _page(_("没有选择文件。请选择 .xlsx 文件后再上传。")), 422
    try:
        rows = sheet.read(uploaded.stream.read(), uploaded.filename)
    except RosterRefused as error:
        return _page(error.for_person), 422
    found = _planned(rows)
    return _page(found=found, rows=rows), 422 if found.wrong else 200


@pages.post("/accounts/import/carry-out")
@access.person
@limits.at_most(20, seconds=60)
def carry_out_import() -> Any:
    access.must(Act.ACCOUNTS)
    try:
        rows = sheet.from_json(json.loads(request.form.get("rows", "")))
    except ValueError:
        raise BadRequest from None
    actor, strips = access.actor(), []
    try:
        with session_scope(resources().engine) as session:
            # Looked at again in the transaction that does it: meanwhile somebody may have made the same account.
            found = plan(session, rows, actor, strictly=resources().settings.duties_apart)
            if not found.wrong:
                made = carry_out(session, [one for one in found.changes if not one.is_nothing], actor)
                strips = [_strip(session, one, actor) for one in made]
    except (LoginRefused, AppointmentRefused, DutyRefused) as error:
        return _page(error.for_person), 422
    if found.wrong:
        return _page(found=found, rows=rows), 422
    return render_template("admin/invitations.html", strips=strips, done=found, carried=_as_text(strips))


@pages.post("/accounts/invitations")
@access.person
@limits.at_most(5, seconds=60)
def invite_again() -> Any:
    access.must(Act.ACCOUNTS)
    actor = access.actor()
    with session_scope(resources().engine) as session:
        strips = [_strip(session, one, actor) for one in _waiting(session)]
    if not strips:
        return _page(_("没有待激活的账号。")), 422
    return render_template("admin/invitations.html", strips=strips, done=None, carried=_as_text(strips))


@pages.post("/accounts/invitations.xlsx")
@access.person
def invitations_file() -> Response:
    """The links of the page that shows them, as a list; they are kept nowhere, so the page hands them back."""
    access.must(Act.ACCOUNTS)
    try:
        told = json.loads(request.form.get("strips", ""))
        rows = [[str(text) for text in one] for one in told if len(one) == 5]
    except (ValueError, TypeError):
        raise BadRequest from None
    return _file(sheet.links(rows[:MOST_INVITED]), "invitations.xlsx")


def _planned(rows: Sequence[Row]) -> Plan:
    with reading_scope(resources().engine) as session:
        return plan(session, rows, access.actor(), strictly=resources().settings.duties_apart)


def _waiting(session: Session) -> Sequence[Account]:
    waiting = select(Account).where(Account.password_hash.is_(None), Account.disabled_at.is_(None))
    return session.scalars(waiting.order_by(Account.login).limit(MOST_INVITED)).all()


def _strip(session: Session, account: Account, actor: str) -> Strip:
    token = invitations.invite(session, account, actor)
    offices = [(one.role, one.unit or "") for one in offices_of(session, account.id)]
    until = datetime.now(_CHINA) + timedelta(days=invitations.DAYS)
    told = sheet.offices_in_words(offices)
    return Strip(account.login, account.person, told, invitation_link(token), f"{until:%Y-%m-%d %H:%M}")


def _as_text(strips: Sequence[Strip]) -> str:
    told = [[one.login, one.person, one.offices, one.link, one.until] for one in strips]
    return json.dumps(told, ensure_ascii=False)


def _file(data: bytes, name: str) -> Response:
    return send_file(io.BytesIO(data), _SHEET, as_attachment=True, download_name=name)


def _page(refused: str = "", found: Plan | None = None, rows: Sequence[Row] = ()) -> str:
    with reading_scope(resources().engine) as session:
        waiting = len(_waiting(session))
    carried = json.dumps(sheet.as_json(rows), ensure_ascii=False) if found and not found.wrong else ""
    return render_template(
        "admin/account_import.html",
        refused=refused,
        found=found,
        carried=carried,
        waiting=waiting,
        offices=sheet.offices_in_words,
        column_word=sheet.column_word,
    )
