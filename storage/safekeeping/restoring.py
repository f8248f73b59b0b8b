"""A backup brought back: looked at as a whole first, then put into an empty place, the database last."""

import hashlib
import json
import re
import shutil
import zipfile
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Engine, delete

from storage import audit
from storage.files import DocumentFiles
from storage.migrations import knows, upgrade
from storage.safekeeping.backup import DATABASE, FORMAT, MANIFEST, PRODUCT, Manifest
from storage.safekeeping.dumps import bring_back, engine_of, is_taken, set_aside
from storage.session import make_engine, session_scope
from storage.settings import Settings
from storage.tables import LoginSession

_SIDE: Final = ".restoring"
_BLOCK: Final = 1 << 20
# One shelf, then plain names: nothing of a backup is ever written beside its place.
_KEPT: Final = re.compile(r"(?:documents|templates)(?:/[A-Za-z0-9_-][A-Za-z0-9_.-]*)+")


class BackupRefused(Exception):
    """A file that cannot be restored from; nothing was changed."""

    def __init__(self, code: str, for_person: str, for_operator: str) -> None:
        self.code, self.for_person, self.for_operator = code, for_person, for_operator
        super().__init__(for_operator)


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back, and where that went which was there before."""

    manifest: Manifest
    aside: tuple[str, ...]


def restore(settings: Settings, file: Path, actor: str, *, make_room: bool = False) -> Restored:
    """Bring a backup back and lead it to today's tables; BackupRefused, and nothing is changed, when that cannot be.

    What is there already is refused, or with `make_room` set aside: nothing is ever deleted.
    """
    manifest = examined(file)
    _must_fit(settings, manifest)
    taken = what_is_there(settings)
    if taken and not make_room:
        raise _refuse(
            "place_not_empty",
            f"{settings.data_dir} 里已经有数据（{'、'.join(taken)}），没有恢复，什么都没有改变。"
            "请换一个空的数据目录；确实要恢复到这里，加上 --set-aside，原有的会改名保留。",
            f"not empty: {taken}",
        )
    aside = _clear(settings) if taken else ()
    side = settings.data_dir / _SIDE
    side.mkdir(mode=0o700, parents=True, exist_ok=True)
    # The rows last: whatever happens before, no row lacks its file.
    bring_back(settings, _files_back(settings, file, manifest, side))
    upgrade(settings)
    _begin_here(settings, manifest, actor)
    shutil.rmtree(side)
    return Restored(manifest, aside)


def what_is_there(settings: Settings) -> tuple[str, ...]:
    """What a place already holds that a backup would bring; not what a restore left that was cut off."""
    if is_taken(settings):
        return ("database",)
    cut_off = (settings.data_dir / _SIDE).exists()
    return () if cut_off or not any(DocumentFiles(settings).listed()) else ("documents",)


def examined(file: Path) -> Manifest:
    """What a backup holds, after every byte of it was read and found as it was written; BackupRefused else."""
    try:
        with zipfile.ZipFile(file) as archive:
            manifest = _manifest(archive, file)
            for name, told in manifest.files.items():
                _must_be_whole(archive, name, told)
    except zipfile.BadZipFile as error:
        raise _not_whole(file, error) from error
    return manifest


def _not_whole(file: Path, error: Exception) -> BackupRefused:
    with file.open("rb") as opened:
        begins_so = opened.read(4) == b"PK\x03\x04"
    if begins_so:
        return _refuse(
            "backup_incomplete",
            f"{file.name} 不完整：可能没有写完，或复制时中断了。请换一份备份。",
            f"{file}: {error}",
        )
    return _foreign(file, "不是备份文件")


def _manifest(archive: zipfile.ZipFile, file: Path) -> Manifest:
    try:
        told: dict[str, Any] = json.loads(archive.read(MANIFEST))
    except (KeyError, ValueError):
        raise _foreign(file, f"里面没有 {MANIFEST}") from None
    if not isinstance(told, dict) or told.get("product") != PRODUCT:
        raise _foreign(file, "不是本系统做的")
    if not isinstance(told.get("format"), int) or told["format"] > FORMAT:
        raise _newer(file, f"写法版本是 {told.get('format')}，本程序只认到 {FORMAT}")
    missing = {one.name for one in fields(Manifest)} - told.keys()
    if missing or told["engine"] not in DATABASE or DATABASE[told["engine"]] not in told["files"]:
        raise _damaged(MANIFEST, "少了应有的内容")
    if not knows(told["schema"]):
        raise _newer(file, f"数据库的版本是 {told['schema']}，本程序还不认识")
    return Manifest(**{one.name: told[one.name] for one in fields(Manifest)})


def _must_be_whole(archive: zipfile.ZipFile, name: str, told: dict[str, Any]) -> None:
    if name not in DATABASE.values() and not _KEPT.fullmatch(name):
        raise _damaged(name, "名称不合规定")
    digest, size = hashlib.sha256(), 0
    try:
        with archive.open(name) as source:
            while block := source.read(_BLOCK):
                digest.update(block)
                size += len(block)
    except KeyError:
        raise _damaged(name, "清单里有，文件里没有") from None
    except (zipfile.BadZipFile, EOFError, OSError) as error:
        raise _damaged(name, str(error)) from error
    if (size, digest.hexdigest()) != (told["bytes"], told["sha256"]):
        raise _damaged(name, "内容与备份时不同")


def _must_fit(settings: Settings, manifest: Manifest) -> None:
    here = engine_of(settings)
    if here != manifest.engine:
        raise _refuse(
            "backup_other_database",
            f"这份备份来自 {manifest.engine}，这里设置的数据库是 {here}。请设置相应的 NIANBAO_DATABASE_URL。",
            f"a backup of {manifest.engine}, a place for {here}",
        )


def _files_back(settings: Settings, file: Path, manifest: Manifest, side: Path) -> Path:
    """Put every file where it was; says where the dump of the database is."""
    files, dump = DocumentFiles(settings), side / DATABASE[manifest.engine]
    with zipfile.ZipFile(file) as archive:
        for name in manifest.files:
            copy = dump if name == dump.name else side / "file"
            with archive.open(name) as source, copy.open("wb") as target:
                shutil.copyfileobj(source, target, _BLOCK)
            if copy is not dump:
                files.keep_as(copy, name.removeprefix("documents/"))
                copy.unlink()
    return dump


def _clear(settings: Settings) -> tuple[str, ...]:
    """Give everything that is there another name."""
    moment = datetime.now(UTC)
    folder = settings.documents_dir
    if settings.in_bucket and any(DocumentFiles(settings).listed()):
        raise _refuse(
            "place_not_empty",
            "对象存储里已经有文件，不能改名，没有恢复。请另设一个空的 NIANBAO_STORE_URL。",
            "the bucket is not empty",
        )
    aside = [set_aside(settings, moment)]
    if folder.exists():
        aside.append(str(folder.rename(folder.with_name(f"{folder.name}.before-restore-{moment:%Y%m%dT%H%M%S.%fZ}"))))
    return tuple(aside)


def _begin_here(settings: Settings, manifest: Manifest, actor: str) -> None:
    engine: Engine = make_engine(settings)
    try:
        with session_scope(engine) as session:
            # Who signed out after the backup is not to be signed in again.
            session.execute(delete(LoginSession))
            audit.record(session, actor, "backup.restored", "installation", made_at=manifest.at)
    finally:
        engine.dispose()


def _refuse(code: str, for_person: str, for_operator: str) -> BackupRefused:
    return BackupRefused(code, for_person, for_operator)


def _foreign(file: Path, why: str) -> BackupRefused:
    return _refuse("backup_foreign", f"{file.name} 不是年报系统的备份（{why}）。请检查选的文件。", f"{file}: {why}")


def _newer(file: Path, why: str) -> BackupRefused:
    remedy = "请先把程序升级到做这份备份的版本或更新的版本。"
    return _refuse("backup_newer", f"{file.name} 来自更新的版本（{why}）。{remedy}", f"{file}: {why}")


def _damaged(name: str, why: str) -> BackupRefused:
    return _refuse("backup_damaged", f"备份已损坏：{name} {why}。请换一份备份。", f"{name}: {why}")
