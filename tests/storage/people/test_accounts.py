"""Accounts: made once, however the name is typed; appointed to what fits; out of force at once and completely."""

import pytest
from sqlalchemy import Engine, func, select

from storage import audit
from storage.clock import seconds_from_now
from storage.people.accounts import (
    AppointmentRefused,
    LoginRefused,
    appoint,
    create_account,
    disable,
    dismiss,
    enable,
    find_account,
    load_person,
)
from storage.session import reading_scope, session_scope
from storage.tables import Account, Appointment, AuditEvent, Invitation, LoginSession, Role, Unit
from tests.units import ADMINISTRATOR


def account_of(engine: Engine, login: str = "wangfang") -> Account:
    with session_scope(engine) as session:
        return create_account(session, login, "王芳", ADMINISTRATOR, "0571-88001122")


def actions(engine: Engine) -> list[str]:
    with reading_scope(engine) as session:
        assert audit.verify_chain(session) is None
        return list(session.scalars(select(AuditEvent.action).order_by(AuditEvent.number)))


def test_an_account_begins_without_password_and_without_rights(engine: Engine) -> None:
    account = account_of(engine)
    assert (account.password_hash, account.disabled_at) == (None, None)
    with reading_scope(engine) as session:
        person = load_person(session, account.id)
    assert person is not None
    assert (person.person, person.phone, person.appointments) == ("王芳", "0571-88001122", ())


@pytest.mark.parametrize("typed", ["WangFang", " wangfang ", "ｗａｎｇｆａｎｇ"])
def test_a_name_is_the_same_however_it_is_typed(engine: Engine, typed: str) -> None:
    account = account_of(engine)
    with session_scope(engine) as session:
        found = find_account(session, typed)
        assert found is not None
        assert found.id == account.id
        with pytest.raises(LoginRefused, match="已有账号“wangfang”"):
            create_account(session, typed, "别人", ADMINISTRATOR)


@pytest.mark.parametrize("typed", ["", "王", "wang fang", "wang/fang", "<b>", "a" * 65, "wang\nfang"])
def test_what_cannot_be_a_name_is_refused_with_what_could(engine: Engine, typed: str) -> None:
    with session_scope(engine) as session, pytest.raises(LoginRefused, match="2 至 64 个字母"):
        create_account(session, typed, "王芳", ADMINISTRATOR)


def test_a_role_given_twice_is_there_once(engine: Engine) -> None:
    account = account_of(engine)
    with session_scope(engine) as session:
        unit = Unit(name="临溪县档案局")
        session.add(unit)
        session.flush()
        for _ in range(2):
            appoint(session, account, Role.CLERK, unit, ADMINISTRATOR)
            appoint(session, account, Role.SYSTEM, None, ADMINISTRATOR)
        assert session.scalars(select(func.count()).select_from(Appointment)).one() == 2
    assert actions(engine).count("account.appointed") == 2


@pytest.mark.parametrize("role", Role)
def test_a_role_of_a_unit_needs_one_and_a_duty_takes_none(engine: Engine, role: Role) -> None:
    account = account_of(engine)
    needs_unit = role in (Role.CLERK, Role.HEAD, Role.REVIEWER)
    with session_scope(engine) as session:
        unit = Unit(name="临溪县档案局")
        session.add(unit)
        session.flush()
        with pytest.raises(AppointmentRefused, match="指定单位" if needs_unit else "不对应单位"):
            appoint(session, account, role, None if needs_unit else unit, ADMINISTRATOR)


def test_a_role_that_is_taken_away_is_gone(engine: Engine) -> None:
    account = account_of(engine)
    with session_scope(engine) as session:
        appoint(session, account, Role.SECURITY, None, ADMINISTRATOR)
        assert dismiss(session, account, Role.SECURITY, None, ADMINISTRATOR)
        assert not dismiss(session, account, Role.SECURITY, None, ADMINISTRATOR)
    with reading_scope(engine) as session:
        person = load_person(session, account.id)
    assert person is not None
    assert person.roles == set()
    assert actions(engine) == ["account.created", "account.appointed", "account.dismissed"]


def test_a_duty_that_two_gave_at_once_is_taken_away_by_one(engine: Engine) -> None:
    account = account_of(engine)
    with session_scope(engine) as session:
        # No constraint tells them apart: what has no unit is equal to nothing.
        session.add_all([Appointment(account_id=account.id, role=Role.SECURITY, unit_id=None) for _ in range(2)])
    with session_scope(engine) as session:
        assert dismiss(session, account, Role.SECURITY, None, ADMINISTRATOR)
    with reading_scope(engine) as session:
        person = load_person(session, account.id)
    assert person is not None
    assert person.roles == set()


def test_a_disabled_account_opens_nothing_and_leaves_no_browser_signed_in(engine: Engine) -> None:
    account = account_of(engine)
    with session_scope(engine) as session:
        session.add(LoginSession(token_sha256="0" * 64, account_id=account.id, address="10.0.0.1", browser="WPS"))
        session.add(Invitation(token_sha256="1" * 64, account_id=account.id, expires_at=seconds_from_now(60)))
    with session_scope(engine) as session:
        assert disable(session, session.get_one(Account, account.id), ADMINISTRATOR)
    with reading_scope(engine) as session:
        assert load_person(session, account.id) is None
        for table in (LoginSession, Invitation):
            assert session.scalars(select(func.count()).select_from(table)).one() == 0
    assert actions(engine) == ["account.created", "account.disabled"]


def test_a_disabled_account_comes_back_with_its_roles(engine: Engine) -> None:
    account = account_of(engine)
    with session_scope(engine) as session:
        appoint(session, account, Role.AUDIT, None, ADMINISTRATOR)
        assert disable(session, account, ADMINISTRATOR)
        assert not disable(session, account, ADMINISTRATOR)
        assert enable(session, account, ADMINISTRATOR)
        assert not enable(session, account, ADMINISTRATOR)
    with reading_scope(engine) as session:
        person = load_person(session, account.id)
    assert person is not None
    assert person.roles == {Role.AUDIT}
