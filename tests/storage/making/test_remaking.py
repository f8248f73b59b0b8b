"""A job begins anew when somebody asks and there is a reason: it has failed, or a file of it is spoilt."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from storage.audit import verify_chain
from storage.files import DocumentFiles
from storage.making import documents, jobs
from storage.making.remaking import make_again, spoilt_jobs
from storage.safekeeping.scan import scan
from storage.session import reading_scope, session_scope
from storage.settings import Settings
from storage.tables import Format, JobState
from tests.orders import CLERK, claimed, job_now, ordered
from tests.racing import race


@pytest.fixture
def files(either: Settings) -> DocumentFiles:
    return DocumentFiles(either)


@pytest.fixture
def job_id(engine: Engine, files: DocumentFiles) -> int:
    """A job that is done."""
    number = ordered(engine)
    make(engine, files, number)
    return number


def make(engine: Engine, files: DocumentFiles, job_id: int) -> None:
    """A worker makes both documents."""
    claim = claimed(engine, job_id, "worker")
    made = [files.root.parent / f"report.{format}" for format in Format]
    for path in made:
        path.write_text(f"{path.name} of fence {claim.fence}")
    kept = files.keep(made, claim.job_id, claim.fence)
    pairs = zip(Format, kept, strict=True)
    with session_scope(engine) as session:
        assert jobs.finish(session, claim, [documents.document(claim, *pair, pages=8) for pair in pairs])
    files.discard_earlier(claim.job_id, claim.fence)


def shown(engine: Engine, files: DocumentFiles, job_id: int) -> list[Path]:
    with reading_scope(engine) as session:
        return [files.root / one.storage_key for one in documents.of_job(session, job_now(engine, job_id))]


def asked(engine: Engine, files: DocumentFiles, job_id: int) -> bool:
    with session_scope(engine) as session:
        return make_again(session, files, job_id, CLERK)


@pytest.mark.parametrize("contents", [None, b"", b"report.pdf of fence 2"], ids=["missing", "empty", "changed"])
def test_a_spoilt_file_is_made_again_and_nothing_of_the_old_is_left(
    engine: Engine, files: DocumentFiles, job_id: int, contents: bytes | None
) -> None:
    spoilt = shown(engine, files, job_id)[-1]
    spoilt.unlink() if contents is None else spoilt.write_bytes(contents)
    assert asked(engine, files, job_id)
    assert (job_now(engine, job_id).state, shown(engine, files, job_id)) == (JobState.QUEUED, [])
    make(engine, files, job_id)
    assert [path.read_text()[-7:] for path in shown(engine, files, job_id)] == ["fence 2", "fence 2"]
    assert list(scan(engine, files, 0)) == []
    with reading_scope(engine) as session:
        assert verify_chain(session) is None


def test_a_job_whose_files_are_whole_is_left_alone(engine: Engine, files: DocumentFiles, job_id: int) -> None:
    assert not asked(engine, files, job_id)
    assert job_now(engine, job_id).state is JobState.DONE


def test_a_job_that_has_failed_begins_anew(engine: Engine, files: DocumentFiles) -> None:
    claim = claimed(engine, ordered(engine), "worker")
    with session_scope(engine) as session:
        jobs.fail(session, claim, jobs.Failure("broken", "不能制作。", "as asked for", retry=False), ())
    assert asked(engine, files, claim.job_id)


def test_of_many_who_ask_one_sets_it_going(engine: Engine, files: DocumentFiles, job_id: int) -> None:
    shown(engine, files, job_id)[0].unlink()
    assert sorted(race(4, lambda _: asked(engine, files, job_id))) == [False, False, False, True]


def test_a_scan_leads_to_the_jobs_that_are_spoilt(engine: Engine, files: DocumentFiles, job_id: int) -> None:
    make(engine, files, ordered(engine, "水务局"))
    for path in shown(engine, files, job_id):
        path.unlink()
    found = list(scan(engine, files, 0))
    with reading_scope(engine) as session:
        assert list(spoilt_jobs(session, found)) == [job_id]
