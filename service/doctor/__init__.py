"""Looks at everything the service rests on; what is missing comes with the command that mends it."""

from collections.abc import Callable, Iterator

from service.doctor.check import Check, Health
from service.doctor.machine import disk, python, time
from service.doctor.office import box, fonts, libreoffice, uno
from service.doctor.stores import database, documents, redis
from storage.settings import Settings

__all__ = ["Check", "Health", "examine"]

# In the order in which they rest on each other.
PARTS: tuple[Callable[[Settings], Iterator[Check]], ...] = (
    python,
    box,
    fonts,
    libreoffice,
    uno,
    redis,
    database,
    documents,
    disk,
    time,
)


def examine(settings: Settings) -> list[Check]:
    """How every part is."""
    return [check for part in PARTS for check in part(settings)]
