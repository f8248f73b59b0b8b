"""Whether an archive is what its own list says: each file that is missing, too many, renamed, or different is named."""

import hashlib
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from io import BytesIO
from pathlib import Path
from typing import Final

from python_calamine import CalamineError, CalamineWorkbook

from reports.faces.manifest import COVERAGE, EDITION, FORMAT, Manifest, ManifestUnreadable, from_csv, from_rows
from service.archives.naming import MANIFEST_CSV, MANIFEST_XLSX, SUMS
from service.archives.opening import ArchiveRefused, opened

_LISTS: Final = (MANIFEST_CSV, MANIFEST_XLSX, SUMS)
_LARGEST_LIST: Final = 64 * 1024 * 1024
_CHUNK: Final = 1024 * 1024


class Fault(StrEnum):
    """What can be wrong with a file of an archive, or with its list."""

    MISSING = "missing"
    EXTRA = "extra"
    RENAMED = "renamed"
    DIFFERENT = "different"
    UNREADABLE = "unreadable"
    LIST = "list"
    DATABASE = "database"


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as the list has it."""

    fault: Fault
    name: str
    detail: str = ""


@dataclass(slots=True)
class Verdict:
    """What was found out about an archive."""

    manifest: Manifest
    manifest_sha256: str
    files: int
    differences: list[Difference] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def is_complete(self) -> bool:
        """Whether the list itself says that nothing is missing."""
        return self.manifest.head[COVERAGE] == "完整"


def check(path: Path) -> Verdict:
    """Read everything once and compare it with the list. ArchiveRefused when there is nothing to be trusted."""
    with opened(path) as (archive, entries):
        told = _list(archive, entries, MANIFEST_CSV)
        try:
            manifest = from_csv(told)
        except ManifestUnreadable as error:
            raise ArchiveRefused(f"{MANIFEST_CSV} 不是归档清单（{error}）") from error
        if manifest.head[EDITION] != FORMAT:
            raise ArchiveRefused(f"清单的格式“{manifest.head[EDITION]}”比本程序新，请升级后再核对")
        verdict = Verdict(manifest, hashlib.sha256(told).hexdigest(), len(manifest.files))
        seen = {name: _sha256(archive, one) for name, one in entries.items() if name not in _LISTS}
        verdict.differences += _compared(manifest.files, seen)
        verdict.differences += _lists_agree(archive, entries, manifest, told)
        return verdict


def _compared(listed: Mapping[str, str], seen: Mapping[str, str | None]) -> Iterator[Difference]:
    extra = {name: sha256 for name, sha256 in seen.items() if name not in listed}
    found_as = {sha256: name for name, sha256 in extra.items() if sha256}
    for name, sha256 in listed.items():
        if name not in seen:
            other = found_as.get(sha256)
            if other and extra.pop(other, None):
                yield Difference(Fault.RENAMED, name, other)
            else:
                yield Difference(Fault.MISSING, name)
        elif seen[name] is None:
            yield Difference(Fault.UNREADABLE, name)
        elif seen[name] != sha256:
            yield Difference(Fault.DIFFERENT, name, str(seen[name]))
    yield from (Difference(Fault.EXTRA, name) for name in extra)


def _lists_agree(
    archive: zipfile.ZipFile, entries: Mapping[str, zipfile.ZipInfo], manifest: Manifest, told: bytes
) -> Iterator[Difference]:
    """The list lies there three times; who changes one has to change all, and then there is still the database."""
    shown = _list(archive, entries, MANIFEST_XLSX, required=False)
    if not shown:
        yield Difference(Fault.MISSING, MANIFEST_XLSX)
    elif not _same_list(shown, manifest):
        yield Difference(Fault.LIST, MANIFEST_XLSX, "与 manifest.csv 不一致")
    sums = _list(archive, entries, SUMS, required=False).decode("utf-8", "replace")
    if not sums:
        yield Difference(Fault.MISSING, SUMS)
        return
    lists = {MANIFEST_CSV: told, MANIFEST_XLSX: shown}
    wanted = {name: hashlib.sha256(contents).hexdigest() for name, contents in lists.items()} | dict(manifest.files)
    noted = {name: sha256 for sha256, _, name in (line.partition("  ") for line in sums.splitlines())}
    for name in sorted(wanted.keys() | noted.keys()):
        if wanted.get(name) != noted.get(name):
            yield Difference(Fault.LIST, name, f"与 {SUMS} 不一致")


def _same_list(shown: bytes, manifest: Manifest) -> bool:
    try:
        sheet = CalamineWorkbook.from_filelike(BytesIO(shown)).get_sheet_by_index(0)
        other = from_rows([[str(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)])
    except (CalamineError, ManifestUnreadable, IndexError):
        return False
    return (dict(other.head), list(other.lines)) == (dict(manifest.head), list(manifest.lines))


def _list(archive: zipfile.ZipFile, entries: Mapping[str, zipfile.ZipInfo], name: str, required: bool = True) -> bytes:
    if (entry := entries.get(name)) is None:
        if required:
            raise ArchiveRefused(f"里面没有 {name}，不是本系统的归档")
        return b""
    if entry.file_size > _LARGEST_LIST:
        raise ArchiveRefused(f"{name} 太大，不像是清单，没有打开")
    try:
        return archive.read(entry)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError) as error:
        if required:
            raise ArchiveRefused(f"{name} 已损坏，无法核对（{error}）") from error
        return b"?"


def _sha256(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> str | None:
    """The fingerprint of one file; None when it cannot be read to its end."""
    digest = hashlib.sha256()
    try:
        with archive.open(entry) as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError):
        return None
    return digest.hexdigest()
