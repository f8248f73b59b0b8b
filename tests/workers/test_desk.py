"""What a worker records, it records once, even when the database does not say whether it did."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from reports.loading import Definitions
from storage.making import documents
from storage.session import reading_scope
from storage.tables import Document, JobState, Lane
from tests.fakes.worker import BROKEN, StandIn
from tests.people import MARKET
from tests.printing import SOME_PROOF
from tests.workers.conftest import Office
from workers import desk as desks
from workers.desk import Desk
from workers.tasks import make_documents


@pytest.fixture
def desk(either_office: Office, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """A desk in this very process."""
    monkeypatch.setattr(desks, "WAITS", (0.01, 0.01))
    settings = either_office.settings
    desk = Desk(settings, Lane.BATCH, StandIn(settings, Definitions(settings.template_dir), Lane.BATCH))
    yield desk
    desk.close()


@contextmanager
def answer_lost(moment: str) -> Iterator[None]:
    """The connection breaks once, just before or just after documents are committed."""
    broken: list[Session] = []

    def note(session: Session) -> None:
        if not broken and any(isinstance(one, Document) for one in session):
            broken.append(session)
            if moment == "before_commit":
                lose_the_answer(session)

    def lose_the_answer(session: Session) -> None:
        if broken == [session]:
            broken.append(session)
            raise OperationalError("COMMIT", None, Exception("server closed the connection unexpectedly"))

    event.listen(Session, "before_commit", note)
    event.listen(Session, "after_commit", lose_the_answer)
    try:
        yield
    finally:
        event.remove(Session, "before_commit", note)
        event.remove(Session, "after_commit", lose_the_answer)
    assert len(broken) == 2


@pytest.mark.parametrize("moment", ["before_commit", "after_commit"])
def test_documents_are_seen_once_when_the_answer_to_their_commit_is_lost(
    either_office: Office, desk: Desk, moment: str
) -> None:
    job_id = either_office.order(MARKET)
    with answer_lost(moment):
        make_documents(desk, job_id)
    job = either_office.job(job_id)
    assert (job.state, job.fence, job.fail_count) == (JobState.DONE, 1, 0)
    assert either_office.documents() == 2
    assert either_office.litter() == []


def test_a_job_left_over_from_a_lost_answer_goes_back_when_the_next_is_taken(either_office: Office, desk: Desk) -> None:
    left_over, following = either_office.order(BROKEN), either_office.order(MARKET)
    assert desk.claim(left_over)
    make_documents(desk, following)
    job = either_office.job(left_over)
    assert (job.state, job.lost_count) == (JobState.QUEUED, 0)


def test_a_job_somebody_else_has_is_left_alone(either_office: Office, desk: Desk) -> None:
    job_id = either_office.order(MARKET)
    make_documents(desk, job_id)
    make_documents(desk, job_id)
    assert either_office.begun(job_id) == 1


def test_what_a_document_shows_and_how_it_was_drawn_is_kept_with_it(either_office: Office, desk: Desk) -> None:
    job_id = either_office.order(MARKET)
    make_documents(desk, job_id)
    with reading_scope(either_office.engine) as session:
        docx, pdf = documents.of_job(session, either_office.job(job_id))
    assert (docx.content_sha256, pdf.content_sha256) == (docx.sha256, SOME_PROOF.content_sha256)
    assert (docx.typefaces, pdf.typefaces) == ("[]", "[]")
