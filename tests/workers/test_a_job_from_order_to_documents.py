"""With a real Redis, a real Celery worker and a real database, every job that was accepted is done or says why not."""

import os

from storage.making.recipes import bundled_version, template_of
from storage.making.template_files import KEPT_TEMPLATES
from storage.tables import JobState, Lane
from tests.fakes.worker import BROKEN, CRAMPED, PATIENT
from tests.people import ARCHIVES, DEFINITIONS, MARKET, annual
from tests.workers.conftest import Office
from workers.app import BATCH_NICENESS


def test_a_job_is_done_and_its_documents_say_what_was_answered(either_office: Office) -> None:
    office = either_office
    office.hire()
    job_id = office.order(MARKET)
    office.run_until(lambda: office.is_done(job_id))
    assert office.texts(job_id) == [f"job-{job_id}-fence-1 {MARKET}", f"%PDF job-{job_id}-fence-1 {MARKET}"]
    office.run_until(lambda: office.litter() == [])


def test_a_document_error_fails_its_own_job_and_no_other(office: Office) -> None:
    office.hire()
    broken, sound = office.order(BROKEN), office.order(MARKET)
    office.run_until(lambda: office.is_done(sound) and office.job(broken).state is JobState.FAILED)
    assert office.job(broken).error_code == "broken"
    assert office.begun(broken) == 1
    office.run_until(lambda: office.litter() == [])


def test_a_full_disk_is_tried_again_and_then_the_job_is_done(office: Office) -> None:
    office.hire()
    job_id = office.order(CRAMPED)
    office.run_until(lambda: office.is_done(job_id))
    job = office.job(job_id)
    assert (job.fence, job.fail_count, job.lost_count, job.error_code) == (2, 1, 0, None)


def test_a_preview_is_made_while_the_batch_is_at_a_standstill(office: Office) -> None:
    office.close_gate()
    office.hire(Lane.BATCH)
    office.hire(Lane.PREVIEW)
    stuck = [office.order(f"{PATIENT}{number}") for number in range(10)]
    preview = office.order(MARKET, Lane.PREVIEW)
    office.run_until(lambda: office.is_done(preview))
    assert not any(office.is_done(job_id) for job_id in stuck)


def test_a_batch_gives_way_to_people_and_a_preview_to_nobody(office: Office) -> None:
    office.hire(Lane.BATCH)
    office.hire(Lane.PREVIEW)
    niceness = {worker.lane: os.getpriority(os.PRIO_PROCESS, worker.pid) for worker in office.crew()}
    mine = os.getpriority(os.PRIO_PROCESS, 0)
    assert niceness == {Lane.BATCH: max(mine, BATCH_NICENESS), Lane.PREVIEW: mine}


def test_a_worker_that_has_worked_has_the_templates_of_its_release_after_the_next(office: Office) -> None:
    office.hire()
    kept = office.settings.data_dir / KEPT_TEMPLATES / f"{bundled_version(DEFINITIONS, annual())}.docx"
    assert kept.read_bytes() == template_of(DEFINITIONS, annual()).read_bytes()


def test_a_worker_told_twice_of_a_job_makes_it_once(office: Office) -> None:
    first, second = office.order(MARKET), office.order(ARCHIVES)
    office.sweeper.dispatch()
    office.redis.client.rpush("nianbao:batch", *office.redis.client.lrange("nianbao:batch", 0, -1))
    office.hire()
    office.run_until(lambda: office.is_done(first, second))
    office.wait_until(lambda: office.redis.client.llen("nianbao:batch") == 0)
    assert (office.begun(first), office.begun(second)) == (1, 1)


def test_a_worker_told_to_stop_finishes_what_it_has_begun_and_leaves(office: Office) -> None:
    office.close_gate()
    worker = office.hire()
    job_id = office.begin(PATIENT)
    worker.terminate()
    office.open_gate()
    worker.wait()
    assert office.is_done(job_id)
    assert (office.job(job_id).fence, office.crew()) == (1, [])
