"""What is being done with a document at this moment, and how long each stage of it took."""

import time
from collections.abc import Callable

from storage.tables import Stage

# Told of each stage when it begins.
Begins = Callable[[Stage], object]


class Stopwatch:
    """Told of every stage that begins; the heart reads `stage` from its own thread."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.stage: Stage | None = None
        self._clock = clock
        self._began = 0.0
        self._seconds: dict[str, float] = {}

    def begin(self, stage: Stage) -> None:
        """The stage before is over, this one begins."""
        self._stop()
        self.stage, self._began = stage, self._clock()

    def seconds(self) -> dict[str, float]:
        """How long each stage took, to the millisecond; the one that is still going on, until now."""
        told = dict(self._seconds)
        if self.stage:
            told[self.stage.value] = told.get(self.stage.value, 0) + self._clock() - self._began
        return {stage: round(seconds, 3) for stage, seconds in told.items()}

    def reset(self) -> None:
        """The document is done with."""
        self.stage, self._seconds = None, {}

    def _stop(self) -> None:
        if self.stage:
            self._seconds = self.seconds()
