"""The scan, and making anew what it finds, do the same whatever the store is made of."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from storage.files import DocumentFiles, Kept
from storage.making import documents, jobs, remaking
from storage.safekeeping.scan import Trouble, remove_orphans, scan
from storage.session import make_engine, session_scope
from storage.tables import Format, JobState
from tests.orders import claimed, job_now, ordered
from tests.shelves import Shelf


@pytest.fixture
def engine(shelf: Shelf) -> Iterator[Engine]:
    engine = make_engine(shelf.settings)
    yield engine
    engine.dispose()


@pytest.fixture
def files(shelf: Shelf) -> DocumentFiles:
    return DocumentFiles(shelf.settings)


@pytest.fixture
def kept(engine: Engine, files: DocumentFiles, tmp_path: Path) -> Kept:
    """The file of a report that is done."""
    made = tmp_path / "report.pdf"
    made.write_bytes(b"%PDF the report")
    claim = claimed(engine, ordered(engine), "worker")
    [one] = files.keep([made], claim.job_id, claim.fence)
    with session_scope(engine) as session:
        assert jobs.finish(session, claim, [documents.document(claim, Format.PDF, one, pages=8)])
    return one


def troubles(engine: Engine, files: DocumentFiles) -> list[tuple[Trouble, str]]:
    return [(one.trouble, one.storage_key) for one in scan(engine, files, 0)]


def test_what_is_well_damaged_and_missing_is_told_apart(
    engine: Engine, files: DocumentFiles, shelf: Shelf, kept: Kept
) -> None:
    assert troubles(engine, files) == []
    shelf.spoil(kept.storage_key, b"%PDF the repork")
    assert troubles(engine, files) == [(Trouble.DAMAGED, kept.storage_key)]
    files.remove(kept.storage_key)
    assert troubles(engine, files) == [(Trouble.MISSING, kept.storage_key)]


def test_what_nobody_names_is_removed_and_nothing_else(
    engine: Engine, files: DocumentFiles, shelf: Shelf, kept: Kept
) -> None:
    shelf.spoil("0000/job-99-fence-1.pdf", b"%PDF of a holder who was killed")
    found = list(scan(engine, files, 0))
    assert [(one.trouble, one.storage_key) for one in found] == [(Trouble.ORPHAN, "0000/job-99-fence-1.pdf")]
    remove_orphans(files, found)
    assert shelf.listed() == [kept.storage_key]


def test_a_spoilt_document_is_made_again(engine: Engine, files: DocumentFiles, shelf: Shelf, kept: Kept) -> None:
    shelf.spoil(kept.storage_key, b"%PDF the repork")
    with session_scope(engine) as session:
        [job_id] = remaking.spoilt_jobs(session, scan(engine, files, 0))
        assert remaking.make_again(session, files, job_id, "operator:李明")
    assert job_now(engine, job_id).state is JobState.QUEUED
