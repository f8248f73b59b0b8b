"""What somebody would have seen who watched the numbers all the time."""

from threading import Event, Thread

from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from storage.session import reading_scope

LOOK = "SELECT count(*), coalesce(sum(CASE WHEN state IN ('done', 'failed') THEN 1 ELSE 0 END), 0) FROM job"


class Progress:
    """A thread that looks ten times a second."""

    def __init__(self, engine: Engine) -> None:
        self.seen: list[tuple[int, int]] = []
        self._engine = engine
        self._stop = Event()
        self._thread = Thread(target=self._watch, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._stop.wait(0.1):
            try:
                with reading_scope(self._engine) as session:
                    ordered, final = session.execute(text(LOOK)).one()
            except SQLAlchemyError:
                # A database that is full or away shows nobody anything.
                continue
            self.seen.append((int(ordered), int(final)))
