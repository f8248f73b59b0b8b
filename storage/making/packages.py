"""Office files that somebody hands in: gone through as a ZIP, byte by byte, before anything in them is believed.

What is refused here no reader of ours ever sees: bombs, macros, embedded objects, links to elsewhere, entities.
"""

import re
import stat
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path, PurePosixPath
from typing import Any, Final

from lxml import etree

from reports.wording import _

MEGABYTE: Final = 1024 * 1024
_CHUNK: Final = 64 * 1024
# Small parts of styles and numbering shrink a hundredfold by themselves.
_RATIO_COUNTS_FROM: Final = 10 * MEGABYTE
_MOST_SHRUNK: Final = 100
_ENTITIES: Final = re.compile(rb"<\0?!\0?(?:D\0?O\0?C\0?T\0?Y\0?P\0?E|E\0?N\0?T\0?I\0?T\0?Y)")
_ENCODING: Final = re.compile(rb"^[^>]{0,200}encoding\s*=\s*[\"']([^\"']*)")
_READABLE: Final = frozenset({b"utf-8", b"utf-16", b"us-ascii", b"ascii"})
_RELATIONSHIP: Final = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_TYPES: Final = "[Content_Types].xml"
# By what a part is called, and by what its relationship is of.
_ALIVE: Final = re.compile(r"vbaproject|vbadata|activex|oleobject|/embeddings/|/ctrlprops/|\.(exe|dll|js|bat)$", re.I)
_FOREIGN: Final = frozenset(
    {"vbaProject", "oleObject", "package", "control", "attachedTemplate", "aFChunk", "subDocument", "externalLink"}
)


