"""A backup: one file with the database of one moment and every document it names, each with its fingerprint."""

import fcntl
import hashlib
import json
import os
import re
import shutil
import tempfile
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import IO, Any, Final

from sqlalchemy import Connection, inspect, text

from storage.durable import sync_folder
from storage.files import DocumentFiles, FileDamaged
from storage.migrations import revision_of
from storage.safekeeping.dumps import POSTGRESQL, SQLITE, dumped, engine_of
from storage.settings import Settings

# Counts up when a backup can no longer be read by what read the one before.
FORMAT: Final = 1
PRODUCT: Final = "nianbao"
MANIFEST: Final = "manifest.json"
DATABASE: Final = {SQLITE: "database.sqlite3", POSTGRESQL: "database.dump"}
STATUS: Final = "backup.json"
_NAME: Final = re.compile(r"nianbao-\d{4}-\d\d-\d\dT\d{6}Z(-\d+)?\.zip")
_SIDE: Final = ".nianbao-backup-"
_BLOCK: Final = 1 << 20


class NothingToBackUp(Exception):
    """There is no database yet."""

    code = "nothing_to_back_up"

    def __init__(self) -> None:
        self.for_person = "这里还没有数据库，没有可备份的。请检查 NIANBAO_DATA_DIR 和 NIANBAO_DATABASE_URL。"
        self.for_operator = "no tables in the database"
        super().__init__(self.for_operator)


class BackupRunning(Exception):
    """Another backup is being written into the same folder."""

    code = "backup_running"

    def __init__(self, folder: Path) -> None:
        self.for_person = f"另一次备份正在写入 {folder}，这一次没有做。等它结束再来。"
        self.for_operator = f"{folder} is locked by another backup"
        super().__init__(self.for_operator)


