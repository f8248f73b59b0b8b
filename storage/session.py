"""The engine, and the one way to open a transaction."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from threading import RLock
from typing import Any, TypeVar, cast
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, CursorResult, Engine, Select, Update, create_engine, event, make_url
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from storage.settings import Settings
from storage.silence import Patience, watch

Row = TypeVar("Row")

READING = "nianbao_reading"
WAIT_FOR_LOCK_SECONDS = 20
_TURNS: WeakKeyDictionary[Engine, AbstractContextManager[object]] = WeakKeyDictionary()


def make_engine(settings: Settings) -> Engine:
    """An engine of this process; made after a fork, never carried through one."""
    if settings.database_url.startswith("sqlite"):
        return _sqlite(settings.database_url)
    return _postgresql(settings.database_url, Patience(settings.database_patience_seconds))


@contextmanager
def session_scope(engine: Engine) -> Iterator[Session]:
    """One transaction that may write: committed at the end, rolled back by any exception."""
    with _turn(engine), Session(engine, expire_on_commit=False) as session, session.begin():
        yield session


@contextmanager
def reading_scope(engine: Engine) -> Iterator[Session]:
    """One transaction that only reads, and so never waits for a writer."""
    reading = engine.execution_options(**{READING: True, "postgresql_readonly": True})
    with Session(reading, expire_on_commit=False) as session, session.begin():
        yield session


def find_or_add(session: Session, wanted: Select[Row], new: Row) -> Row:
    """The row that is wanted; of many who add it at once, all get the first one's."""
    if (found := session.scalar(wanted)) is not None:
        return found
    try:
        with session.begin_nested():
            session.add(new)
    except IntegrityError:
        return session.scalars(wanted).one()
    return new


def rows_changed(session: Session, statement: Update) -> int:
    """How many rows an UPDATE changed, which says who won."""
    result = session.execute(statement, execution_options={"synchronize_session": False})
    return cast("CursorResult[Any]", result).rowcount


def _turn(engine: Engine) -> AbstractContextManager[object]:
    """The right to write to SQLite, which has one writer: threads of a process stand in line for it.

    Without a line each of them would look again now and then, at most ten times a second, while the lock lies free.
    """
    return _TURNS.setdefault(engine, RLock()) if engine.dialect.name == "sqlite" else nullcontext()


def _sqlite(url: str) -> Engine:
    if database := make_url(url).database:
        Path(database).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Reports are nobody else's business before they are published. What lies beside it gets the same mode.
        Path(database).touch(mode=0o600)
    engine = create_engine(url, connect_args={"timeout": WAIT_FOR_LOCK_SECONDS}, hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # The driver would delay BEGIN until the first write; then two that read first refuse each other at once.
    connection.isolation_level = None
    connection.execute("PRAGMA journal_mode = WAL")
    # NORMAL may forget the last accepted reports in a power cut.
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")


def _begin_sqlite(connection: Connection) -> None:
    reading = connection.get_execution_options().get(READING)
    connection.exec_driver_sql(f"PRAGMA query_only = {'ON' if reading else 'OFF'}")
    connection.exec_driver_sql("BEGIN DEFERRED" if reading else "BEGIN IMMEDIATE")


def _postgresql(url: str, patience: Patience) -> Engine:
    options = f"-c timezone=UTC -c lock_timeout={WAIT_FOR_LOCK_SECONDS}s -c statement_timeout=60s"
    engine = create_engine(
        make_url(url).set(drivername="postgresql+psycopg"),
        pool_pre_ping=True,
        isolation_level="READ COMMITTED",
        hide_parameters=True,
        connect_args={"connect_timeout": patience.connect, "options": options, "tcp_user_timeout": 30_000},
    )
    watch(engine, patience)
    return engine
