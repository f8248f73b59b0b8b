"""An archive written to a folder: whole under its name, or not there at all."""

import os
import secrets
import shutil
from collections.abc import Callable
from pathlib import Path

from service.archives.packing import Archive
from storage.durable import sync_folder
from storage.files import DocumentFiles


class NoRoom(Exception):
    """The archive does not fit; nothing of it was left behind."""

    code = "archive_no_room"

    def __init__(self, folder: Path, length: int) -> None:
        free = shutil.disk_usage(folder).free
        self.for_person = (
            f"{folder} 放不下：归档有 {_megabytes(length)}，那里还有 {_megabytes(free)}。"
            "没有留下任何文件；请腾出空间，或用 --out 换一个位置。"
        )
        super().__init__(self.for_person)


def keep(archive: Archive, files: DocumentFiles, folder: Path, note: Callable[[], None]) -> Path:
    """Side name, write, fsync, `note` who takes it, rename, fsync of the folder. NoRoom or other trouble: nothing."""
    folder.mkdir(parents=True, exist_ok=True)
    length = archive.length
    if length > shutil.disk_usage(folder).free:
        raise NoRoom(folder, length)
    side = folder / f".{secrets.token_hex(8)}.part"
    try:
        _write(archive, files, side)
        note()
        path = side.rename(folder / archive.name)
    except BaseException:
        side.unlink(missing_ok=True)
        raise
    sync_folder(folder)
    return path


def _write(archive: Archive, files: DocumentFiles, side: Path) -> None:
    with side.open("xb") as out:
        for chunk in archive.stream(files):
            out.write(chunk)
        out.flush()
        os.fsync(out.fileno())


def _megabytes(length: int) -> str:
    return f"{length / 1e6:,.1f} MB"
