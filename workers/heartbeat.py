"""A worker's heart: a thread that tells the database, every few seconds, that its process is alive."""

from threading import Event, Thread

import structlog
from sqlalchemy import Engine

from storage.making import presence
from storage.making.presence import Badge
from storage.session import session_scope
from workers.stages import Stopwatch

log = structlog.get_logger(__name__)


class Heart:
    """Beats in the process that makes documents, so that a kill of that very process is noticed."""

    def __init__(self, engine: Engine, badge: Badge, seconds: float, watch: Stopwatch) -> None:
        self._engine, self._badge, self._seconds, self._watch = engine, badge, seconds, watch
        self._stop = Event()
        self._thread = Thread(target=self._beat, name="heartbeat", daemon=True)

    def start(self) -> None:
        """Arrive, and beat from now on."""
        with session_scope(self._engine) as session:
            presence.arrive(session, self._badge)
        self._thread.start()

    def stop(self) -> None:
        """Beat no more, and leave: whatever is still held goes back."""
        self._stop.set()
        self._thread.join()
        with session_scope(self._engine) as session:
            presence.leave(session, self._badge)

    def _beat(self) -> None:
        while not self._stop.wait(self._seconds):
            try:
                with session_scope(self._engine) as session:
                    presence.beat(session, self._badge, self._watch.stage)
            except Exception as error:
                # The database is away: a heart that stopped for that would never be heard again.
                log.warning("heartbeat_failed", worker=self._badge.boot_id, error=repr(error))
