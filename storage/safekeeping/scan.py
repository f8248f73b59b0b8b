"""Whether files and rows agree: documents without a file, damaged ones, unreadable ones, files nobody names."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Engine, select

from storage.files import DocumentFiles, FileDamaged, FileMissing, claim_of
from storage.making import templates
from storage.making.jobs import is_held
from storage.session import reading_scope
from storage.tables import Document, TemplateVersion


class Trouble(StrEnum):
    """What can be wrong with a kept file."""

    MISSING = "missing"
    DAMAGED = "damaged"
    UNREADABLE = "unreadable"
    ORPHAN = "orphan"


@dataclass(frozen=True, slots=True)
class Found:
    """A file that is not as the database has it, and what was seen of it."""

    trouble: Trouble
    storage_key: str
    detail: str


def scan(engine: Engine, files: DocumentFiles, grace_seconds: float) -> Iterator[Found]:
    """Read every kept file once; files without a row count from an age on, before which their row may still come."""
    # The files first: a file seen here whose row is committed meanwhile is then found among the rows.
    old = [one.key for one in files.listed() if one.age_seconds >= grace_seconds]
    # All rows at once: a transaction that stayed open while gigabytes are read would keep SQLite's log growing.
    with reading_scope(engine) as session:
        wanted = select(Document.storage_key, Document.bytes, Document.sha256).order_by(Document.id)
        kept = select(TemplateVersion.storage_key, TemplateVersion.bytes, TemplateVersion.sha256)
        rows = [*session.execute(wanted).all(), *session.execute(kept.order_by(TemplateVersion.id)).all()]
        examples = {example.storage_key for example in templates.examples(session)}
    for storage_key, size, sha256 in rows:
        if found := looked_at(files, storage_key, size, sha256):
            yield found
    named = examples | {row.storage_key for row in rows}
    for storage_key in old:
        if storage_key not in named and not _is_being_handed_in(engine, storage_key):
            yield Found(Trouble.ORPHAN, storage_key, "no document names it")


def remove_orphans(files: DocumentFiles, found: Iterable[Found]) -> None:
    """Remove the files among these that no document names."""
    for one in found:
        if one.trouble is Trouble.ORPHAN:
            files.remove(one.storage_key)


def looked_at(files: DocumentFiles, storage_key: str, size: int, sha256: str) -> Found | None:
    """What is wrong with one kept file; None when it is as it was written."""
    try:
        files.open(storage_key, size, sha256).close()
    except FileMissing as error:
        return Found(Trouble.MISSING, storage_key, error.reason)
    except FileDamaged as error:
        return Found(Trouble.DAMAGED, storage_key, error.reason)
    except OSError as error:
        return Found(Trouble.UNREADABLE, storage_key, error.strerror or str(error))
    return None


def _is_being_handed_in(engine: Engine, storage_key: str) -> bool:
    if (claim := claim_of(storage_key)) is None:
        return False
    with reading_scope(engine) as session:
        return is_held(session, *claim)
