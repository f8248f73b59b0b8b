"""Who has not come for long is put out of force: clerks after more than a year, all others after a season."""

import pytest
from sqlalchemy import Engine, select, update

from storage.clock import seconds_ago
from storage.people.accounts import appoint, create_account, enable
from storage.people.idleness import disable_idle, is_idle
from storage.session import session_scope
from storage.settings import Settings
from storage.tables import Account, Role, Unit
from tests.units import ADMINISTRATOR

DAY = 86400
NEVER = {"account_idle_days": 0, "clerk_idle_days": 0}


@pytest.fixture
def rules(either: Settings) -> Settings:
    return either


def admit(engine: Engine, login: str, role: Role, days: float, *, active: bool = True) -> int:
    """Somebody who came for the last time so many days ago."""
    with session_scope(engine) as session:
        unit = session.scalar(select(Unit)) or Unit(name="临溪县档案局")
        session.add(unit)
        session.flush()
        account = create_account(session, login, login, ADMINISTRATOR)
        appoint(session, account, role, unit if role in (Role.CLERK, Role.HEAD, Role.REVIEWER) else None, ADMINISTRATOR)
        then = seconds_ago(days * DAY)
        kept = {"created_at": then, "signed_in_at": then, "password_hash": "a hash" if active else None}
        session.execute(update(Account).where(Account.id == account.id).values(**kept))
        return account.id


def rested(engine: Engine, settings: Settings) -> list[str]:
    with session_scope(engine) as session:
        return [account.login for account in disable_idle(session, settings)]


@pytest.mark.parametrize(
    ("role", "days", "goes"),
    [
        (Role.REVIEWER, 89, False),
        (Role.REVIEWER, 91, True),
        (Role.CLERK, 91, False),
        (Role.CLERK, 449, False),
        (Role.CLERK, 451, True),
        (Role.HEAD, 451, True),
    ],
)
def test_each_role_has_its_own_patience(engine: Engine, rules: Settings, role: Role, days: int, goes: bool) -> None:
    admit(engine, "somebody", role, days)
    assert rested(engine, rules) == (["somebody"] if goes else [])
    assert rested(engine, rules) == []


def test_the_last_of_a_duty_stays_however_long(engine: Engine, rules: Settings) -> None:
    admit(engine, "audit", Role.AUDIT, 400)
    assert rested(engine, rules) == []
    admit(engine, "another", Role.AUDIT, 1)
    assert rested(engine, rules) == ["audit"]


def test_who_waits_for_an_invitation_is_not_idle(engine: Engine, rules: Settings) -> None:
    admit(engine, "invited", Role.REVIEWER, 400, active=False)
    assert rested(engine, rules) == []


def test_who_is_put_back_has_the_whole_time_again(engine: Engine, rules: Settings) -> None:
    id = admit(engine, "limin", Role.REVIEWER, 91)
    assert rested(engine, rules) == ["limin"]
    with session_scope(engine) as session:
        assert enable(session, session.get_one(Account, id), ADMINISTRATOR)
    assert rested(engine, rules) == []
    with session_scope(engine) as session:
        assert not is_idle(session, session.get_one(Account, id), rules)


def test_an_installation_that_wants_nobody_to_go_says_so(engine: Engine, rules: Settings) -> None:
    admit(engine, "limin", Role.REVIEWER, 5000)
    admit(engine, "wangfang", Role.CLERK, 5000)
    assert rested(engine, rules.model_copy(update=NEVER)) == []
    assert sorted(rested(engine, rules)) == ["limin", "wangfang"]
