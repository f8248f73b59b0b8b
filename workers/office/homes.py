"""Folders for offices that run without a box: each has an owner, and goes when that is gone."""

import fcntl
import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Final

_PREFIX: Final = "nianbao-office-"
_OWNER: Final = "owner"


class Home:
    """A private folder. Its path is short, for the pipes that lie in it; its lock says that the owner lives."""

    def __init__(self) -> None:
        clear_abandoned()
        self.folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
        unseen = self.folder / ".owner"
        self._lock = unseen.open("w")
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        # Only now it can be seen whether it is locked.
        unseen.rename(self.folder / _OWNER)

    def close(self) -> None:
        """Take everything along."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self._lock.close()


def clear_abandoned() -> None:
    """Remove the folders whose owners were killed: the kernel has let go of their locks."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        # Whatever cannot be locked or removed is somebody's, or gone meanwhile.
        with suppress(OSError):
            if folder.lstat().st_uid == os.geteuid() and _is_abandoned(folder / _OWNER):
                shutil.rmtree(folder)


def _is_abandoned(lock: Path) -> bool:
    with lock.open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return True
