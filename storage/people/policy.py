"""Who may do what with which unit: everything that is not said here is refused."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sqlalchemy import Select, false, or_, select
from sqlalchemy.orm import Session

from storage.tables import Account, Appointment, Role, Unit


class Act(StrEnum):
    """What can be allowed: the first eight with a unit and its reports, the last three with the installation."""

    READ = "read"
    FILL = "fill"
    SIGN = "sign"
    SEND = "send"
    WITHDRAW = "withdraw"
    REVIEW = "review"
    HAND_IN = "hand_in"
    CAMPAIGN = "campaign"
    ACCOUNTS = "accounts"
    SYSTEM = "system"
    AUDIT = "audit"


_FOR_OWN_UNIT: Final = {
    Role.CLERK: frozenset({Act.READ, Act.FILL, Act.SEND, Act.WITHDRAW}),
    Role.HEAD: frozenset({Act.READ, Act.FILL, Act.SIGN, Act.SEND, Act.WITHDRAW}),
}
# With the office itself and with every unit that it supervises.
_FOR_SUPERVISED: Final = {Role.REVIEWER: frozenset({Act.READ, Act.REVIEW, Act.HAND_IN, Act.CAMPAIGN})}
_FOR_ALL: Final = {Role.SYSTEM: Act.SYSTEM, Role.SECURITY: Act.ACCOUNTS, Role.AUDIT: Act.AUDIT}

OF_UNITS: Final = frozenset({*_FOR_OWN_UNIT, *_FOR_SUPERVISED})
DUTIES: Final = frozenset(_FOR_ALL)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who has signed in, as far as permissions go."""

    account_id: int
    public_id: str
    login: str
    person: str
    phone: str = ""
    must_change: bool = False
    appointments: tuple[tuple[Role, int | None], ...] = ()

    @property
    def actor(self) -> str:
        """The name in the audit trail."""
        return f"account:{self.login}"

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(role for role, _ in self.appointments)


def can(person: Person, act: Act, unit: Unit | None = None) -> bool:
    """Whether this person may do that: with this unit, or, without one, with the installation."""
    if unit is None:
        return any(_FOR_ALL.get(role) is act for role in person.roles)
    if unit.id in _own(person, (act,)):
        return True
    offices = _offices(person, (act,))
    return unit.id in offices or (unit.supervisor_id is not None and unit.supervisor_id in offices)


def can_anywhere(person: Person, *acts: Act) -> bool:
    """Whether there can be any unit with which this person may do one of these; says what to offer, allows nothing."""
    return bool(_own(person, acts) or _offices(person, acts)) or any(can(person, act) for act in acts)


def units_of(person: Person, *acts: Act) -> Select[int]:
    """The ids of the units with which this person may do one of these."""
    own, offices = _own(person, acts), _offices(person, acts)
    if not own and not offices:
        return select(Unit.id).where(false())
    return select(Unit.id).where(or_(Unit.id.in_(own | offices), Unit.supervisor_id.in_(offices)))


def visible_units(person: Person) -> Select[int]:
    """The ids of the units whose reports this person may read; every query is limited to them."""
    return units_of(person, Act.READ)


def offices_of(person: Person, act: Act = Act.REVIEW) -> frozenset[int]:
    """The supervising offices for which this person does that."""
    return _offices(person, (act,))


def heads_of(session: Session, unit: Unit) -> Sequence[Account]:
    """Who signs for this unit: while there is somebody, what its clerk sends goes to them first."""
    in_force = select(Account).join(Appointment, Appointment.account_id == Account.id)
    of_unit = in_force.where(Appointment.role == Role.HEAD, Appointment.unit_id == unit.id)
    return session.scalars(of_unit.where(Account.disabled_at.is_(None)).order_by(Account.id)).all()


def _own(person: Person, acts: Sequence[Act]) -> frozenset[int]:
    return _appointed(person, _FOR_OWN_UNIT, acts)


def _offices(person: Person, acts: Sequence[Act]) -> frozenset[int]:
    return _appointed(person, _FOR_SUPERVISED, acts)


def _appointed(person: Person, allowed: dict[Role, frozenset[Act]], acts: Sequence[Act]) -> frozenset[int]:
    return frozenset(
        unit
        for role, unit in person.appointments
        if unit is not None and not allowed.get(role, frozenset()).isdisjoint(acts)
    )
