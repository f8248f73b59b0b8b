"""What is wrong with a list of accounts, cell by cell, before anything of it is done."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from reports.wording import _
from storage.people import accounts
from storage.people.accounts import LoginRefused, login_of
from storage.people.duties import come_together
from storage.people.policy import DUTIES, OF_UNITS
from storage.tables import Account, Appointment, Role, Unit

COLUMNS: Final = ("login", "person", "phone", "email", "unit", "role")
MOST_ROWS: Final = 5000
_LONGEST: Final[Mapping[str, int]] = {"login": 64, "person": 100, "phone": 60, "email": 200, "unit": 200, "role": 20}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list: somebody, and one thing to do. `role` is None when its word is unknown."""

    number: int
    login: str
    person: str
    phone: str
    email: str
    unit: str
    role: Role | None
    role_word: str = ""


@dataclass(frozen=True, slots=True)
class Wrong:
    """A cell that cannot be taken; `column` is one of COLUMNS."""

    number: int
    column: str
    reason: str


@dataclass(frozen=True, slots=True)
class Known:
    """What is there already, asked for once."""

    accounts: Mapping[str, Account]
    appointments: Mapping[int, frozenset[tuple[Role, str]]]
    units: frozenset[str]

    @classmethod
    def of(cls, session: Session, rows: Sequence[Row]) -> "Known":
        logins = {login_of(row.login) for row in rows}
        found = {one.login: one for one in session.scalars(select(Account).where(Account.login.in_(logins)))}
        appointed = (
            select(Appointment.account_id, Appointment.role, Unit.name)
            .outerjoin(Unit, Unit.id == Appointment.unit_id)
            .where(Appointment.account_id.in_([one.id for one in found.values()]))
        )
        offices: dict[int, set[tuple[Role, str]]] = {}
        for account_id, role, unit in session.execute(appointed):
            offices.setdefault(account_id, set()).add((role, unit or ""))
        units = frozenset(one.name for one in units_named(session, {row.unit for row in rows if row.unit}))
        return cls(found, {id: frozenset(told) for id, told in offices.items()}, units)

    def offices(self, login: str) -> frozenset[tuple[Role, str]]:
        account = self.accounts.get(login)
        return self.appointments.get(account.id, frozenset()) if account else frozenset()


def units_named(session: Session, names: set[str]) -> Sequence[Unit]:
    """The units of these names, as far as there are any."""
    return session.scalars(select(Unit).where(Unit.name.in_(names))).all()


def by_login(rows: Sequence[Row]) -> Mapping[str, Sequence[Row]]:
    """All rows of each account."""
    told: dict[str, list[Row]] = {}
    for row in rows:
        told.setdefault(login_of(row.login), []).append(row)
    return told


def wrong_cells(rows: Sequence[Row], known: Known, actor: str, *, strictly: bool) -> Sequence[Wrong]:
    """Everything that is wrong, in the order of the rows."""
    found = [*_wrong_cells(rows, known, actor), *_wrong_together(rows, known, strictly=strictly)]
    return sorted(found, key=lambda one: one.number)


def _wrong_cells(rows: Sequence[Row], known: Known, actor: str) -> Iterator[Wrong]:
    first: dict[tuple[str, Role | None, str], int] = {}
    for row in rows:
        key = (login_of(row.login), row.role, row.unit)
        if key in first:
            yield Wrong(row.number, "login", _("与第 {n} 行重复").format(n=first[key]))
        first.setdefault(key, row.number)
        yield from _wrong_in(row, known, actor)


def _wrong_in(row: Row, known: Known, actor: str) -> Iterator[Wrong]:
    for column, most in _LONGEST.items():
        if len(str(getattr(row, column) or "")) > most:
            yield Wrong(row.number, column, _("太长，最多 {n} 个字符").format(n=most))
    login = login_of(row.login)
    if trouble := _login_trouble(row.login):
        yield Wrong(row.number, "login", trouble)
    account = known.accounts.get(login)
    if account and account.disabled_at is not None:
        yield Wrong(row.number, "login", _("这个账号已停用，请先重新启用"))
    if account is None and not row.person:
        yield Wrong(row.number, "person", _("新账号要填姓名"))
    if row.email and ("@" not in row.email.strip("@") or any(one.isspace() for one in row.email)):
        yield Wrong(row.number, "email", _("“{email}”不是邮箱地址").format(email=row.email))
    yield from _wrong_appointment(row, known)
    if actor == f"account:{login}" and row.role and (row.role, row.unit) not in known.offices(login):
        yield Wrong(row.number, "role", _("不能给自己分配职责"))


def _wrong_appointment(row: Row, known: Known) -> Iterator[Wrong]:
    if row.role is None:
        reason = _("没有“{word}”这种职责").format(word=row.role_word) if row.role_word else _("没有填职责")
        yield Wrong(row.number, "role", reason)
    if row.unit and row.unit not in known.units:
        yield Wrong(row.number, "unit", _("没有名为“{name}”的单位").format(name=row.unit))
    if row.role in OF_UNITS and not row.unit:
        yield Wrong(row.number, "unit", _("填报人、审签人、审核人要填单位"))
    if row.role in DUTIES and row.unit:
        yield Wrong(row.number, "unit", _("系统、安全、审计管理员不填单位"))


def _login_trouble(typed: str) -> str:
    if not typed:
        return _("没有填账号")
    try:
        accounts.must_be_a_login(login_of(typed))
    except LoginRefused as error:
        return error.for_person.rstrip("。")
    return ""


def _wrong_together(rows: Sequence[Row], known: Known, *, strictly: bool) -> Iterator[Wrong]:
    """What can only be seen by looking at all rows of one account."""
    for login, own in by_login(rows).items():
        for column in ("person", "phone", "email"):
            said = list(dict.fromkeys(getattr(row, column) for row in own if getattr(row, column)))
            if len(said) > 1:
                yield Wrong(own[-1].number, column, _("同一账号前后不一致：{values}").format(values="、".join(said)))
        roles = {role for role, _ in known.offices(login)} | {row.role for row in own if row.role}
        if strictly and come_together(roles):
            yield Wrong(own[-1].number, "role", _("审计管理员不能同时是系统管理员或安全管理员（三员分立）"))
