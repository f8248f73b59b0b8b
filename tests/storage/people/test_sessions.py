"""A browser is signed in until it leaves, is not used, has been in too long, or somebody ends it."""

import pytest
from sqlalchemy import Engine, select, update

from storage.clock import seconds_ago
from storage.people.accounts import create_account, disable
from storage.people.sessions import close_session, find_session, forget_old, open_session, sessions_of, touch
from storage.session import session_scope
from storage.settings import Settings
from storage.tables import Account, AuditEvent, LoginSession
from tests.units import ADMINISTRATOR


@pytest.fixture
def account(engine: Engine) -> Account:
    with session_scope(engine) as session:
        return create_account(session, "wangfang", "王芳", ADMINISTRATOR)


def signed_in(engine: Engine, account: Account, browser: str = "Chrome") -> str:
    with session_scope(engine) as session:
        return open_session(session, session.get_one(Account, account.id), "10.0.0.1", browser)


def is_in(engine: Engine, settings: Settings, token: str) -> bool:
    with session_scope(engine) as session:
        return find_session(session, token, settings) is not None


def age(engine: Engine, **seconds: float) -> None:
    """As if every session had been opened, or seen, so long ago."""
    with session_scope(engine) as session:
        session.execute(update(LoginSession).values({name: seconds_ago(ago) for name, ago in seconds.items()}))


def test_a_token_opens_its_own_session_and_a_guess_opens_none(
    engine: Engine, either: Settings, account: Account
) -> None:
    tokens = [signed_in(engine, account) for _ in range(2)]
    assert len(set(tokens)) == 2
    assert all(is_in(engine, either, token) for token in tokens)
    assert not any(is_in(engine, either, guess) for guess in ("", "x", tokens[0][:-1], tokens[0].lower()))


def test_the_database_does_not_know_the_token(engine: Engine, account: Account) -> None:
    token = signed_in(engine, account)
    assert len(token) >= 43, "256 bits"
    with session_scope(engine) as session:
        rows = [*session.scalars(select(LoginSession)), *session.scalars(select(AuditEvent))]
        assert token not in str([vars(row) for row in rows])


@pytest.mark.parametrize(
    ("ago", "lasts"),
    [
        ({"seen_at": 29 * 60}, True),
        ({"seen_at": 31 * 60}, False),
        ({"opened_at": 7.9 * 3600}, True),
        ({"opened_at": 8.1 * 3600}, False),
    ],
)
def test_it_is_over_when_unused_or_too_old(
    engine: Engine, either: Settings, account: Account, ago: dict[str, float], lasts: bool
) -> None:
    token = signed_in(engine, account)
    age(engine, **ago)
    assert is_in(engine, either, token) is lasts
    with session_scope(engine) as session:
        forget_old(session, either)
        assert len(session.scalars(select(LoginSession)).all()) == lasts


def test_an_office_may_want_it_shorter(engine: Engine, either: Settings, account: Account) -> None:
    token = signed_in(engine, account)
    age(engine, seen_at=70)
    assert not is_in(engine, either.model_copy(update={"session_idle_seconds": 60}), token)


def test_being_seen_is_written_once_a_minute(engine: Engine, either: Settings, account: Account) -> None:
    token = signed_in(engine, account)

    def seen() -> tuple[bool, bool]:
        with session_scope(engine) as session:
            found = find_session(session, token, either)
            assert found is not None
            return found.is_stale, touch(session, found.id)

    assert seen() == (False, False)
    age(engine, seen_at=61)
    assert seen() == (True, True)
    assert seen() == (False, False)


def test_the_sessions_of_an_account_are_listed_and_ended_one_by_one(
    engine: Engine, either: Settings, account: Account
) -> None:
    first, second = signed_in(engine, account, "WPS"), signed_in(engine, account, "Edge")
    with session_scope(engine) as session:
        own = session.get_one(Account, account.id)
        other = create_account(session, "limin", "李敏", ADMINISTRATOR)
        assert [one.browser for one in sessions_of(session, own.id, either)] == ["Edge", "WPS"]
        [wps] = session.scalars(select(LoginSession).where(LoginSession.browser == "WPS"))
        assert not close_session(session, other, wps.public_id), "somebody else's"
        assert close_session(session, own, wps.public_id)
        assert not close_session(session, own, wps.public_id)
    assert not is_in(engine, either, first)
    assert is_in(engine, either, second)


def test_a_disabled_account_has_no_session_even_if_one_is_left(
    engine: Engine, either: Settings, account: Account
) -> None:
    with session_scope(engine) as session:
        assert disable(session, session.get_one(Account, account.id), ADMINISTRATOR)
    late = signed_in(engine, account)
    assert not is_in(engine, either, late)


def test_a_long_name_of_a_browser_is_cut(engine: Engine, account: Account) -> None:
    signed_in(engine, account, "x" * 10_000)
    with session_scope(engine) as session:
        assert len(session.scalars(select(LoginSession)).one().browser) == 300
