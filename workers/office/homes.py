"""Folders for offices that run without a box: each has an owner, and goes when that is gone."""

import fcntl
import hashlib
import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Final

_PREFIX: Final = "nianbao-office-"
_OWNER: Final = "owner"
# LibreOffice asks nobody where to put its pipes.
_PIPES: Final = Path("/tmp")  # noqa: S108


class Home:
    """A private folder, and the pipes of the office that uses `profile`; a lock says that the owner lives."""

    def __init__(self, profile: Path | None = None) -> None:
        clear_abandoned()
        self.folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
        self._used = (profile or self.folder / "profile").as_uri()
        unseen = self.folder / ".owner"
        unseen.write_text(self._used, encoding="utf-8")
        self._lock = unseen.open("rb")
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        # Only now it can be seen whether it is locked.
        unseen.rename(self.folder / _OWNER)

    def close(self) -> None:
        """Take everything along."""
        _remove(self.folder, self._used)
        self._lock.close()


def clear_abandoned() -> None:
    """Remove what belongs to owners who were killed: the kernel has let go of their locks."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        # Whatever cannot be locked or removed is somebody's, or gone meanwhile.
        with suppress(OSError):
            if folder.lstat().st_uid == os.geteuid():
                with (folder / _OWNER).open("rb") as lock:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    _remove(folder, lock.read().decode())


def _remove(folder: Path, profile: str) -> None:
    # The bridge's is called like the folder; its own LibreOffice calls after the address of its profile.
    digest = hashlib.md5(profile.encode("utf-16-le"), usedforsecurity=False).digest()
    own = "SingleOfficeIPC_" + "".join(f"{byte:x}" for byte in digest)
    for name in (folder.name, own):
        for pipe in _PIPES.glob(f"OSL_PIPE_*_{name}"):
            pipe.unlink(missing_ok=True)
    shutil.rmtree(folder, ignore_errors=True)
