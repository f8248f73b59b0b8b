"""Files of documents: all there or not there at all, and never handed out damaged. Where they lie, `stores` knows."""

import hashlib
import re
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from reports.wording import N_
from storage.settings import Settings
from storage.stores import Found, Listed, room_of

PER_FOLDER = 1000
_OF_FENCE = re.compile(r"job-(\d+)-fence-(\d+)\.")


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that is safe in its store."""

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


class FileMissing(FileDamaged):
    """A kept file is not there at all."""

    def __init__(self, storage_key: str) -> None:
        super().__init__(storage_key, "missing")


class DocumentFiles:
    """The door to the documents, wherever they lie."""

    def __init__(self, settings: Settings) -> None:
        # The folder, where it is one.
        self.root = settings.documents_dir
        self._room = room_of(settings)
        self._verified: set[tuple[str, Hashable]] = set()

    def keep(self, sources: Sequence[Path], job_id: int, fence: int) -> list[Kept]:
        """Copy files in, all or none. Names carry the fence, so that two holders never write the same file."""
        files = {storage_key(job_id, fence, source.suffix): source for source in sources}
        kept = [Kept(key, *_fingerprint(source)) for key, source in files.items()]
        self._room.put(files)
        return kept

    def keep_as(self, source: Path, storage_key: str) -> Kept:
        """Copy one file in, as safely as `keep`, under a name of its own that nothing was kept under before."""
        kept = Kept(storage_key, *_fingerprint(source))
        self._room.put({storage_key: source})
        return kept

    def open(self, storage_key: str, size: int, sha256: str, *, anew: bool = False) -> BinaryIO:
        """A kept file, its length checked each time, and its contents the first time it is read, or `anew`."""
        try:
            found = self._room.get(storage_key)
        except FileNotFoundError:
            raise FileMissing(storage_key) from None
        try:
            self._check(found, storage_key, size, sha256, anew)
        except BaseException:
            found.file.close()
            raise
        return found.file

    def discard(self, kept: Iterable[Kept]) -> None:
        """Remove files that no document will ever name."""
        for file in kept:
            self.remove(file.storage_key)

    def discard_earlier(self, job_id: int, fence: int) -> None:
        """Remove what holders of a job who were killed left behind; only the one who finished may."""
        # The first holder has nobody before it, and a folder of two thousand files need not be gone through.
        if fence == 1:
            return
        for one in list(self._room.listed(storage_key(job_id))):
            named = _OF_FENCE.search(one.key)
            if named and int(named[2]) != fence:
                self.remove(one.key)

    def remove(self, storage_key: str) -> None:
        """Take away a file that nobody names."""
        self._room.remove(storage_key)

    def listed(self) -> Iterator[Listed]:
        """Everything that lies in the store, with its age."""
        return self._room.listed()

    def _check(self, found: Found, storage_key: str, size: int, sha256: str, anew: bool) -> None:
        if found.size != size:
            raise FileDamaged(storage_key, f"{found.size} bytes instead of {size}")
        seen = (storage_key, found.mark)
        if not anew and found.mark is not None and seen in self._verified:
            return
        if hashlib.file_digest(found.file, "sha256").hexdigest() != sha256:  # type: ignore[arg-type]
            raise FileDamaged(storage_key, "other contents than were written")
        found.file.seek(0)
        self._verified.add(seen)


def storage_key(job_id: int, fence: int | None = None, suffix: str = "") -> str:
    """How a file of a job is called in its store; without a fence, what all names of the job begin with."""
    begun = f"{job_id // PER_FOLDER:04d}/job-{job_id}-fence-"
    return begun if fence is None else f"{begun}{fence}{suffix}"


def claim_of(storage_key: str) -> tuple[int, int] | None:
    """The job and the fence that a name tells of; None when it is not one of ours."""
    named = _OF_FENCE.match(Path(storage_key).name.lstrip("."))
    return (int(named[1]), int(named[2])) if named else None


def _fingerprint(source: Path) -> tuple[str, int]:
    with source.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest(), source.stat().st_size
