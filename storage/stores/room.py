"""What a room for files has to be able to do, whatever it is made of."""

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol


class StoreUnavailable(OSError):
    """The store does not answer, or refuses: what was asked of it was not done."""


@dataclass(frozen=True, slots=True)
class Found:
    """A file of the room, open at its beginning."""

    file: BinaryIO
    size: int
    # As long as it stays the same the contents do; None where nobody can say.
    mark: Hashable | None


@dataclass(frozen=True, slots=True)
class Listed:
    """A file that lies in the room, and how long it has done so."""

    key: str
    age_seconds: float


class Room(Protocol):
    """Keeps files under keys such as `0012/job-12345-fence-1.pdf`. Nothing is ever seen under a key half-written."""

    def put(self, files: Mapping[str, Path]) -> None:
        """Keep all of these or none; when this returns, no power cut takes them away."""

    def get(self, key: str) -> Found:
        """The file under a key. FileNotFoundError when there is none."""

    def remove(self, key: str) -> None:
        """Take a file away, if it is there."""

    def listed(self, prefix: str = "") -> Iterator[Listed]:
        """What lies here, whole or not, in the order of the keys; only what was begun under the prefix."""
