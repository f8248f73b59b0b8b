"""Whatever is killed, paused or wiped out in the middle of a document, the sweeper brings the job to its end."""

import os
import signal
from contextlib import suppress
from functools import partial
from random import Random

from storage.making.losses import LOSSES_BEFORE_QUARANTINE
from storage.tables import JobState
from tests.fakes.worker import PATIENT, POISONOUS, STEADY
from tests.orders import claimed
from tests.people import MARKET
from tests.servers import PostgresServer
from tests.workers.conftest import Office


def test_when_the_process_is_killed_another_finishes_the_job(either_office: Office) -> None:
    office = either_office
    office.be_impatient()
    office.close_gate()
    office.hire()
    job_id = office.begin(PATIENT)
    kill(office.holder(job_id))
    office.open_gate()
    office.run_until(lambda: office.is_done(job_id))
    job = office.job(job_id)
    assert (job.fence, job.fail_count) == (job.lost_count + 1, 0)
    assert job.lost_count >= 1
    assert office.documents() == 2
    office.run_until(lambda: office.litter() == [])


def test_a_process_told_to_end_gives_its_job_back_uncounted(office: Office) -> None:
    office.close_gate()
    office.hire()
    job_id = office.begin(PATIENT)
    os.kill(office.holder(job_id), signal.SIGTERM)
    office.open_gate()
    office.run_until(lambda: office.is_done(job_id))
    job = office.job(job_id)
    assert (job.fence, job.lost_count, job.fail_count) == (2, 0, 0)
    office.run_until(lambda: office.litter() == [])


def test_a_batch_survives_one_kill_after_the_other(either_office: Office) -> None:
    office, dice = either_office, Random(20240117)
    office.be_impatient()
    worker = office.hire(concurrency=2)
    job_ids = [office.order(f"{STEADY}第{number}科") for number in range(24)]
    for number in range(6):
        office.run_until(partial(office.has_more_than, office.documents()))
        if number == 3:
            worker.kill()
            worker.wait()
            worker = office.hire(concurrency=2)
        elif crew := office.living_crew():
            kill(dice.choice(crew))
    office.run_until(lambda: office.is_done(*job_ids))
    assert office.documents() == 2 * len(job_ids)
    assert all(len(office.texts(job_id)) == 2 for job_id in job_ids)
    assert sum(office.job(job_id).fail_count for job_id in job_ids) == 0
    office.run_until(lambda: office.litter() == [])


def test_when_the_whole_worker_is_killed_another_finishes_the_job(office: Office) -> None:
    office.be_impatient()
    office.close_gate()
    worker = office.hire()
    job_id = office.begin(PATIENT)
    worker.kill()
    worker.wait()
    office.open_gate()
    office.hire()
    office.run_until(lambda: office.is_done(job_id))
    assert office.job(job_id).lost_count >= 1
    office.run_until(lambda: office.litter() == [])


def test_a_restarted_worker_frees_at_once_what_its_earlier_boot_held(office: Office) -> None:
    office.close_gate()
    worker = office.hire()
    job_id = office.begin(PATIENT)
    worker.kill()
    worker.wait()
    office.open_gate()
    office.hire()
    # Nobody swept: only the new worker itself can have counted the loss.
    assert office.job(job_id).lost_count == 1
    assert len(office.crew()) == 1


def test_files_that_a_killed_holder_had_kept_already_are_cleared_away(office: Office) -> None:
    job_id = office.order(MARKET)
    claim = claimed(office.engine, job_id, "victim")
    finished = office.settings.data_dir / "report.pdf"
    finished.write_text("%PDF")
    office.files.keep([finished], job_id, claim.fence)
    assert office.litter() == [f"0000/job-{job_id}-fence-1.pdf"]
    office.hire()
    office.run_until(lambda: office.is_done(job_id))
    office.run_until(lambda: office.litter() == [])


def test_a_paused_holder_that_wakes_up_cannot_write(office: Office) -> None:
    office.be_impatient()
    office.close_gate()
    office.hire(concurrency=2)
    job_id = office.begin(PATIENT)
    paused = office.holder(job_id)
    fence = office.job(job_id).fence
    os.kill(paused, signal.SIGSTOP)
    office.run_until(lambda: office.has_begun(job_id, fence + 1))
    office.open_gate()
    office.run_until(lambda: office.is_done(job_id))
    os.kill(paused, signal.SIGCONT)
    office.wait_until(lambda: office.told("job_failed") or office.told("job_passed_on"))
    office.run_until(lambda: office.litter() == [])
    job = office.job(job_id)
    assert (job.state, job.fail_count) == (JobState.DONE, 0)
    assert job.fence > fence
    assert all(f"job-{job_id}-fence-{job.fence}" in text for text in office.texts(job_id))


def test_a_document_that_kills_every_worker_is_given_up_and_the_others_are_made(office: Office) -> None:
    office.be_impatient()
    office.hire()
    poison, sound = office.order(POISONOUS), office.order(MARKET)
    office.run_until(lambda: office.job(poison).state is JobState.FAILED and office.is_done(sound))
    assert office.job(poison).error_code == "poison"
    # Never once more; once less, should a process have been taken for dead before it came to it.
    assert 1 < office.begun(poison) <= LOSSES_BEFORE_QUARANTINE + 1


def test_when_redis_forgets_everything_the_jobs_are_told_again(office: Office) -> None:
    job_ids = [office.order(f"{MARKET}第{number}分局") for number in range(3)]
    assert office.sweeper.dispatch() == job_ids
    office.redis.client.flushall()
    office.hire()
    office.run_until(lambda: office.is_done(*job_ids))


def test_when_redis_is_killed_and_comes_back_empty_the_worker_finds_its_way_again(office: Office) -> None:
    office.close_gate()
    office.hire()
    begun, waiting = office.begin(PATIENT), office.order(MARKET)
    office.redis.kill()
    office.open_gate()
    office.wait_until(lambda: office.is_done(begun))
    office.redis.start()
    office.run_until(lambda: office.is_done(waiting))


def test_when_the_database_is_away_the_holder_waits_for_it(
    province_office: Office, postgres_server: PostgresServer
) -> None:
    office = province_office
    office.close_gate()
    office.hire()
    job_id = office.begin(PATIENT)
    with postgres_server.away():
        office.open_gate()
        office.wait_until(lambda: office.told("database_away"))
    office.engine.dispose()
    office.run_until(lambda: office.is_done(job_id))
    assert office.begun(job_id) == 1


def test_a_process_that_started_while_the_database_was_away_works_when_it_is_back(
    province_office: Office, postgres_server: PostgresServer
) -> None:
    office = province_office
    office.hire()
    [worker] = office.crew()
    with postgres_server.away():
        kill(worker.pid)
        office.wait_until(lambda: office.told("sit_down"))
    office.engine.dispose()
    job_id = office.order(MARKET)
    office.run_until(lambda: office.is_done(job_id))


def kill(pid: int) -> None:
    """Whoever is gone already needs no killing."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
