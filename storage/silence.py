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

# With the next two less than the five seconds after which a person takes a page for broken.
SILENT_SECONDS: Final = 1.5
# As short as PostgreSQL's own library lets us wait.
_REACHED_SECONDS: Final = 2
_ASKED_SECONDS: Final = 1.0
CONNECT_SECONDS: Final = 3
# Who was just found away is not looked for by everybody in turn.
_REMEMBERED_SECONDS: Final = 1.0
_WORKS: Final = "SELECT coalesce(state, '') NOT LIKE 'idle%' FROM pg_stat_activity WHERE pid = %s"


class ServerSilent(psycopg.OperationalError):
    """The database does not answer, and does not say on another way either that it is at work for us."""


@dataclass
class _Server:
    """What all connections of an engine know of the server."""

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

    def wait(self, gen: PQGen[Outcome], interval: float = 0.1, timeout: float | None = None) -> Outcome:
        return super().wait(gen, interval, timeout or _ASKED_SECONDS)


class Watched(psycopg.Connection[Any]):
    """A connection that does not wait for somebody who is not there."""

    server: _Server | None = None
    called: tuple[tuple[Any, ...], dict[str, Any]] = ((), {})

    def wait(self, gen: PQGen[Outcome], interval: float = 0.1, timeout: float | None = None) -> Outcome:
        """As `psycopg.Connection` does it, looking up now and then."""
        return super().wait(self._watched(gen) if self.server else gen, interval, timeout)

    def _watched(self, gen: PQGen[Outcome]) -> Generator[Any, Any, Outcome]:
        heard = time.monotonic()
        try:
            wants = next(gen)
            while True:
                ready = yield wants
                if ready or (time.monotonic() - heard > SILENT_SECONDS and self._is_at_work()):
                    heard = time.monotonic()
                wants = gen.send(ready)
        except StopIteration as end:
            outcome: Outcome = end.value
            return outcome

    def _is_at_work(self) -> bool:
        """Whether the server was just found at work for us; ServerSilent when it is not there, or does nothing."""
        server = self.server
        assert server is not None  # noqa: S101
        if server.is_away:
            self._give_up("it was just found away")
        if not server.looking.acquire(blocking=False):
            return False
        try:
            works = self._asked_otherwise()
        # A wait that is over is no error of the database's in psycopg.
        except Exception as error:
            server.note_away()
            self._give_up(repr(error))
        finally:
            server.looking.release()
        if not works:
            self._give_up("it answers others, and is not at work for us")
        return True

    def _asked_otherwise(self) -> bool:
        words, named = self.called
        other = _Brief.connect(*words, **{**named, "connect_timeout": _REACHED_SECONDS, "autocommit": True})
        try:
            row = other.execute(_WORKS, (self.pgconn.backend_pid,)).fetchone()
        finally:
            other.pgconn.finish()
        return bool(row and row[0])

    def _give_up(self, why: str) -> None:
        self.pgconn.finish()
        raise ServerSilent(f"the database says nothing: {why}")


def watch(engine: Engine) -> None:
    """Let no connection of this engine wait for a server that is not there."""
    server = _Server()

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
