"""A PostgreSQL that says nothing is given up; one that is at work, or waits for a lock, is waited for."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import Engine, make_url, text
from sqlalchemy.exc import OperationalError

from storage.session import make_engine
from storage.settings import Settings
from tests.faults.proxy import Proxy

PATIENCE = 10.0


@pytest.fixture
def way(province: Settings) -> Iterator[Proxy]:
    """The way to the database, which may be spoilt."""
    address = make_url(province.database_url)
    proxy = Proxy(Path(str(address.query["host"])) / ".s.PGSQL.5432", Random(1))
    yield proxy
    proxy.close()


@pytest.fixture
def engine(province: Settings, way: Proxy) -> Iterator[Engine]:
    far = make_url(province.database_url).set(host="127.0.0.1", port=way.port, query={})
    told = {"database_url": far.render_as_string(hide_password=False), "database_patience_seconds": PATIENCE}
    engine = make_engine(province.model_copy(update=told))
    yield engine
    way.heal()
    engine.dispose()


def test_one_that_is_behind_a_hole_is_given_up(engine: Engine, way: Proxy) -> None:
    with engine.connect() as connection:
        connection.execute(text("SELECT 1"))
        way.is_hole = True
        with pytest.raises(OperationalError, match="says nothing"):
            connection.execute(text("SELECT 1"))


def test_one_that_answers_others_and_never_got_our_question_is_given_up(engine: Engine, way: Proxy) -> None:
    with engine.connect() as connection:
        connection.execute(text("SELECT 1"))
        way.deafen()
        with pytest.raises(OperationalError, match="says nothing"):
            connection.execute(text("SELECT 1"))
    # The next connection is a good one, as soon as nobody remembers.
    for again in range(60):
        try:
            with engine.connect() as connection:
                assert connection.execute(text("SELECT 1")).scalar_one() == 1
        except OperationalError:
            time.sleep(0.5)
            assert again < 59
        else:
            return


def test_one_that_works_on_it_for_long_is_waited_for(engine: Engine) -> None:
    with engine.connect() as connection:
        assert connection.execute(text(f"SELECT pg_sleep({PATIENCE * 0.5}), 1")).one()[1] == 1


def test_one_that_waits_for_a_lock_is_waited_for(engine: Engine) -> None:
    with engine.connect() as holder, engine.connect() as waiter:
        holder.execute(text("SELECT pg_advisory_lock(1)"))
        release = threading.Timer(PATIENCE * 0.5, lambda: holder.execute(text("SELECT pg_advisory_unlock(1)")))
        release.start()
        assert waiter.execute(text("SELECT pg_advisory_lock(1), 1")).one()[1] == 1
        release.join()
