"""Many accounts at once: what a list would change, and then all of it or nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from storage import audit
from storage.people import accounts
from storage.people.accounts import login_of
from storage.people.checking import COLUMNS, Known, Row, Wrong, by_login, units_named, wrong_cells
from storage.tables import Account, Role


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of one account: made or not, what is written anew, what it is appointed to."""

    login: str
    person: str
    phone: str
    email: str
    is_new: bool
    altered: Mapping[str, tuple[str, str]]
    appointments: tuple[tuple[Role, str], ...]

    @property
    def is_nothing(self) -> bool:
        return not (self.is_new or self.altered or self.appointments)


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that a list would change; nothing of it can be done while something is wrong."""

    changes: tuple[Change, ...]
    wrong: tuple[Wrong, ...]

    @property
    def new(self) -> Sequence[Change]:
        return [one for one in self.changes if one.is_new]

    @property
    def altered(self) -> Sequence[Change]:
        return [one for one in self.changes if not one.is_new and not one.is_nothing]

    @property
    def unchanged(self) -> int:
        return sum(one.is_nothing for one in self.changes)


def plan(session: Session, rows: Sequence[Row], actor: str, *, strictly: bool) -> Plan:
    """What these rows would change, and every cell that is wrong."""
    known = Known.of(session, rows)
    changes = tuple(_change(of_one, known) for of_one in by_login(rows).values())
    return Plan(changes, tuple(wrong_cells(rows, known, actor, strictly=strictly)))


def carry_out(session: Session, changes: Sequence[Change], actor: str) -> Sequence[Account]:
    """Do all of it; the accounts that are new. One refusal undoes everything."""
    made = []
    named = {unit for change in changes for _, unit in change.appointments}
    units = {one.name: one for one in units_named(session, named)}
    for change in changes:
        account = accounts.find_account(session, change.login)
        if account is None:
            account = accounts.create_account(session, change.login, change.person, actor, change.phone, change.email)
            made.append(account)
        for field, (_before, after) in change.altered.items():
            setattr(account, field, after)
        if change.altered:
            session.flush()
            audit.record(session, actor, "account.changed", f"account:{account.login}", fields=sorted(change.altered))
        for role, unit in change.appointments:
            accounts.appoint(session, account, role, units.get(unit), actor)
    audit.record(session, actor, "account.imported", "accounts", accounts=len(changes), number=len(made))
    return made


def _change(own: Sequence[Row], known: Known) -> Change:
    login = login_of(own[0].login)
    account = known.accounts.get(login)
    said = {name: next((getattr(row, name) for row in own if getattr(row, name)), "") for name in COLUMNS[1:4]}
    altered = {
        name: (getattr(account, name), value)
        for name, value in said.items()
        if account and value and getattr(account, name) != value
    }
    wanted = dict.fromkeys((row.role, row.unit) for row in own if row.role)
    offices = tuple((role, unit) for role, unit in wanted if (role, unit) not in known.offices(login))
    kept = {name: value or (getattr(account, name) if account else "") for name, value in said.items()}
    return Change(login, **kept, is_new=account is None, altered=altered, appointments=offices)