@dataclass
class Manifest:
    """What a backup holds, and of when."""

    at: str
    engine: str
    schema: str
    newest_event: dict[str, Any] | None
    unfinished_jobs: int
    # Documents that were not as written when they were to be copied: by name, and what was wrong.
    troubles: dict[str, str] = field(default_factory=dict)
    files: dict[str, dict[str, Any]] = field(default_factory=dict)
    format: int = FORMAT
    product: str = PRODUCT
    version: str = field(default_factory=lambda: version(PRODUCT))


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that is safe on disk."""

    file: Path
    bytes: int
    seconds: float
    manifest: Manifest


def make_backup(settings: Settings, folder: Path, keep: int) -> Backup:
    """Write a backup while everything runs; of earlier ones in the folder, so many are kept with it."""
    begun = time.monotonic()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _alone_in(folder), _side_folder(folder) as side:
        manifest = _write(settings, side)
        made = _in_place(side / "backup.zip", folder)
        _remove_old(folder, keep)
    backup = Backup(made, made.stat().st_size, round(time.monotonic() - begun, 1), manifest)
    _note(settings, backup)
    return backup


def copy_secret(settings: Settings, target: Path) -> bool:
    """Keep the key that signs cookies apart from the backup; False when it is given by a setting."""
    source = settings.data_dir / "secret.key"
    if settings.secret_key is not None or not source.exists():
        return False
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(source.read_text())
    return True


def last_backup(settings: Settings) -> dict[str, Any] | None:
    """When the last backup of this installation was made, where it is, how large and how long it took."""
    try:
        told: dict[str, Any] = json.loads((settings.data_dir / STATUS).read_text())
    except (OSError, ValueError):
        return None
    return told


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    with (folder / ".nianbao-backup.lock").open("w") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BackupRunning(folder) from None
        yield


@contextmanager
def _side_folder(folder: Path) -> Iterator[Path]:
    # Nobody else is here: these were left by backups that were killed.
    for left in folder.glob(f"{_SIDE}*/"):
        shutil.rmtree(left)
    with tempfile.TemporaryDirectory(prefix=_SIDE, dir=folder) as side:
        yield Path(side)


def _write(settings: Settings, side: Path) -> Manifest:
    engine = engine_of(settings)
    dump = side / DATABASE[engine]
    handle = os.open(side / "backup.zip", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file, zipfile.ZipFile(file, "w", allowZip64=True) as archive:
        # The rows first: what they name was on disk before they were.
        with dumped(settings, dump) as connection:
            manifest = _of(connection, engine)
            rows = _named_files(connection)
        with dump.open("rb") as source:
            _add(archive, manifest, dump.name, source, zipfile.ZIP_DEFLATED)
        dump.unlink()
        files = DocumentFiles(settings)
        for row in rows:
            _add_kept(archive, manifest, files, *row)
        archive.writestr(MANIFEST, json.dumps(asdict(manifest), ensure_ascii=False, indent=1))
        archive.close()
        file.flush()
        os.fsync(file.fileno())
    return manifest


def _of(connection: Connection, engine: str) -> Manifest:
    schema = revision_of(connection)
    if schema is None:
        raise NothingToBackUp
    newest = connection.execute(text("SELECT number, at FROM audit_event ORDER BY number DESC LIMIT 1")).one_or_none()
    unfinished = connection.execute(text("SELECT count(*) FROM job WHERE state IN ('queued', 'running')")).scalar_one()
    event = None if newest is None else {"number": newest.number, "at": _utc(newest.at)}
    return Manifest(datetime.now(UTC).isoformat(timespec="seconds"), engine, schema, event, unfinished)


def _utc(at: Any) -> str:
    moment = at if isinstance(at, datetime) else datetime.fromisoformat(str(at))
    known = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return known.astimezone(UTC).isoformat(timespec="seconds")


def _named_files(connection: Connection) -> list[tuple[str, int, str]]:
    """Every kept file that a row names: its key, its size and its fingerprint."""
    # By name: a backup before an upgrade is made by the new program from the old tables.
    there = inspect(connection).get_table_names()
    return [
        (row.storage_key, row.bytes, row.sha256)
        for table in ("document", "template_version")
        if table in there
        for row in connection.execute(text(f"SELECT storage_key, bytes, sha256 FROM {table} ORDER BY id"))  # noqa: S608
    ]


def name_in_backup(storage_key: str) -> str:
    """What a kept file is called in a backup: templates are told apart from documents."""
    return storage_key if storage_key.startswith("templates/") else f"documents/{storage_key}"


def _add_kept(
    archive: zipfile.ZipFile, manifest: Manifest, files: DocumentFiles, key: str, size: int, sha256: str
) -> None:
    name = name_in_backup(key)
    try:
        with files.open(key, size, sha256) as source:
            _add(archive, manifest, name, source, zipfile.ZIP_STORED)
    except FileDamaged as error:
        # One that was spoilt before must not cost everybody the backup.
        manifest.troubles[name] = error.reason


def _add(archive: zipfile.ZipFile, manifest: Manifest, name: str, source: IO[bytes], how: int) -> None:
    entry = zipfile.ZipInfo(name, time.gmtime()[:6])
    entry.compress_type, entry.external_attr = how, 0o600 << 16
    digest, size = hashlib.sha256(), 0
    with archive.open(entry, "w", force_zip64=True) as target:
        while block := source.read(_BLOCK):
            digest.update(block)
            size += len(block)
            target.write(block)
    manifest.files[name] = {"bytes": size, "sha256": digest.hexdigest()}


def _in_place(side: Path, folder: Path) -> Path:
    name, number = f"nianbao-{datetime.now(UTC):%Y-%m-%dT%H%M%SZ}", 1
    while (target := folder / f"{name}{f'-{number}' if number > 1 else ''}.zip").exists():
        number += 1
    side.rename(target)
    sync_folder(folder)
    return target


def _remove_old(folder: Path, keep: int) -> None:
    mine = sorted((one for one in folder.iterdir() if _NAME.fullmatch(one.name)), key=lambda one: one.stat().st_mtime)
    for old in mine[:-keep]:
        old.unlink()


def _note(settings: Settings, backup: Backup) -> None:
    told = {"at": backup.manifest.at, "file": str(backup.file), "bytes": backup.bytes, "seconds": backup.seconds}
    side = settings.data_dir / f".{STATUS}"
    side.write_text(json.dumps(told))
    side.rename(settings.data_dir / STATUS)
