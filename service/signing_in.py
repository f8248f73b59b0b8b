"""Signing in by name and password: the same answer and the same work, whether there is such an account or not."""

from dataclasses import dataclass
from datetime import datetime
from ipaddress import IPv6Address, ip_address
from typing import Final

import structlog
from flask import request, session
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from service.access import TOKEN
from service.resources import resources
from storage import audit
from storage.clock import now
from storage.people import idleness, lockout, passwords, sessions
from storage.people.accounts import find_account
from storage.session import reading_scope, rows_changed, session_scope
from storage.tables import Account, Campaign, Unit

log = structlog.get_logger("service.signing_in")
_CONTACTS: Final = 3


class SignInRefused(Exception):
    """The name or the password is not right; which of them, nobody is told."""

    code = "sign_in_refused"


class SignInDisabled(Exception):
    """The password is right, and the account is out of force: told only to whoever knows the password."""

    code = "sign_in_disabled"


class SignInTooEarly(Exception):
    """Too many attempts failed from this place; nobody may try again before then."""

    code = "sign_in_too_early"

    def __init__(self, until: datetime, seconds: int, is_lock: bool) -> None:
        self.until, self.seconds, self.is_lock = until, seconds, is_lock
        super().__init__(f"{seconds} seconds")


@dataclass(frozen=True, slots=True)
class _Attempt:
    login: str
    password: str
    address: str


def sign_in(login: str, password: str) -> None:
    """Begin a session in this browser, or SignInRefused, SignInDisabled, SignInTooEarly."""
    attempt = _Attempt(login, password, address())
    with session_scope(resources().engine) as database:
        until = lockout.admit(database, login, attempt.address)
        account = find_account(database, login)
    if until:
        raise _too_early(until)
    # Outside of any transaction: hashing takes its time, and SQLite has one writer.
    fits = passwords.fits(password, account.password_hash if account else None)
    if fits and account:
        _must_be_in_force(attempt, account)
    token = _admit(attempt, account) if fits and account else None
    if token is None:
        _refuse(attempt, account)
        return
    # A session that somebody else prepared must not become ours.
    session.clear()
    session[TOKEN] = token


def address() -> str:
    """Where the request comes from. A household has a whole network of IPv6, and may change within it."""
    try:
        found = ip_address(request.remote_addr or "")
    except ValueError:
        return "local"
    if isinstance(found, IPv6Address) and found.ipv4_mapped is None:
        return f"{IPv6Address(int(found) >> 64 << 64)}/64"
    return str(getattr(found, "ipv4_mapped", None) or found)


def browser() -> str:
    return request.headers.get("User-Agent", "")


def contacts() -> list[str]:
    """Whom to call: the offices that collect reports here. They are public; whose account it is, is not."""
    with reading_scope(resources().engine) as database:
        supervise = select(Unit.supervisor_id).where(Unit.supervisor_id.is_not(None))
        known = select(Unit.name, Unit.contact).where(Unit.contact != "", Unit.id.in_(supervise))
        return [f"{name} {contact}" for name, contact in database.execute(known.order_by(Unit.id).limit(_CONTACTS))]


def season() -> tuple[str | None, int] | None:
    """The year that is being collected, and by whom, when that is one office."""
    with reading_scope(resources().engine) as database:
        under_way = select(Campaign.year, Unit.name).join(Unit, Unit.id == Campaign.supervisor_id)
        found = database.execute(under_way.where(Campaign.closed_at.is_(None)).order_by(Campaign.year.desc())).all()
    if not found:
        return None
    offices = {name for _, name in found}
    return offices.pop() if len(offices) == 1 else None, found[0][0]


def _must_be_in_force(attempt: _Attempt, account: Account) -> None:
    """SignInDisabled when it is not, or has been idle so long that it is not from now on."""
    office = resources()
    with session_scope(office.engine) as database:
        account = database.get_one(Account, account.id)
        was_disabled = account.disabled_at is not None
        if not was_disabled and not idleness.is_idle(database, account, office.settings):
            return
        if not was_disabled and not idleness.put_to_rest(database, account, office.settings):
            return
        lockout.forgive(database, attempt.login, attempt.address)
    log.warning("sign-in to a disabled account", address=attempt.address)
    raise SignInDisabled


def _admit(attempt: _Attempt, account: Account) -> str | None:
    """The token of a new session; None when the account is not, or no longer, to be opened with this password."""
    office = resources()
    kept = account.password_hash or ""
    fresh = passwords.hashed(attempt.password) if passwords.is_outdated(kept) else kept
    with session_scope(office.engine) as database:
        due = passwords.is_due(database, account, office.settings.password_profile)
        # Meanwhile somebody may have set another password, taken it away, or put the account out of force.
        same = update(Account).where(
            Account.id == account.id, Account.password_hash == kept, Account.disabled_at.is_(None)
        )
        if rows_changed(database, same.values(password_hash=fresh, must_change=due)) != 1:
            return None
        lockout.forgive(database, attempt.login, attempt.address)
        sessions.forget_old(database, office.settings)
        return sessions.open_session(database, account, attempt.address, browser())


def _refuse(attempt: _Attempt, account: Account | None) -> None:
    with session_scope(resources().engine) as database:
        failures = lockout.failures(database, attempt.login, attempt.address)
        # What was typed as a name may have been a password: only names that exist are written down.
        subject = f"account:{account.login}" if account else "account:?"
        audit.record(database, "unknown", "session.refused", subject, address=attempt.address, failures=failures)
    log.warning("sign-in refused", address=attempt.address, failures=failures)
    raise SignInRefused


def _too_early(until: datetime) -> SignInTooEarly:
    with reading_scope(resources().engine) as database:
        moment = _moment(database)
    seconds = max(1, round((until - moment).total_seconds()))
    return SignInTooEarly(until, seconds, is_lock=seconds > max(lockout.WAITS[:-1]))


def _moment(database: Session) -> datetime:
    return database.scalars(select(now())).one()
