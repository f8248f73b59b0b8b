"""Browsers that are signed in: known by a token that only the browser has, over when unused, too old, or ended."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, and_, delete, select, update
from sqlalchemy.orm import Session

from storage import audit
from storage.clock import now, seconds_ago
from storage.session import rows_changed
from storage.settings import Settings
from storage.tables import Account, LoginSession

# Seen a moment ago is seen now: a clerk who types would else write twice for each field.
SEEN_SECONDS: Final = 60
_LONGEST_BROWSER: Final = 300


@dataclass(frozen=True, slots=True)
class SignedIn:
    """What a request needs to know of the browser it comes from."""

    id: int
    public_id: str
    account_id: int
    # It should be told that it was seen, see `touch`.
    is_stale: bool


def digest(token: str) -> str:
    """What is kept of a token; nobody guesses 256 random bits, so a fast hash will do."""
    return hashlib.sha256(token.encode()).hexdigest()


def open_session(session: Session, account: Account, address: str, browser: str) -> str:
    """Sign a browser in; the token that is returned cannot be had again."""
    token = secrets.token_urlsafe(32)
    row = LoginSession(
        token_sha256=digest(token),
        account_id=account.id,
        address=address,
        browser=browser[:_LONGEST_BROWSER],
    )
    session.add(row)
    session.execute(update(Account).where(Account.id == account.id).values(signed_in_at=now()))
    session.flush()
    actor = f"account:{account.login}"
    audit.record(session, actor, "session.opened", actor, browser=row.public_id, address=address)
    return token


def find_session(session: Session, token: str, settings: Settings) -> SignedIn | None:
    """The browser that has this token, while its session lasts and its account is in force."""
    wanted = (
        select(LoginSession.id, LoginSession.public_id, LoginSession.account_id)
        .add_columns(LoginSession.seen_at < seconds_ago(SEEN_SECONDS))
        .join(Account, Account.id == LoginSession.account_id)
        .where(LoginSession.token_sha256 == digest(token), Account.disabled_at.is_(None), _lasts(settings))
    )
    row = session.execute(wanted).one_or_none()
    return None if row is None else SignedIn(row[0], row[1], row[2], bool(row[3]))


def touch(session: Session, id: int) -> bool:
    """Note that a browser was seen now; False when that is known already."""
    stale = and_(LoginSession.id == id, LoginSession.seen_at < seconds_ago(SEEN_SECONDS))
    return rows_changed(session, update(LoginSession).where(stale).values(seen_at=now())) == 1


def sessions_of(session: Session, account_id: int, settings: Settings) -> Sequence[LoginSession]:
    """The browsers in which an account is signed in, the last seen first."""
    own = select(LoginSession).where(LoginSession.account_id == account_id, _lasts(settings))
    return session.scalars(own.order_by(LoginSession.seen_at.desc(), LoginSession.id.desc())).all()


def close_session(session: Session, account: Account, public_id: str) -> bool:
    """Sign one browser of an account out; False when it is not signed in."""
    own = select(LoginSession).where(LoginSession.account_id == account.id, LoginSession.public_id == public_id)
    if (found := session.scalar(own)) is None:
        return False
    session.delete(found)
    actor = f"account:{account.login}"
    audit.record(session, actor, "session.closed", actor, browser=public_id)
    return True


def close_all(session: Session, account_id: int) -> None:
    """Sign every browser of an account out; whoever calls this writes down why."""
    session.execute(delete(LoginSession).where(LoginSession.account_id == account_id))


def forget_old(session: Session, settings: Settings) -> None:
    """Remove what is over."""
    session.execute(delete(LoginSession).where(~_lasts(settings)))


def _lasts(settings: Settings) -> ColumnElement[bool]:
    return and_(
        LoginSession.seen_at > seconds_ago(settings.session_idle_seconds),
        LoginSession.opened_at > seconds_ago(settings.session_seconds),
    )
