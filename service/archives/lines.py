"""How many archives leave this process at a time, so that slow lines never take every thread that clerks need."""

from collections.abc import Callable
from threading import BoundedSemaphore
from typing import Final

# Of the eight threads of a web process.
AT_ONCE: Final = 3
RETRY_SECONDS: Final = 60
_lines = BoundedSemaphore(AT_ONCE)


class ArchivesBusy(Exception):
    """As many archives are under way as this process sends at a time."""

    code = "archives_busy"


def take() -> Callable[[], None]:
    """A line for one archive; what is returned gives it back. ArchivesBusy when none is free."""
    if not _lines.acquire(blocking=False):
        raise ArchivesBusy
    held = [True]

    def give_back() -> None:
        if held:
            held.clear()
            _lines.release()

    return give_back
