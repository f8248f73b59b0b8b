"""An archive before its first byte: every file checked by its fingerprint, the list written, the length known."""

import hashlib
import stat
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, Final

from stream_zip import NO_COMPRESSION_32, NO_COMPRESSION_64, MemberFile, Method, stream_zip

from reports.faces.manifest import Manifest, as_csv, as_workbook
from service.archives.listing import Order, head, line_of
from service.archives.naming import FORMATS, MANIFEST_CSV, MANIFEST_XLSX, SCOPES, SUMS, Names, archive_name
from service.words import in_china
from storage.files import DocumentFiles, FileDamaged
from storage.publishing.archives import Holding
from storage.stores import StoreUnavailable
from storage.tables import Document

_CHUNK: Final = 64 * 1024
_MODE: Final = stat.S_IFREG | 0o644
# From here on a ZIP needs wider fields, which unpackers of before 2001 do not know.
_LARGE_BYTES, _LARGE_FILES = 4_000_000_000, 60_000


@dataclass(frozen=True, slots=True)
class Checked:
    """A document that is as it was written, its name in the archive, and the checksum that a ZIP wants."""

    name: str
    document: Document
    crc32: int


@dataclass(frozen=True, slots=True)
class Archive:
    """All that is to be sent; nothing of it was read from its manifest's word alone."""

    name: str
    manifest: Manifest
    lists: Sequence[tuple[str, bytes]]
    checked: Sequence[Checked]
    missing: int
    made_at: datetime

    @property
    def manifest_sha256(self) -> str:
        """What the audit trail keeps, so that the list itself can be proved later."""
        return hashlib.sha256(self.lists[0][1]).hexdigest()

    @property
    def length(self) -> int:
        """How many bytes the ZIP has: its frame, which does not depend on what is in it, and the files."""
        frame = sum(map(len, stream_zip(self._members(lambda _one: (), empty=True))))
        return frame + sum(size for _, size, _ in self._sizes())

    def stream(self, files: DocumentFiles) -> Iterator[bytes]:
        """The ZIP. Whatever breaks ends it with an exception, so that nobody takes it for whole."""
        yield from stream_zip(self._members(lambda one: _read(files, one)), chunk_size=_CHUNK)

    def _sizes(self) -> Iterator[tuple[str, int, int]]:
        for name, contents in self.lists:
            yield name, len(contents), zlib.crc32(contents)
        for one in self.checked:
            yield one.name, one.document.bytes, one.crc32

    def _members(self, read: "Callable[[Checked], Iterable[bytes]]", empty: bool = False) -> Iterator[MemberFile]:
        sizes = list(self._sizes())
        is_large = len(sizes) > _LARGE_FILES or sum(size for _, size, _ in sizes) > _LARGE_BYTES
        how = NO_COMPRESSION_64 if is_large else NO_COMPRESSION_32

        def method(size: int, crc32: int) -> Method:
            return how(0, 0) if empty else how(size, crc32)

        made_at = in_china(self.made_at)
        for name, contents in self.lists:
            yield name, made_at, _MODE, method(len(contents), zlib.crc32(contents)), () if empty else (contents,)
        for one in self.checked:
            when = in_china(one.document.created_at)
            yield one.name, when, _MODE, method(one.document.bytes, one.crc32), read(one)


def pack(files: DocumentFiles, order: Order, holdings: Sequence[Holding]) -> Archive:
    """Read every file once. One that is damaged becomes a reason in the list; a store that is away ends it."""
    names = Names(one.standing.unit.kind for one in holdings)
    lines, checked, missing = [], [], 0
    for number, one in enumerate(holdings, 1):
        base = names.take(one.standing.unit.kind, order.title_of(one.standing.unit.name))
        found, reasons = _checked(files, one, base, order)
        lacking = len(found) < len(FORMATS[order.scope]) and not one.standing.is_exempt
        missing += lacking
        checked += found
        reason = one.reason or "".join(reasons) or (_INCOMPLETE if lacking else "")
        lines.append(line_of(number, one, {entry.document.format: entry.name for entry in found}, reason))
    manifest = Manifest(head(order, holdings, missing), lines)
    name = archive_name(order.title, SCOPES[order.scope], missing)
    return Archive(name, manifest, _lists(manifest), checked, missing, order.made_at)


def _checked(files: DocumentFiles, one: Holding, base: str, order: Order) -> tuple[list[Checked], list[str]]:
    found, reasons = [], []
    for format in FORMATS[order.scope]:
        if (document := one.document(format)) is None:
            continue
        try:
            with files.open(document.storage_key, document.bytes, document.sha256, anew=True) as file:
                found.append(Checked(f"{base}.{format.value}", document, _crc32(file)))
        except FileDamaged as error:
            reasons.append(_DAMAGED.format(format=format.value, key=document.storage_key, detail=error.reason))
        except StoreUnavailable:
            raise
        except OSError as error:
            detail = error.strerror or str(error)
            reasons.append(_DAMAGED.format(format=format.value, key=document.storage_key, detail=detail))
    return found, reasons


_INCOMPLETE: Final = "没有这种格式的文件。"
_DAMAGED: Final = "{format} 文件已损坏或丢失（{key}：{detail}），请重新制作。"


def _lists(manifest: Manifest) -> list[tuple[str, bytes]]:
    told, shown = as_csv(manifest), as_workbook(manifest)
    sums = {MANIFEST_CSV: hashlib.sha256(told).hexdigest(), MANIFEST_XLSX: hashlib.sha256(shown).hexdigest()}
    lines = "".join(f"{sha256}  {name}\n" for name, sha256 in {**sums, **manifest.files}.items())
    return [(MANIFEST_CSV, told), (MANIFEST_XLSX, shown), (SUMS, lines.encode())]


def _read(files: DocumentFiles, one: Checked) -> Iterator[bytes]:
    document = one.document
    with files.open(document.storage_key, document.bytes, document.sha256) as file:
        yield from _chunks(file)


def _chunks(file: BinaryIO) -> Iterable[bytes]:
    return iter(lambda: file.read(_CHUNK), b"")


def _crc32(file: BinaryIO) -> int:
    seen = 0
    for chunk in _chunks(file):
        seen = zlib.crc32(chunk, seen)
    return seen
