"""Everybody who has an account, as administrators see them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.tables import Account, Appointment, Role, Unit


class Standing(StrEnum):
    """Whether an account opens anything."""

    IN_FORCE = "in_force"
    INVITED = "invited"
    DISABLED = "disabled"


@dataclass(frozen=True, slots=True)
class Office:
    """A role somebody has, for a unit or, a duty, for none."""

    role: Role
    unit: str | None
    unit_id: str | None


@dataclass(frozen=True, slots=True)
class Entry:
    """One account, and what it is appointed to."""

    account: Account
    offices: tuple[Office, ...]

    @property
    def standing(self) -> Standing:
        if self.account.disabled_at is not None:
            return Standing.DISABLED
        return Standing.INVITED if self.account.password_hash is None else Standing.IN_FORCE


def list_accounts(session: Session, limit: int = 100, offset: int = 0, like: str = "") -> list[Entry]:
    """Accounts by name; of those whose name, person or unit contains a word."""
    wanted = select(Account).order_by(Account.login).limit(limit).offset(offset)
    if like:
        units = select(Appointment.account_id).join(Unit, Unit.id == Appointment.unit_id)
        of_unit = units.where(Unit.name.contains(like, autoescape=True))
        named = Account.login.contains(like, autoescape=True) | Account.person.contains(like, autoescape=True)
        wanted = wanted.where(named | Account.id.in_(of_unit))
    accounts = session.scalars(wanted).all()
    offices = _offices(session, [account.id for account in accounts])
    return [Entry(account, tuple(offices[account.id])) for account in accounts]


def offices_of(session: Session, account_id: int) -> tuple[Office, ...]:
    """What one account is appointed to."""
    return tuple(_offices(session, [account_id])[account_id])


def _offices(session: Session, accounts: Sequence[int]) -> dict[int, list[Office]]:
    found: dict[int, list[Office]] = defaultdict(list)
    wanted = (
        select(Appointment.account_id, Appointment.role, Unit.name, Unit.public_id)
        .outerjoin(Unit, Unit.id == Appointment.unit_id)
        .where(Appointment.account_id.in_(accounts))
        .order_by(Appointment.id)
    )
    for account, role, unit, unit_id in session.execute(wanted):
        found[account].append(Office(role, unit, unit_id))
    return found
