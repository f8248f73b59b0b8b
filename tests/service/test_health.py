"""Whoever looks after the service learns whether it lives, whether it is ready, and how much there is to do."""

import re

import pytest

from storage.making import presence
from storage.making.jobs import find_job
from storage.making.presence import Badge
from storage.session import session_scope
from storage.tables import Lane, Worker
from tests.people import as_json, nil_return, ordinary_report
from tests.servers import RedisServer
from tests.service.conftest import Office
from tests.service.visitors import Browser, Program, told


def arrive(office: Office, name: str, lane: Lane) -> None:
    with session_scope(office.engine) as session:
        presence.arrive(session, Badge(name, lane, "office", 1))


def metric(stranger: Browser, wanted: str) -> float | None:
    """The value of one line of /metrics, by its full name with labels."""
    text = stranger.client.get("/metrics").get_data(as_text=True)
    found = re.search(rf"^{re.escape(wanted)} (\S+)$", text, re.MULTILINE)
    return float(found[1]) if found else None


@pytest.fixture
def all_there(office: Office, redis_server: RedisServer, monkeypatch: pytest.MonkeyPatch) -> Office:
    """An office with Redis and a worker in each lane."""
    arrive(office, "one", Lane.PREVIEW)
    arrive(office, "two", Lane.BATCH)
    object.__setattr__(office.settings, "redis_url", redis_server.url)
    return office


def test_a_process_that_answers_is_alive_whatever_else_is_missing(office: Office, stranger: Browser) -> None:
    office.engine.dispose()
    (office.settings.data_dir / "nianbao.sqlite3").write_bytes(b"no database")
    assert told(stranger.client.get("/healthz")) == {"status": "ok"}


def test_an_office_with_everything_is_ready(all_there: Office, stranger: Browser) -> None:
    answer = stranger.client.get("/readyz")
    assert answer.status_code == 200
    workers = {"preview": 1, "batch": 1}
    assert told(answer) == {"status": "ok", "database": "ok", "redis": "ok", "workers": workers}


def test_an_office_without_workers_still_takes_reports_in(office: Office, stranger: Browser, program: Program) -> None:
    answer = stranger.client.get("/readyz")
    assert (answer.status_code, told(answer)["status"]) == (200, "degraded")
    assert told(answer)["workers"] == {"preview": 0, "batch": 0}
    assert told(answer)["redis"].startswith("unreachable")
    assert program.hand_in(as_json(ordinary_report())).status_code == 202


def test_a_worker_that_fell_silent_is_not_counted(all_there: Office, stranger: Browser) -> None:
    with session_scope(all_there.engine) as session:
        silent = session.get_one(Worker, "one")
        silent.heartbeat_at = silent.heartbeat_at.replace(year=2020)
    told_now = told(stranger.client.get("/readyz"))
    assert (told_now["status"], told_now["workers"]) == ("degraded", {"preview": 0, "batch": 1})


def test_without_its_database_the_office_is_not_ready(office: Office, stranger: Browser) -> None:
    office.engine.dispose()
    (office.settings.data_dir / "nianbao.sqlite3").write_bytes(b"no database, and long enough to be looked at")
    answer = stranger.client.get("/readyz")
    assert (answer.status_code, told(answer)["status"]) == (503, "unavailable")
    assert told(answer)["database"].startswith("unreachable")


def test_a_database_of_another_version_is_not_ready(office: Office, stranger: Browser) -> None:
    with office.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'older'")
    answer = stranger.client.get("/readyz")
    assert answer.status_code == 503
    assert "nianbao migrate" in told(answer)["database"]


def test_the_work_to_do_is_counted_in_the_database(office: Office, program: Program, stranger: Browser) -> None:
    waiting = 'nianbao_jobs{lane="preview",state="queued"}'
    assert metric(stranger, waiting) == 0
    assert metric(stranger, 'nianbao_oldest_queued_seconds{lane="preview"}') == 0
    jobs = [told(program.hand_in(as_json(nil_return(year=year))))["job"]["id"] for year in (2021, 2022, 2023)]
    with session_scope(office.engine) as session:
        first = find_job(session, jobs[0])
        assert first is not None
        first.created_at = first.created_at.replace(year=first.created_at.year - 1)
    assert metric(stranger, waiting) == 3
    assert (metric(stranger, 'nianbao_oldest_queued_seconds{lane="preview"}') or 0) > 300 * 24 * 3600
    office.make(jobs[0])
    office.fail(jobs[1], "转换 120 秒未完成。")
    assert metric(stranger, waiting) == 1
    assert metric(stranger, 'nianbao_jobs{lane="preview",state="done"}') == 1
    assert metric(stranger, 'nianbao_jobs{lane="preview",state="failed"}') == 1
    assert metric(stranger, 'nianbao_documents{format="pdf"}') == 1


def test_workers_that_are_there_are_counted(all_there: Office, stranger: Browser) -> None:
    arrive(all_there, "three", Lane.BATCH)
    assert metric(stranger, 'nianbao_workers_alive{lane="preview"}') == 1
    assert metric(stranger, 'nianbao_workers_alive{lane="batch"}') == 2


def test_requests_are_counted_by_route_not_by_address(stranger: Browser) -> None:
    for number in range(3):
        stranger.get(f"/reports/{number}")
        stranger.get(f"/nothing/{number}")
    known = 'nianbao_request_seconds_count{method="GET",route="/reports/<public_id>",status="302"}'
    assert metric(stranger, known) == 3
    assert metric(stranger, 'nianbao_request_seconds_count{method="GET",route="unknown",status="404"}') == 3


def test_the_numbers_are_there_even_without_a_database(office: Office, stranger: Browser) -> None:
    assert metric(stranger, "nianbao_database_up") == 1
    office.engine.dispose()
    (office.settings.data_dir / "nianbao.sqlite3").write_bytes(b"no database, and long enough to be looked at")
    assert metric(stranger, "nianbao_database_up") == 0
    assert stranger.client.get("/metrics").status_code == 200
