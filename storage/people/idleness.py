"""Accounts that nobody has used for long are put out of force: a forgotten door is one that nobody watches."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import ColumnElement, Exists, and_, exists, or_, select
from sqlalchemy.orm import Session

from storage.clock import seconds_ago
from storage.people import accounts
from storage.people.duties import last_of
from storage.settings import Settings
from storage.tables import Account, Appointment, Role

ACTOR: Final = "system:idle"
_A_DAY: Final = 24 * 60 * 60
# Clerks come once a year; who may look into everybody's reports, or into the installation, comes more often or goes.
_ONCE_A_YEAR: Final = (Role.CLERK, Role.HEAD)
_AT_ONCE: Final = 200


def disable_idle(session: Session, settings: Settings) -> Sequence[Account]:
    """Put out of force who has been idle too long, but for the last of a duty; whom that concerns."""
    wanted = select(Account).where(_is_idle(settings)).order_by(Account.id).limit(_AT_ONCE)
    return [one for one in session.scalars(wanted).all() if put_to_rest(session, one, settings)]


def is_idle(session: Session, account: Account, settings: Settings) -> bool:
    """Whether an account has been idle for so long that it is to be put out of force."""
    return session.scalar(select(Account.id).where(Account.id == account.id, _is_idle(settings))) is not None


def put_to_rest(session: Session, account: Account, settings: Settings) -> bool:
    """Put an idle account out of force; False when it is the last of a duty."""
    if last_of(session, account):
        return False
    days = settings.account_idle_days if _comes_often(session, account) else settings.clerk_idle_days
    return accounts.disable(session, account, ACTOR, because="idle", days=days)


def _comes_often(session: Session, account: Account) -> bool:
    return session.scalar(select(_often(account.id))) is True


def _is_idle(settings: Settings) -> ColumnElement[bool]:
    often = _often(Account.__table__.c.id)
    unused = or_(
        and_(often, _unused_for(settings.account_idle_days)),
        and_(~often, _unused_for(settings.clerk_idle_days)),
    )
    # Without a password it opens nothing: an invitation ends by itself.
    return and_(Account.disabled_at.is_(None), Account.password_hash.is_not(None), unused)


def _often(account_id: ColumnElement[int] | int) -> Exists:
    return exists().where(Appointment.role.not_in(_ONCE_A_YEAR), Appointment.account_id == account_id)


def _unused_for(days: int) -> ColumnElement[bool]:
    moments = (Account.created_at, Account.signed_in_at, Account.password_set_at, Account.enabled_at)
    if not days:
        return Account.id.is_(None)
    return and_(*(or_(moment.is_(None), moment < seconds_ago(days * _A_DAY)) for moment in moments))
