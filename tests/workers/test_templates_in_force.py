"""Each document is made by the template that its job was ordered with; one that waits is examined by a worker."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select, update

from reports.answers import Answers
from storage.clock import seconds_ago
from storage.making import jobs, templates
from storage.session import reading_scope, session_scope
from storage.tables import Account, Job, JobState, Lane, Revision, Role, TemplateState, TemplateVersion
from tests.orders import RECIPE, job_now
from tests.people import MARKET
from tests.printing import SOME_PROOF
from tests.trying import BUNDLED, handed_in, wider
from tests.units import county, person_with
from tests.workers.conftest import Office
from workers.desk import Desk
from workers.pipeline import Made
from workers.stages import Begins
from workers.tasks import make_documents

ANOTHER = replace(RECIPE, template_version="0123456789abcdef")


class Witness:
    """Makes documents at once, and says by which template it was to."""

    def __init__(self) -> None:
        self.templates: list[bytes] = []

    def make(self, answers: Answers, folder: Path, begins: Begins, template: Path) -> Made:
        self.templates.append(template.read_bytes())
        made = Made(folder / "report.docx", folder / "report.pdf", SOME_PROOF)
        made.docx.write_bytes(b"PK")
        made.pdf.write_bytes(b"%PDF")
        return made

    def close(self) -> None:
        """There is nothing to close."""


@pytest.fixture
def witness() -> Witness:
    return Witness()


@pytest.fixture
def desk(either_office: Office, witness: Witness) -> Iterator[Desk]:
    """A desk in this very process."""
    desk = Desk(either_office.settings, Lane.BATCH, witness)
    yield desk
    desk.close()


def ordered_by(office: Office, version: str) -> int:
    """Another job for what a unit has sent in, by another template."""
    office.order(MARKET)
    with session_scope(office.engine) as session:
        revision = session.scalars(select(Revision)).one()
        return jobs.order(session, revision, replace(RECIPE, template_version=version), Lane.BATCH).id


def test_a_job_is_made_by_the_template_that_came_along(either_office: Office, desk: Desk, witness: Witness) -> None:
    make_documents(desk, either_office.order(MARKET))
    assert witness.templates == [BUNDLED.read_bytes()]


def test_a_job_is_made_by_the_template_it_was_ordered_with_even_when_another_is_in_force(
    either_office: Office, desk: Desk, witness: Witness, tmp_path: Path
) -> None:
    with session_scope(either_office.engine) as session:
        first = handed_in(session, either_office.files, tmp_path, line=600)
        second = handed_in(session, either_office.files, tmp_path, line=620)
        for row, state in ((first, TemplateState.RETIRED), (second, TemplateState.ACTIVE)):
            session.execute(update(TemplateVersion).where(TemplateVersion.id == row.id).values(state=state))
    make_documents(desk, ordered_by(either_office, first.version))
    assert witness.templates == [wider(tmp_path, 600).read_bytes()]


def test_a_job_whose_template_is_nowhere_fails_for_good_with_a_word(
    either_office: Office, desk: Desk, witness: Witness
) -> None:
    job_id = ordered_by(either_office, ANOTHER.template_version)
    make_documents(desk, job_id)
    job = job_now(either_office.engine, job_id)
    assert (job.state, job.error_code, job.fail_count) == (JobState.FAILED, "template_missing", 1)
    assert "Word 模板已经找不到" in str(job.error_for_person)
    assert witness.templates == []


def test_a_template_whose_file_is_gone_is_nowhere_too(
    either_office: Office, desk: Desk, witness: Witness, tmp_path: Path
) -> None:
    with session_scope(either_office.engine) as session:
        row = handed_in(session, either_office.files, tmp_path)
    either_office.files.remove(row.storage_key)
    job_id = ordered_by(either_office, row.version)
    make_documents(desk, job_id)
    assert job_now(either_office.engine, job_id).error_code == "template_missing"


def test_a_template_that_nobody_looked_at_is_told_again_and_examined_by_a_real_worker(
    office: Office, tmp_path: Path
) -> None:
    with session_scope(office.engine) as session:
        row = handed_in(session, office.files, tmp_path)
    assert office.sweeper.remind_of_templates() == []
    with session_scope(office.engine) as session:
        session.execute(update(TemplateVersion).values(uploaded_at=seconds_ago(60)))
    assert office.sweeper.remind_of_templates() == [row.id]
    # Not with every round: whoever was told may be busy with it.
    assert office.sweeper.remind_of_templates() == []
    office.hire(Lane.PREVIEW)

    def state() -> TemplateState:
        with reading_scope(office.engine) as session:
            return session.scalars(select(TemplateVersion.state)).one()

    office.wait_until(lambda: state() is not TemplateState.UPLOADED)
    with reading_scope(office.engine) as session:
        found = templates.found(session.scalars(select(TemplateVersion)).one())
        assert session.scalars(select(Job)).all() == []
    # The stand-in does not draw PDFs of ours, but it has made both documents.
    assert (state(), found["flaws"], found["example"]["pages"]) == (TemplateState.EXAMINED, [], 8)


def test_the_sweeper_rests_idle_accounts_once_an_hour(either_office: Office) -> None:
    def idle(login: str) -> None:
        with session_scope(either_office.engine) as session:
            person = person_with(session, login, (Role.REVIEWER, session.merge(units.office)))
            then = seconds_ago(100 * 86400)
            values = {"created_at": then, "signed_in_at": then, "password_hash": "a hash"}
            session.execute(update(Account).where(Account.id == person.account_id).values(**values))

    with session_scope(either_office.engine) as session:
        units = county(session)
    idle("first")
    assert either_office.sweeper.rest_idle_accounts() == ["first"]
    idle("second")
    assert either_office.sweeper.rest_idle_accounts() == []
