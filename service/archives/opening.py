"""A ZIP from anywhere, opened with suspicion: nothing is unpacked, and nothing is read before all names are seen."""

import stat
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

_MOST_FILES: Final = 200_000
# Reports are packed as they are; who packs an archive anew gains a little, never this much.
_MOST_TIMES: Final = 20
_ALWAYS_ALLOWED_BYTES: Final = 64 * 1024 * 1024
_ENCRYPTED, _UTF8 = 0x1, 0x800


class ArchiveRefused(Exception):
    """The file is no ZIP, not a whole one, or one that is made to do harm."""

    code = "archive_refused"

    def __init__(self, for_person: str) -> None:
        self.for_person = for_person
        super().__init__(for_person)


@contextmanager
def opened(path: Path) -> Iterator[tuple[zipfile.ZipFile, dict[str, zipfile.ZipInfo]]]:
    """The ZIP and its files by name. ArchiveRefused when it is not to be touched."""
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive, _looked_at(archive, path.stat().st_size)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, UnicodeDecodeError) as error:
        raise ArchiveRefused(f"不是完整的 ZIP 文件，可能没有下载完，请重新下载（{error}）") from error


def _looked_at(archive: zipfile.ZipFile, size: int) -> dict[str, zipfile.ZipInfo]:
    entries = [one for one in archive.infolist() if not one.is_dir()]
    if len(entries) > _MOST_FILES:
        raise ArchiveRefused(f"文件太多（{len(entries)} 个），不像是归档，没有打开")
    if min((one.header_offset for one in archive.infolist()), default=0) != 0:
        # Of half a ZIP the directory of a Word file within it is found, which is a ZIP as well.
        raise ArchiveRefused("不是完整的 ZIP 文件，可能没有下载完，请重新下载")
    unpacked = sum(one.file_size for one in entries)
    # Of entries that lie over each other the packed sizes add up to more than there is.
    if unpacked > size * _MOST_TIMES + _ALWAYS_ALLOWED_BYTES or sum(one.compress_size for one in entries) > size:
        raise ArchiveRefused(f"解开后有 {unpacked} 字节，远多于 ZIP 本身，可能是压缩炸弹，没有打开")
    found: dict[str, zipfile.ZipInfo] = {}
    taken: set[str] = set()
    for one in entries:
        name = _name_of(one)
        if trouble := _trouble(one, name):
            raise ArchiveRefused(f"文件名“{name[:80]!r}”{trouble}，没有打开")
        if name.casefold() in taken:
            raise ArchiveRefused(f"有两个文件都叫“{name}”，没有打开")
        taken.add(name.casefold())
        found[name] = one
    return found


def _name_of(one: zipfile.ZipInfo) -> str:
    if one.flag_bits & _UTF8:
        return one.orig_filename
    # Older Chinese programs write names as Windows has them and do not say so.
    raw = one.orig_filename.encode("cp437")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("gb18030", "replace")


def _trouble(one: zipfile.ZipInfo, name: str) -> str:
    parts = name.split("/")
    if name.startswith("/") or "\\" in name or ":" in name or ".." in parts:
        return "指向归档以外的地方"
    if not name.isprintable() or "" in parts:
        return "不是正常的文件名"
    if one.flag_bits & _ENCRYPTED:
        return "的内容加了密，不能核对"
    mode = one.external_attr >> 16
    if mode and stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        return "不是普通文件"
    return ""
