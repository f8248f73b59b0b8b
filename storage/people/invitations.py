"""Invitations: a link that works once, for seven days; whoever has it chooses the password of one account."""

import secrets
from typing import Final

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from storage import audit
from storage.clock import now, seconds_from_now
from storage.people import passwords, sessions
from storage.people.accounts import appoint, create_account
from storage.people.sessions import digest
from storage.session import rows_changed
from storage.tables import Account, Invitation, PastPassword, Role

DAYS: Final = 7


class InvitationRefused(Exception):
    """An invitation was used, is too old, or was replaced by another; or there never was one."""

    code = "invitation_refused"


def invite(session: Session, account: Account, actor: str) -> str:
    """The secret of a new invitation; links given out before no longer work."""
    session.execute(delete(Invitation).where(Invitation.account_id == account.id, Invitation.used_at.is_(None)))
    token = secrets.token_urlsafe(32)
    expires_at = session.scalars(select(seconds_from_now(DAYS * 86400))).one()
    session.add(Invitation(token_sha256=digest(token), account_id=account.id, expires_at=expires_at))
    session.flush()
    audit.record(session, actor, "account.invited", f"account:{account.login}")
    return token


def reset(session: Session, account: Account, actor: str) -> str:
    """Take the password away, sign every browser out, and invite anew."""
    if account.password_hash:
        session.add(PastPassword(account_id=account.id, password_hash=account.password_hash))
    session.execute(update(Account).where(Account.id == account.id).values(password_hash=None))
    sessions.close_all(session, account.id)
    audit.record(session, actor, "account.reset", f"account:{account.login}")
    return invite(session, account, actor)


def invited(session: Session, token: str) -> Account:
    """The account that an invitation is for; InvitationRefused when it no longer counts."""
    in_force = (
        select(Account)
        .join(Invitation, Invitation.account_id == Account.id)
        .where(Invitation.token_sha256 == digest(token), Invitation.used_at.is_(None))
        .where(Invitation.expires_at > now(), Account.disabled_at.is_(None))
    )
    if (account := session.scalar(in_force)) is None:
        raise InvitationRefused
    return account


def accept(session: Session, token: str, new_hash: str) -> Account:
    """Use an invitation up and set the password; of many who try at once, one succeeds."""
    account = invited(session, token)
    unused = update(Invitation).where(Invitation.token_sha256 == digest(token), Invitation.used_at.is_(None))
    if rows_changed(session, unused.values(used_at=now())) != 1:
        raise InvitationRefused
    passwords.set_password(session, account, new_hash, f"account:{account.login}")
    return account


def first_administrator(session: Session, actor: str) -> tuple[Account, str] | None:
    """Who lets the others in: an account with two duties and its invitation, until somebody has a password."""
    if session.scalar(select(func.count()).where(Account.password_hash.is_not(None))):
        return None
    duty = select(Account).where(Account.login.startswith("admin-"), Account.disabled_at.is_(None))
    account = session.scalar(duty.order_by(Account.id).limit(1))
    if account is None:
        if session.scalar(select(Account.id).limit(1)) is not None:
            return None
        # Not simply "admin": that name is tried everywhere.
        account = create_account(session, f"admin-{secrets.randbelow(9000) + 1000}", "系统管理员", actor)
        for role in (Role.SYSTEM, Role.SECURITY):
            appoint(session, account, role, None, actor)
    return account, invite(session, account, actor)
