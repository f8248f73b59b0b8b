"""Who guesses is slowed down and stopped; who is guessed at is not locked out."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, func, make_url, select, update

from storage.clock import now, seconds_ago
from storage.people import lockout
from storage.people.lockout import LOCK_SECONDS, MOST_FROM_ADDRESS, admit, failures, forgive
from storage.session import session_scope
from storage.settings import Settings
from storage.tables import LoginFailure
from tests.racing import race

HERE, ELSEWHERE = "10.0.0.1", "10.0.0.2"
# The waits are as long as a busy machine may need between two attempts, and longer.
AFTER_THREE, AFTER_FOUR = 100, 200


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lockout, "WAITS", (0, 0, 0, AFTER_THREE, AFTER_FOUR, LOCK_SECONDS))


def attempt(engine: Engine, login: str = "wangfang", address: str = HERE) -> float:
    """One more attempt that fails; the seconds it is too early, or 0 when it was let through."""
    with session_scope(engine) as session:
        until = admit(session, login, address)
        moment = session.scalars(select(now())).one()
    return (until - moment).total_seconds() if until else 0


def wait(engine: Engine, seconds: float) -> None:
    """As if so many seconds had gone by."""
    with session_scope(engine) as session:
        for row in session.scalars(select(LoginFailure)):
            row.at -= timedelta(seconds=seconds)


def fail(engine: Engine, times: int, login: str = "wangfang", address: str = HERE) -> None:
    for number in range(times):
        assert attempt(engine, login, address) == 0
        wait(engine, AFTER_FOUR if number > 1 else 0)


def test_after_three_failures_it_slows_down_and_after_five_it_stops(engine: Engine) -> None:
    fail(engine, 2)
    assert attempt(engine) == 0
    assert 0 < attempt(engine) <= AFTER_THREE
    wait(engine, AFTER_THREE)
    assert attempt(engine) == 0
    assert 0 < attempt(engine) <= AFTER_FOUR
    wait(engine, AFTER_FOUR)
    assert attempt(engine) == 0
    assert AFTER_FOUR < attempt(engine) <= LOCK_SECONDS


def test_after_a_quarter_of_an_hour_it_goes_on(engine: Engine) -> None:
    fail(engine, 5)
    assert attempt(engine) > 60
    wait(engine, LOCK_SECONDS)
    assert attempt(engine) == 0


def test_what_is_refused_does_not_lengthen_the_lock(engine: Engine) -> None:
    fail(engine, 5)
    for _ in range(10):
        assert attempt(engine) > 0
    with session_scope(engine) as session:
        assert failures(session, "wangfang", HERE) == 5


def test_the_same_person_is_let_in_at_another_place(engine: Engine) -> None:
    fail(engine, 5)
    assert attempt(engine) > 0
    assert attempt(engine, address=ELSEWHERE) == 0


def test_another_person_is_let_in_at_the_same_place(engine: Engine) -> None:
    fail(engine, 5)
    assert attempt(engine, "limin") == 0


def test_a_name_is_counted_however_it_is_typed(engine: Engine) -> None:
    for typed in ("wangfang", "WangFang", " ｗａｎｇｆａｎｇ "):
        assert attempt(engine, typed) == 0
    assert attempt(engine) > 0


def test_who_tries_many_names_in_turn_is_stopped_with_every_name(engine: Engine) -> None:
    for number in range(MOST_FROM_ADDRESS):
        assert attempt(engine, f"name-{number}") == 0
    assert attempt(engine, "one-more") > 0
    assert attempt(engine, "one-more", ELSEWHERE) == 0
    wait(engine, LOCK_SECONDS)
    assert attempt(engine, "one-more") == 0


def test_a_success_forgets_the_failures_before_it(engine: Engine) -> None:
    fail(engine, 4)
    with session_scope(engine) as session:
        forgive(session, "wangfang", HERE)
    fail(engine, 2)


def test_what_was_typed_as_a_name_is_not_kept(engine: Engine) -> None:
    attempt(engine, "my secret password")
    with session_scope(engine) as session:
        row = session.scalars(select(LoginFailure)).one()
        assert "secret" not in f"{row.login_sha256} {row.address}"


def test_old_failures_are_forgotten(engine: Engine) -> None:
    attempt(engine, "limin")
    with session_scope(engine) as session:
        session.execute(update(LoginFailure).values(at=seconds_ago(2 * 86400)))
    attempt(engine)
    with session_scope(engine) as session:
        assert session.scalars(select(func.count()).select_from(LoginFailure)).one() == 1


def let_through_of_a_rush(engine: Engine) -> int:
    """Twenty who guess at once; how many of them get as far as the password."""
    return race(20, lambda _: attempt(engine)).count(0)


def test_twenty_who_guess_at_once_get_no_further_than_one_after_the_other(engine: Engine) -> None:
    assert let_through_of_a_rush(engine) == 3


def test_without_its_guard_a_rush_would_get_through(province_engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lockout, "_one_at_a_time", lambda *_: None)
    monkeypatch.setattr(lockout, "_closed_until", slowly(lockout._closed_until))
    assert let_through_of_a_rush(province_engine) > 3


def slowly(ask: Callable[..., Any]) -> Callable[..., Any]:
    """Nobody goes on before all have asked."""
    together = Barrier(20)

    def asked(*arguments: Any) -> Any:
        answer = ask(*arguments)
        together.wait()
        return answer

    return asked


@pytest.fixture
def province_engine(province: Settings) -> Iterator[Engine]:
    """PostgreSQL: SQLite lets only one in at a time by itself."""
    engine = create_engine(make_url(province.database_url).set(drivername="postgresql+psycopg"), pool_size=20)
    yield engine
    engine.dispose()
