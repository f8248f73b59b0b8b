"""Accounts of people: made, appointed, found, put out of force."""

import re
import unicodedata
from typing import Final

from sqlalchemy import Select, delete, select, update
from sqlalchemy.orm import Session

from reports.wording import _
from storage import audit
from storage.clock import now
from storage.people.duties import must_be_given_by_others, must_not_be_the_last
from storage.people.policy import OF_UNITS, Person
from storage.session import find_or_add, rows_changed
from storage.tables import Account, Appointment, Invitation, LoginSession, Role, Unit

_LOGIN: Final = re.compile(r"[\w.@-]{2,64}")


class LoginRefused(ValueError):
    """What was asked for as an account's name is taken, or cannot be one."""

    code = "login_refused"

    def __init__(self, login: str, for_person: str) -> None:
        self.for_person = for_person
        self.for_operator = f"account.login {login!r} is taken or malformed"
        super().__init__(for_person)


class AppointmentRefused(ValueError):
    """A role of a unit was given without one, or a duty with one."""

    code = "appointment_refused"

    def __init__(self, role: Role, unit: Unit | None) -> None:
        self.for_person = (
            _("填报人、审签人、审核人要指定单位。")
            if unit is None
            else _("系统、安全、审计管理员不对应单位，请不要填单位。")
        )
        self.for_operator = f"role {role.value} with unit {unit and unit.name!r}"
        super().__init__(self.for_person)


def login_of(typed: str) -> str:
    """A name as it is kept: however it is typed, in full width or capitals, it is the same account."""
    return unicodedata.normalize("NFKC", typed).strip().casefold()


def must_be_a_login(login: str) -> None:
    """LoginRefused for what cannot be the name of an account."""
    if not _LOGIN.fullmatch(login):
        raise LoginRefused(login, _("账号应是 2 至 64 个字母、数字或汉字，可以用 . _ - @，不能有空格。"))


def create_account(session: Session, login: str, person: str, actor: str, phone: str = "", email: str = "") -> Account:
    """A new account; it opens nothing until its invitation is used."""
    login = login_of(login)
    must_be_a_login(login)
    if find_account(session, login):
        raise LoginRefused(login, _("已有账号“{login}”，请换一个。").format(login=login))
    account = Account(login=login, person=person.strip() or login, phone=phone.strip(), email=email.strip())
    session.add(account)
    session.flush()
    audit.record(session, actor, "account.created", _subject(account), person=account.person)
    return account


def find_account(session: Session, login: str) -> Account | None:
    """The account of that name, in force or not."""
    return session.scalar(select(Account).where(Account.login == login_of(login)))


def find_account_by_id(session: Session, public_id: str) -> Account | None:
    """The account of that public id, in force or not."""
    return session.scalar(select(Account).where(Account.public_id == public_id))


def appoint(session: Session, account: Account, role: Role, unit: Unit | None, actor: str) -> None:
    """Give an account a role; one that it has already stays."""
    if (role in OF_UNITS) is (unit is None):
        raise AppointmentRefused(role, unit)
    must_be_given_by_others(account, actor)
    wanted = _appointment(account, role, unit)
    if session.scalar(wanted) is not None:
        return
    find_or_add(session, wanted, Appointment(account_id=account.id, role=role, unit_id=unit and unit.id))
    audit.record(session, actor, "account.appointed", _subject(account), role=role.value, unit=unit and unit.name)


def dismiss(session: Session, account: Account, role: Role, unit: Unit | None, actor: str) -> bool:
    """Take a role away; False when the account does not have it."""
    # Of a duty there can be two, when two gave it at once: a unit that is none is equal to no other.
    found = session.scalars(_appointment(account, role, unit)).all()
    if not found:
        return False
    must_not_be_the_last(session, account, (role,))
    for one in found:
        session.delete(one)
    audit.record(session, actor, "account.dismissed", _subject(account), role=role.value, unit=unit and unit.name)
    return True


def disable(session: Session, account: Account, actor: str, **detail: object) -> bool:
    """Put an account out of force, with its browsers and its invitation; False when it was already."""
    must_not_be_the_last(session, account)
    in_force = update(Account).where(Account.id == account.id, Account.disabled_at.is_(None))
    if rows_changed(session, in_force.values(disabled_at=now())) != 1:
        return False
    session.execute(delete(LoginSession).where(LoginSession.account_id == account.id))
    session.execute(delete(Invitation).where(Invitation.account_id == account.id))
    audit.record(session, actor, "account.disabled", _subject(account), **detail)
    return True


def enable(session: Session, account: Account, actor: str) -> bool:
    """Put an account back in force; False when it is."""
    disabled = update(Account).where(Account.id == account.id, Account.disabled_at.is_not(None))
    if rows_changed(session, disabled.values(disabled_at=None, enabled_at=now())) != 1:
        return False
    audit.record(session, actor, "account.enabled", _subject(account))
    return True


def load_person(session: Session, account_id: int) -> Person | None:
    """An account in force as policy sees it."""
    in_force = select(Account).where(Account.id == account_id, Account.disabled_at.is_(None))
    if (account := session.scalar(in_force)) is None:
        return None
    appointed = select(Appointment.role, Appointment.unit_id).where(Appointment.account_id == account.id)
    return Person(
        account_id=account.id,
        public_id=account.public_id,
        login=account.login,
        person=account.person,
        phone=account.phone,
        must_change=account.must_change,
        appointments=tuple((role, unit) for role, unit in session.execute(appointed.order_by(Appointment.id))),
    )


def _appointment(account: Account, role: Role, unit: Unit | None) -> Select[Appointment]:
    return select(Appointment).where(
        Appointment.account_id == account.id,
        Appointment.role == role,
        Appointment.unit_id.is_(None) if unit is None else Appointment.unit_id == unit.id,
    )


def _subject(account: Account) -> str:
    return f"account:{account.login}"
