"""How often somebody may ask for the same thing: counted in this process, which is the only one that serves the web.

Failed sign-ins are counted in the database, see `storage.lockout`; this is against programs that run wild.
"""

import functools
import math
import threading
import time
from collections.abc import Callable
from typing import Any, Final, TypeVar
from weakref import WeakKeyDictionary

from flask import Flask, current_app, g, request
from werkzeug.exceptions import TooManyRequests

View = TypeVar("View", bound=Callable[..., Any])
_MOST_REMEMBERED: Final = 10_000


class Bucket:
    """So many requests at once, refilled over so many seconds; for each caller apart."""

    def __init__(self, most: int, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._most, self._rate, self._clock = most, most / seconds, clock
        # By caller: what is left, and when that was.
        self._left: dict[str, tuple[float, float]] = {}
        self._lock = threading.Lock()

    def take(self, caller: str) -> float:
        """Take one; 0 when there was one, else the seconds until there is."""
        with self._lock:
            moment = self._clock()
            left, then = self._left.pop(caller, (float(self._most), moment))
            left = min(self._most, left + (moment - then) * self._rate)
            allowed = left >= 1
            # Put in again at the end, so that whoever has been silent longest is forgotten first.
            self._left[caller] = (left - allowed, moment)
            if len(self._left) > _MOST_REMEMBERED:
                del self._left[next(iter(self._left))]
        return 0.0 if allowed else (1 - left) / self._rate


def at_most(most: int, seconds: float) -> Callable[[View], View]:
    """Refuse with 429 whoever calls this view more often; between it and its access rule."""
    buckets: WeakKeyDictionary[Flask, Bucket] = WeakKeyDictionary()

    def limited(view: View) -> View:
        @functools.wraps(view)
        def ask(*arguments: Any, **named: Any) -> Any:
            # One for each application: the next one in this process has other people.
            bucket = buckets.setdefault(current_app._get_current_object(), Bucket(most, seconds))  # type: ignore[attr-defined]
            if wait := bucket.take(_caller()):
                raise TooManyRequests(retry_after=math.ceil(wait))
            return view(*arguments, **named)

        return ask  # type: ignore[return-value]

    return limited


def _caller() -> str:
    person = g.get("person")
    return f"account {person.account_id}" if person else f"address {request.remote_addr}"
