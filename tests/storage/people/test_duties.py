"""Nobody appoints himself, nobody audits himself, and no duty is left without anybody."""

import pytest
from sqlalchemy import Engine, select

from storage.people.accounts import appoint, create_account, disable, dismiss
from storage.people.duties import DutyRefused, come_together, must_stay_apart, watch_themselves
from storage.session import reading_scope, session_scope
from storage.tables import Account, Role
from tests.racing import race
from tests.units import ADMINISTRATOR


def admit(engine: Engine, login: str, *roles: Role, active: bool = True) -> Account:
    with session_scope(engine) as session:
        account = create_account(session, login, login, ADMINISTRATOR)
        account.password_hash = "a hash" if active else None
        for role in roles:
            appoint(session, account, role, None, ADMINISTRATOR)
        return account


@pytest.mark.parametrize("role", [Role.SYSTEM, Role.SECURITY, Role.AUDIT])
def test_nobody_gives_himself_a_duty(engine: Engine, role: Role) -> None:
    account = admit(engine, "zhaoqiang", Role.SECURITY)
    with session_scope(engine) as session, pytest.raises(DutyRefused, match="不能给自己"):
        appoint(session, account, role, None, "account:zhaoqiang")
    with session_scope(engine) as session:
        appoint(session, account, Role.SYSTEM, None, "account:limin")


@pytest.mark.parametrize("role", [Role.SYSTEM, Role.SECURITY, Role.AUDIT])
def test_the_last_of_a_duty_stays(engine: Engine, role: Role) -> None:
    last = admit(engine, "last", role)
    # One who was invited and never came holds nothing together.
    admit(engine, "invited", role, active=False)
    for remove in (lambda s: disable(s, last, ADMINISTRATOR), lambda s: dismiss(s, last, role, None, ADMINISTRATOR)):
        with session_scope(engine) as session, pytest.raises(DutyRefused, match="最后一位"):
            remove(session)
    admit(engine, "second", role)
    with session_scope(engine) as session:
        assert dismiss(session, session.get_one(Account, last.id), role, None, ADMINISTRATOR)


def test_two_who_remove_each_other_leave_one(engine: Engine) -> None:
    both = [admit(engine, name, Role.SECURITY) for name in ("first", "second")]

    def remove(number: int) -> bool:
        try:
            with session_scope(engine) as session:
                return disable(session, session.get_one(Account, both[number].id), ADMINISTRATOR)
        except DutyRefused:
            return False

    removed: list[bool] = []
    race(2, lambda number: removed.append(remove(number)))
    assert sorted(removed) == [False, True]


@pytest.mark.parametrize(
    ("roles", "together"),
    [
        ({Role.AUDIT, Role.SECURITY}, True),
        ({Role.AUDIT, Role.SYSTEM}, True),
        ({Role.SYSTEM, Role.SECURITY}, False),
        ({Role.AUDIT, Role.REVIEWER}, False),
        ({Role.AUDIT}, False),
    ],
)
def test_who_audits_administers_nothing(roles: set[Role], together: bool) -> None:
    assert come_together(roles) is together


def test_what_must_be_apart_is_refused_or_told_as_the_profile_has_it(engine: Engine) -> None:
    account = admit(engine, "one", Role.SECURITY)
    with session_scope(engine) as session:
        with pytest.raises(DutyRefused, match="三员分立"):
            must_stay_apart(session, account, Role.AUDIT, strictly=True)
        assert must_stay_apart(session, account, Role.AUDIT, strictly=False)
        assert not must_stay_apart(session, account, Role.SYSTEM, strictly=True)
        appoint(session, account, Role.AUDIT, None, ADMINISTRATOR)
    with reading_scope(engine) as session:
        assert [one.login for one in watch_themselves(session)] == ["one"]
        assert session.scalars(select(Account.login)).all() == ["one"]
