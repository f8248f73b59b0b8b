"""Files of documents: all there or not there at all, and never handed out damaged."""

import hashlib
import os
import secrets
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path

from reports.wording import N_
from storage.settings import Settings

PER_FOLDER = 1000


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that is safe on disk."""

    storage_key: str
    sha256: str
    size: int


class FileDamaged(Exception):
    """A kept file is missing, or not as it was written."""

    code = "file_damaged"

    def __init__(self, storage_key: str, reason: str) -> None:
        self.reason = reason
        self.for_person = N_("文件已损坏或丢失，不能下载。请与管理员联系，重新制作这份文件。")
        self.for_operator = f"{storage_key}: {reason}; bring it back from a backup, or run `nianbao scan --again`"
        super().__init__(self.for_operator)


class DocumentFiles:
    """The folder of documents."""

    def __init__(self, settings: Settings) -> None:
        self.root = settings.data_dir / "documents"
        self._verified: set[tuple[str, int]] = set()

    def keep(self, sources: Sequence[Path], job_id: int, fence: int) -> list[Kept]:
        """Copy files in, all or none: side name, write, fsync, rename, fsync of the folder. Names carry the fence."""
        folder = self._folder(job_id)
        _make(folder)
        names: dict[Path, Path] = {}
        kept = []
        try:
            for source in sources:
                path = folder / f"job-{job_id}-fence-{fence}{source.suffix}"
                side = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
                names[side] = path
                sha256 = _copy_durably(source, side)
                kept.append(Kept(path.relative_to(self.root).as_posix(), sha256, side.stat().st_size))
            for side, path in names.items():
                side.rename(path)
            # Without this the bytes survive a power cut, and the names do not.
            _sync_folder(folder)
        except BaseException:
            for path in (*names, *names.values()):
                path.unlink(missing_ok=True)
            raise
        return kept

    def open(self, storage_key: str, size: int, sha256: str) -> BufferedReader:
        """A kept file, its length checked each time and its contents the first time it is read."""
        try:
            file = (self.root / storage_key).open("rb")
        except FileNotFoundError:
            raise FileDamaged(storage_key, "missing") from None
        try:
            self._check(file, storage_key, size, sha256)
        except BaseException:
            file.close()
            raise
        return file

    def discard(self, kept: Iterable[Kept]) -> None:
        """Remove files that no document will ever name."""
        for file in kept:
            (self.root / file.storage_key).unlink(missing_ok=True)

    def discard_earlier(self, job_id: int, fence: int) -> None:
        """Remove what holders of a job who were killed left behind; only the one who finished may."""
        for path in self._folder(job_id).glob(f"*job-{job_id}-fence-*"):
            if f"-fence-{fence}." not in path.name:
                path.unlink(missing_ok=True)

    def _folder(self, job_id: int) -> Path:
        return self.root / f"{job_id // PER_FOLDER:04d}"

    def _check(self, file: BufferedReader, storage_key: str, size: int, sha256: str) -> None:
        status = os.fstat(file.fileno())
        if status.st_size != size:
            raise FileDamaged(storage_key, f"{status.st_size} bytes instead of {size}")
        seen = (storage_key, status.st_mtime_ns)
        if seen in self._verified:
            return
        if hashlib.file_digest(file, "sha256").hexdigest() != sha256:
            raise FileDamaged(storage_key, "other contents than were written")
        file.seek(0)
        self._verified.add(seen)


def _make(folder: Path) -> None:
    if not folder.is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        _sync_folder(folder.parent)
        _sync_folder(folder.parent.parent)


def _copy_durably(source: Path, target: Path) -> str:
    with source.open("rb") as incoming, target.open("xb") as outgoing:
        shutil.copyfileobj(incoming, outgoing)
        outgoing.flush()
        os.fsync(outgoing.fileno())
        incoming.seek(0)
        return hashlib.file_digest(incoming, "sha256").hexdigest()


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
