"""Whom to write to and whom to call about a unit's report."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.people.policy import OF_UNITS
from storage.roster.facts import addresses_in, is_address
from storage.tables import Account, Appointment, Role, Unit

_THEIRS = [role for role in sorted(OF_UNITS) if role is not Role.REVIEWER]
# SQLite takes no more than so many values in one question.
_AT_ONCE = 5000


@dataclass(slots=True)
class Reach:
    """Ways to a unit: mail addresses, and people with their telephone numbers."""

    words: str = ""
    addresses: list[str] = field(default_factory=list)
    people: list[tuple[str, str]] = field(default_factory=list)

    @property
    def telephone(self) -> str:
        """Whom to call, in one line: what is written with the unit, or else its clerk and head."""
        return self.words or "；".join(" ".join(filter(None, one)) for one in self.people)


def reach_of(session: Session, units: Iterable[Unit]) -> dict[int, Reach]:
    """The ways to these units, by their ids: the unit's own address first, then those of its clerks and heads."""
    found = {unit.id: Reach(unit.contact, _good(unit.email)) for unit in units}
    for unit_id, account in _accounts(session, list(found)):
        reach = found[unit_id]
        reach.people.append((account.person, account.phone))
        reach.addresses += [one for one in _good(account.email) if one not in reach.addresses]
    return found


def _accounts(session: Session, unit_ids: list[int]) -> Iterable[tuple[int, Account]]:
    theirs = (
        select(Appointment.unit_id, Account)
        .join(Account, Account.id == Appointment.account_id)
        .where(Appointment.role.in_(_THEIRS), Account.disabled_at.is_(None))
        .order_by(Appointment.id)
    )
    for start in range(0, len(unit_ids), _AT_ONCE):
        some = theirs.where(Appointment.unit_id.in_(unit_ids[start : start + _AT_ONCE]))
        for unit_id, account in session.execute(some):
            if unit_id is not None:
                yield unit_id, account


def _good(typed: str) -> list[str]:
    return [one for one in addresses_in(typed) if is_address(one)]
