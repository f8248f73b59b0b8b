"""A document is seen when its job is done, and only under the fence that made it."""

from dataclasses import replace

from sqlalchemy import Engine

from storage.files import Kept
from storage.making import documents, jobs, losses
from storage.making.jobs import Claim
from storage.session import session_scope
from storage.tables import Document, Format, Job, JobState, Lane, Revision
from tests.orders import RECIPE, claimed, job_now, ordered


def made(claim: Claim) -> list[Document]:
    """The pair of documents a worker made under a claim."""
    kept = [Kept(f"job-{claim.job_id}-fence-{claim.fence}.{format}", "0" * 64, 9) for format in Format]
    return [documents.document(claim, format, file, pages=8) for format, file in zip(Format, kept, strict=True)]


def finish(engine: Engine, claim: Claim) -> bool:
    with session_scope(engine) as session:
        return jobs.finish(session, claim, made(claim))


def seen(engine: Engine, job_id: int) -> list[tuple[Format, int]]:
    with session_scope(engine) as session:
        of_job = documents.of_job(session, session.get_one(Job, job_id))
        return [(document.format, document.fence) for document in of_job]


def test_the_documents_of_a_finished_job_are_seen(engine: Engine) -> None:
    claim = claimed(engine, ordered(engine), "worker")
    assert finish(engine, claim)
    assert seen(engine, claim.job_id) == [(Format.DOCX, 1), (Format.PDF, 1)]


def test_documents_are_seen_once_however_often_their_finish_is_repeated(engine: Engine) -> None:
    claim = claimed(engine, ordered(engine), "worker")
    assert finish(engine, claim)
    assert finish(engine, claim)
    assert len(seen(engine, claim.job_id)) == 2


def test_nothing_is_seen_while_a_job_runs(engine: Engine) -> None:
    claim = claimed(engine, ordered(engine), "worker")
    with session_scope(engine) as session:
        session.add_all(made(claim))
    assert seen(engine, claim.job_id) == []


def test_documents_of_a_holder_who_was_given_up_are_never_seen(engine: Engine) -> None:
    first = claimed(engine, ordered(engine), "paused")
    with session_scope(engine) as session:
        session.add_all(made(first))
        losses.take_back_from(session, ["paused"])
    second = claimed(engine, first.job_id, "second")
    assert not finish(engine, first)
    assert seen(engine, first.job_id) == []
    assert finish(engine, second)
    assert not finish(engine, first)
    assert seen(engine, first.job_id) == [(Format.DOCX, 2), (Format.PDF, 2)]
    assert job_now(engine, first.job_id).state is JobState.DONE


def test_a_document_is_found_by_its_jobs_public_id_and_its_format(engine: Engine) -> None:
    claim = claimed(engine, ordered(engine), "worker")
    finish(engine, claim)
    public_id = job_now(engine, claim.job_id).public_id
    with session_scope(engine) as session:
        found = documents.find_document(session, public_id, Format.PDF)
        assert found is not None
        assert found.pages == 8
        assert documents.find_document(session, "guessed", Format.PDF) is None


def test_of_each_revision_the_documents_made_last_are_found(engine: Engine) -> None:
    first = claimed(engine, ordered(engine), "worker")
    with session_scope(engine) as session:
        revision = session.get_one(Revision, first.revision_id)
        later = jobs.order(session, revision, replace(RECIPE, template_version="template-2"), Lane.BATCH).id
    second = claimed(engine, later, "worker")
    for claim in (second, first):
        assert finish(engine, claim)
    with session_scope(engine) as session:
        found = documents.of_revisions(session, [first.revision_id, 999])
    assert {revision: {one.job_id for one in made} for revision, made in found.items()} == {first.revision_id: {later}}
