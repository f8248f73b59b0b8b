"""Files in a folder: side name, write, fsync, rename, fsync of the folder."""

import os
import secrets
import shutil
import time
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from storage.durable import sync_folder
from storage.stores.room import Found, Listed


class Folder:
    """A folder of this machine, or one that machines share."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, files: Mapping[str, Path]) -> None:
        """All of these or none. The keys are of one folder."""
        names: dict[Path, Path] = {}
        folders = {(self.root / key).parent for key in files}
        try:
            for folder in folders:
                _make(folder)
            for key, source in files.items():
                path = self.root / key
                side = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
                names[side] = path
                _copy_durably(source, side)
            for side, path in names.items():
                side.rename(path)
            # Without this the bytes survive a power cut, and the names do not.
            for folder in folders:
                sync_folder(folder)
        except BaseException:
            for path in (*names, *names.values()):
                path.unlink(missing_ok=True)
            raise

    def get(self, key: str) -> Found:
        """The open file; its mark changes with every write."""
        file = (self.root / key).open("rb")
        status = os.fstat(file.fileno())
        return Found(file, status.st_size, status.st_mtime_ns)

    def remove(self, key: str) -> None:
        """Take a file away, if it is there."""
        (self.root / key).unlink(missing_ok=True)

    def listed(self, prefix: str = "") -> Iterator[Listed]:
        """What lies here; side names, which begin with a dot, belong to what they were to become."""
        now = time.time()
        for path in sorted(self._begun(PurePosixPath(prefix)) if prefix else self.root.rglob("*")):
            try:
                if not path.is_dir():
                    yield Listed(path.relative_to(self.root).as_posix(), now - path.lstat().st_mtime)
            except FileNotFoundError:
                continue

    def _begun(self, prefix: PurePosixPath) -> Iterator[Path]:
        for path in (self.root / prefix.parent).glob(f"*{prefix.name}*"):
            if path.name.lstrip(".").startswith(prefix.name):
                yield path


def _make(folder: Path) -> None:
    if not folder.is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        sync_folder(folder.parent)
        sync_folder(folder.parent.parent)


def _copy_durably(source: Path, target: Path) -> None:
    with source.open("rb") as incoming, target.open("xb") as outgoing:
        shutil.copyfileobj(incoming, outgoing)
        outgoing.flush()
        os.fsync(outgoing.fileno())
