"""Duties stay apart, and never without anybody: what three administrators are for, held against themselves as well."""

from collections.abc import Collection
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from reports.wording import _
from storage.people.policy import DUTIES
from storage.tables import Account, Appointment, Role

# Whoever looks over the shoulders of the other two is neither of them.
_WATCHED: Final = frozenset({Role.SYSTEM, Role.SECURITY})


class DutyRefused(ValueError):
    """Somebody would appoint himself, watch himself, or leave a duty without anybody."""

    code = "duty_refused"

    def __init__(self, for_person: str) -> None:
        self.for_person = for_person
        self.for_operator = "duties are apart, given by others, and never without anybody in force"
        super().__init__(for_person)


def must_be_given_by_others(account: Account, actor: str) -> None:
    """DutyRefused when somebody gives himself something to do."""
    if actor == f"account:{account.login}":
        raise DutyRefused(_("不能给自己分配职责。请由另一位安全管理员办理。"))


def must_stay_apart(session: Session, account: Account, role: Role, *, strictly: bool) -> bool:
    """Whether auditing and what is audited come together in one account: DutyRefused where that must not be."""
    together = come_together(roles_of(session, account) | {role})
    if together and strictly:
        told = _("审计管理员不能同时是系统管理员或安全管理员（三员分立）。请另建一个账号。")
        raise DutyRefused(told)
    return together


def come_together(roles: Collection[Role]) -> bool:
    """Whether one person would audit what the same person administers."""
    return Role.AUDIT in roles and not _WATCHED.isdisjoint(roles)


def must_not_be_the_last(session: Session, account: Account, roles: Collection[Role] = tuple(DUTIES)) -> None:
    """DutyRefused when nobody else in force would have a duty that this account has."""
    if last := last_of(session, account, roles):
        told = {
            Role.SYSTEM: _("这是最后一位系统管理员，不能停用或取消。请先另外任命一位，等他设置好密码。"),
            Role.SECURITY: _("这是最后一位安全管理员，不能停用或取消。请先另外任命一位，等他设置好密码。"),
            Role.AUDIT: _("这是最后一位审计管理员，不能停用或取消。请先另外任命一位，等他设置好密码。"),
        }
        raise DutyRefused(told[last])


def last_of(session: Session, account: Account, roles: Collection[Role] = tuple(DUTIES)) -> Role | None:
    """The duty that only this account has, of those in force; None when there is none, or it is not in force itself."""
    if account.disabled_at is not None or account.password_hash is None:
        return None
    for role in sorted(roles_of(session, account) & DUTIES & set(roles)):
        # Locked: of two who remove each other, the second finds himself the last.
        session.execute(
            select(Appointment.id).where(Appointment.role == role).order_by(Appointment.id).with_for_update()
        )
        if not _others(session, account, role):
            return role
    return None


def roles_of(session: Session, account: Account) -> frozenset[Role]:
    """What an account is appointed to."""
    return frozenset(session.scalars(select(Appointment.role).where(Appointment.account_id == account.id)))


def watch_themselves(session: Session) -> list[Account]:
    """The accounts in force in which auditing and what is audited have come together."""
    audits = select(Appointment.account_id).where(Appointment.role == Role.AUDIT)
    others = select(Appointment.account_id).where(Appointment.role.in_(_WATCHED))
    both = select(Account).where(Account.id.in_(audits), Account.id.in_(others), Account.disabled_at.is_(None))
    return list(session.scalars(both.order_by(Account.login)))


def _others(session: Session, account: Account, role: Role) -> int:
    in_force = (
        select(func.count(Account.id.distinct()))
        .join(Appointment, Appointment.account_id == Account.id)
        .where(Appointment.role == role, Account.id != account.id)
        .where(Account.disabled_at.is_(None), Account.password_hash.is_not(None))
    )
    return session.scalars(in_force).one()