class Kind(Enum):
    """What sort of file is expected: its ending, and what its main part must be."""

    WORD = (".docx", "wordprocessingml.document.main+xml")
    SHEET = (".xlsx", "spreadsheetml.sheet.main+xml")

    @property
    def ending(self) -> str:
        return self.value[0]


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a file may be, packed and unpacked."""

    packed: int = 10 * MEGABYTE
    unpacked: int = 100 * MEGABYTE
    part: int = 50 * MEGABYTE
    parts: int = 2000


class PackageRefused(ValueError):
    """A file that was handed in is not what it should be, or holds what it must not."""

    code = "package_refused"

    def __init__(self, for_person: str, for_operator: str) -> None:
        self.for_person, self.for_operator = for_person, for_operator
        super().__init__(for_operator)


def admit(file: Path, kind: Kind, limits: Limits = Limits()) -> None:
    """Go through a file; PackageRefused with the first thing that is wrong, in words."""
    size = file.stat().st_size
    if size > limits.packed:
        raise _too_large(size, limits.packed)
    with file.open("rb") as start:
        if start.read(4) != b"PK\x03\x04":
            raise _broken(kind, "it does not begin as a ZIP")
    try:
        with zipfile.ZipFile(file) as package:
            parts = _entries(package, limits)
            _read_all(package, parts, kind, limits)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, RuntimeError, NotImplementedError, OSError) as error:
        raise _broken(kind, str(error)) from error
    except etree.XMLSyntaxError as error:
        raise _broken(kind, str(error)) from error


def _entries(package: zipfile.ZipFile, limits: Limits) -> Mapping[str, zipfile.ZipInfo]:
    """The entries by name, none of them read yet."""
    entries = package.infolist()
    if len(entries) > limits.parts:
        told = _("文件里有 {n} 个部件，最多 {most} 个。请另存一份再上传。")
        raise PackageRefused(told.format(n=len(entries), most=limits.parts), f"{len(entries)} entries")
    seen: set[str] = set()
    for one in entries:
        path = PurePosixPath(one.filename)
        odd = path.is_absolute() or ".." in path.parts or "\\" in one.filename or ":" in one.filename
        if odd or one.filename.casefold() in seen or stat.S_ISLNK(one.external_attr >> 16):
            raise _suspicious(_("里面有名称不正常的部件"), one.filename)
        if one.flag_bits & 0x1:
            raise PackageRefused(_("文件设了密码。请取消密码后再上传。"), f"{one.filename} is encrypted")
        if one.file_size > _RATIO_COUNTS_FROM and one.file_size > _MOST_SHRUNK * max(1, one.compress_size):
            raise _bomb(one.filename)
        seen.add(one.filename.casefold())
    return {one.filename: one for one in entries}


def _read_all(package: zipfile.ZipFile, entries: Mapping[str, zipfile.ZipInfo], kind: Kind, limits: Limits) -> None:
    if _TYPES not in entries:
        raise _broken(kind, f"no {_TYPES}")
    left = limits.unpacked
    for name, entry in entries.items():
        if _ALIVE.search(name):
            raise _suspicious(_("里面有宏、控件或嵌入的文件"), name)
        data = _inflated(package, entry, min(left, limits.part))
        left -= len(data)
        if data[:4] == b"PK\x03\x04":
            raise _suspicious(_("里面有宏、控件或嵌入的文件"), name)
        if name.lower().endswith((".xml", ".rels", ".vml")):
            _must_be_plain(name, data)
        if name == _TYPES:
            _must_be(kind, data)
        if name.lower().endswith(".rels"):
            _must_stay_inside(kind, name, data)


def _inflated(package: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int) -> bytes:
    """A part, counted while it grows: what its header says of its size is hearsay."""
    grown = bytearray()
    with package.open(entry) as part:
        while piece := part.read(_CHUNK):
            grown += piece
            if len(grown) > most:
                raise _bomb(entry.filename)
    return bytes(grown)


def _must_be_plain(name: str, data: bytes) -> None:
    told = _ENCODING.match(data.lstrip(b"\xef\xbb\xbf"))
    if _ENTITIES.search(data) or (told and told[1].lower() not in _READABLE):
        raise _suspicious(_("里面有 Office 不会写的内容（实体定义或少见的编码）"), name)


def _must_be(kind: Kind, types: bytes) -> None:
    if b"macroEnabled" in types:
        raise _suspicious(_("里面有宏、控件或嵌入的文件"), "macroEnabled")
    if kind.value[1].encode() not in types:
        raise _broken(kind, "its main part is of another sort")


def _must_stay_inside(kind: Kind, name: str, data: bytes) -> None:
    for one in _relationships(data):
        sort = one.get("Type", "").rpartition("/")[2]
        target = one.get("Target", "")
        # Excel makes a link of every address that is typed; nobody here follows it.
        harmless = kind is Kind.SHEET and sort == "hyperlink"
        if sort in _FOREIGN or (one.get("TargetMode") == "External" and not harmless):
            told = _("里面有指向外部的链接或嵌入的对象（{what}）。请删去，或改成普通文字和图片后再上传。")
            raise PackageRefused(told.format(what=_short(target or sort)), f"{name}: {sort} {target}")


def _relationships(data: bytes) -> Iterator[Any]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    yield from etree.fromstring(data, parser).iter(_RELATIONSHIP)


def _too_large(size: int, most: int) -> PackageRefused:
    told = _("文件有 {size} MB，最大 {most} MB。请把里面的图片压缩或删去后再上传。")
    return PackageRefused(told.format(size=f"{size / MEGABYTE:.1f}", most=most // MEGABYTE), f"{size} bytes")


def _bomb(name: str) -> PackageRefused:
    return PackageRefused(_("文件展开后太大，没有收下。请换一个正常的文件。"), f"{name} grows beyond the limit")


def _broken(kind: Kind, why: str) -> PackageRefused:
    told = _("不是完好的 {ending} 文件。请用 Office 或 WPS 打开，另存为 {ending} 后再上传。")
    return PackageRefused(told.format(ending=kind.ending), why)


def _suspicious(what: str, name: str) -> PackageRefused:
    told = _("{what}（{name}）。请另存为不带这些内容的文件后再上传。")
    return PackageRefused(told.format(what=what, name=_short(name)), name)


def _short(name: str) -> str:
    return name if len(name) <= 60 else f"{name[:60]}…"
