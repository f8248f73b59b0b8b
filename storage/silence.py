"""A PostgreSQL that says nothing: asked by another way whether it still works on what it was told, and given up if not.

Without this a request would wait as long as the network lets it: for a server that stands still, or that a broken
network keeps from us, that is for ever. A statement that takes long, or that waits for a lock, is waited for.
"""

import time
from collections.abc import Generator
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Final, TypeVar

import psycopg
from psycopg.abc import PQGen
from sqlalchemy import Engine, event

Outcome = TypeVar("Outcome")

# Who was just found away is not looked for by everybody in turn.
_REMEMBERED_SECONDS: Final = 1.0
_WORKS: Final = "SELECT coalesce(state, '') NOT LIKE 'idle%%' FROM pg_stat_activity WHERE pid = %s"


class ServerSilent(psycopg.OperationalError):
    """The database does not answer, and does not say on another way either that it is at work for us."""


@dataclass(frozen=True)
class Patience:
    """How long is waited for what, when so many seconds must do for all of it."""

    seconds: float

    @property
    def silent(self) -> float:
        return self.seconds * 0.3

    @property
    def reached(self) -> int:
        # As short as PostgreSQL's own library lets us wait.
        return max(2, round(self.seconds * 0.4))

    @property
    def asked(self) -> float:
        return self.seconds * 0.2

    @property
    def connect(self) -> int:
        return max(2, round(self.seconds * 0.7))


@dataclass
class _Server:
    """What all connections of an engine know of the server."""

    patience: Patience
    away_until: float = 0.0
    # One looks for all; the others wait for what it finds.
    looking: Lock = field(default_factory=Lock)

    @property
    def is_away(self) -> bool:
        return time.monotonic() < self.away_until

    def note_away(self) -> None:
        self.away_until = time.monotonic() + _REMEMBERED_SECONDS


class _Brief(psycopg.Connection[Any]):
    """A connection for one question, not waited for."""

    seconds = 1.0

    def wait(self, gen: PQGen[Outcome], interval: float = 0.1, timeout: float | None = None) -> Outcome:
        return super().wait(gen, interval, timeout or self.seconds)


class Watched(psycopg.Connection[Any]):
    """A connection that does not wait for somebody who is not there."""

    server: _Server | None = None
    called: tuple[tuple[Any, ...], dict[str, Any]] = ((), {})

    def wait(self, gen: PQGen[Outcome], interval: float = 0.1, timeout: float | None = None) -> Outcome:
        """As `psycopg.Connection` does it, looking up now and then."""
        watched = self._watched(gen, self.server) if self.server else gen
        return super().wait(watched, interval, timeout)

    def _watched(self, gen: PQGen[Outcome], server: _Server) -> Generator[Any, Any, Outcome]:
        heard = time.monotonic()
        try:
            wants = next(gen)
            while True:
                ready = yield wants
                if ready or (time.monotonic() - heard > server.patience.silent and self._is_at_work(server)):
                    heard = time.monotonic()
                wants = gen.send(ready)
        except StopIteration as end:
            outcome: Outcome = end.value
            return outcome

    def _is_at_work(self, server: _Server) -> bool:
        """Whether the server was just found at work for us; ServerSilent when it is not there, or does nothing."""
        if server.is_away:
            self._give_up("it was just found away")
        if not server.looking.acquire(blocking=False):
            return False
        try:
            works = self._asked_otherwise(server.patience)
        # A wait that is over is no error of the database's in psycopg.
        except Exception as error:
            server.note_away()
            self._give_up(repr(error))
        finally:
            server.looking.release()
        if not works:
            self._give_up("it answers others, and is not at work for us")
        return True

    def _asked_otherwise(self, patience: Patience) -> bool:
        words, named = self.called
        other = _Brief.connect(*words, **{**named, "connect_timeout": patience.reached, "autocommit": True})
        other.seconds = patience.asked
        try:
            row = other.execute(_WORKS, (self.pgconn.backend_pid,)).fetchone()
        finally:
            other.pgconn.finish()
        return bool(row and row[0])

    def _give_up(self, why: str) -> None:
        self.pgconn.finish()
        raise ServerSilent(f"the database says nothing: {why}")


def watch(engine: Engine, patience: Patience) -> None:
    """Let no connection of this engine wait for a server that is not there."""
    server = _Server(patience)

    def connect(_dialect: object, _record: object, words: Any, named: Any) -> Watched:
        if server.is_away:
            raise ServerSilent("the database was just found away")
        try:
            connection = Watched.connect(*words, **named)
        except psycopg.errors.ConnectionTimeout:
            server.note_away()
            raise
        connection.server, connection.called = server, (tuple(words), dict(named))
        return connection

    event.listen(engine, "do_connect", connect)
