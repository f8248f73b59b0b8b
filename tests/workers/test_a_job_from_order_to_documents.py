"""With a real Redis, a real Celery worker and a real database, every job that was accepted is done."""

import os
import signal

from storage.tables import JobState
from tests.fakes.worker import BROKEN, PATIENT
from tests.people import MARKET
from tests.workers.conftest import Office


def test_a_job_is_done_and_its_documents_say_what_was_answered(office: Office) -> None:
    office.hire()
    job_id = office.order(MARKET)
    office.run_until(lambda: office.is_done(job_id))
    assert office.texts(job_id) == [f"job-{job_id}-fence-1 {MARKET}", f"%PDF job-{job_id}-fence-1 {MARKET}"]
    assert office.litter() == []


def test_a_document_error_fails_the_job_with_its_reason(office: Office) -> None:
    office.hire()
    job_id = office.order(BROKEN)
    office.run_until(lambda: office.job(job_id).state is JobState.FAILED)
    assert office.job(job_id).error_code == "broken"
    assert office.litter() == []


def test_when_the_process_is_killed_in_mid_document_another_finishes_the_job(office: Office) -> None:
    office.close_gate()
    office.hire()
    job_id = office.order(PATIENT)
    office.run_until(lambda: office.has_begun(job_id))
    os.kill(office.holder(job_id), signal.SIGKILL)
    office.open_gate()
    office.run_until(lambda: office.is_done(job_id))
    job = office.job(job_id)
    assert (job.fence, job.lost_count, job.fail_count) == (2, 1, 0)
    assert office.documents() == 2
    assert office.litter() == []


def test_when_the_whole_worker_is_killed_another_finishes_the_job(office: Office) -> None:
    office.close_gate()
    worker = office.hire()
    job_id = office.order(PATIENT)
    office.run_until(lambda: office.has_begun(job_id))
    worker.kill()
    worker.wait()
    office.open_gate()
    office.hire()
    office.run_until(lambda: office.is_done(job_id))
    assert office.job(job_id).lost_count == 1
    assert office.litter() == []
