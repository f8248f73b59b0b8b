"""Many threads that start at the same moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

Outcome = TypeVar("Outcome")


def race(runners: int, run: Callable[[int], Outcome]) -> list[Outcome]:
    """What each of so many runners brought home."""
    start = Barrier(runners)

    def one(number: int) -> Outcome:
        start.wait()
        return run(number)

    with ThreadPoolExecutor(runners) as pool:
        return list(pool.map(one, range(runners)))
