"""How many workers it takes: from what documents took here, or a stated figure that says it is one."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, update

from service.capacity import FEWEST, STATED_SECONDS, Measured, measured, plan
from service.cli import main
from storage.clock import now
from storage.making import jobs
from storage.session import reading_scope, session_scope
from storage.settings import Settings
from storage.tables import Job, Role
from tests.orders import claimed, ordered
from tests.service.conftest import Office

HALF_A_SECOND = Measured(0.5, 600_000, 100)


def made(engine: Engine, seconds: float, many: int, begun: str) -> None:
    """So many documents that took so long."""
    for number in range(many):
        claim = claimed(engine, ordered(engine, f"{begun}{number}"), "worker")
        with session_scope(engine) as session:
            assert jobs.finish(session, claim, [])
            end = session.scalars(now().select()).one()
            job = update(Job).where(Job.id == claim.job_id)
            session.execute(job.values(claimed_at=end - timedelta(seconds=seconds), finished_at=end))


def test_what_was_made_here_counts_and_one_slow_document_does_not(engine: Engine) -> None:
    made(engine, 2.0, FEWEST, "平常")
    made(engine, 900.0, 1, "出奇")
    with reading_scope(engine) as session:
        found = measured(session)
    assert found.seconds == pytest.approx(2.0)
    assert found.documents == FEWEST + 1


def test_of_too_few_documents_nothing_is_concluded(engine: Engine) -> None:
    made(engine, 2.0, FEWEST - 1, "平常")
    with reading_scope(engine) as session:
        assert measured(session) == Measured(STATED_SECONDS, 600_000, 0)


@pytest.mark.parametrize(
    ("units", "hours", "workers"),
    [(1, 8, 1), (40, 8, 1), (3_000, 8, 1), (3_000, 0.25, 4), (28_800, 8, 1), (28_801, 8, 2), (1_000_000, 8, 35)],
)
def test_workers_follow_from_units_and_hours_with_half_to_spare(units: int, hours: float, workers: int) -> None:
    assert plan(HALF_A_SECOND, units, hours).batch_workers == workers


def test_previews_get_a_worker_of_their_own_and_more_when_very_many_look() -> None:
    assert [plan(HALF_A_SECOND, units).preview_workers for units in (40, 3_000, 20_000)] == [1, 1, 3]


def test_the_command_says_from_what_it_was_computed(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NIANBAO_DATA_DIR", str(settings.data_dir))
    told = CliRunner().invoke(main, ["capacity", "--units", "3000"])
    assert told.exit_code == 0
    assert "还不到 20 份" in told.output
    planned = json.loads(CliRunner().invoke(main, ["capacity", "--units", "3000", "--hours", "0.25", "--json"]).output)
    assert (planned["batch_workers"], planned["measured"]["documents"]) == (4, 0)


def test_the_command_makes_no_database_where_there_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NIANBAO_DATA_DIR", str(tmp_path / "var"))
    assert CliRunner().invoke(main, ["capacity", "--units", "40"]).exit_code == 0
    assert not (tmp_path / "var").exists()


def test_the_page_computes_for_the_units_there_are_and_for_any_other_number(office: Office) -> None:
    keeper = office.visitor("xitong", (Role.SYSTEM, None))
    page = keeper.get("/capacity")
    assert page.heading == "需要几个生成进程"
    assert page.all("//input[@name='units']/@value") == ["4"]
    assert "批量生成进程1 个" in page.words
    assert "批量生成进程4 个" in keeper.get("/capacity?units=3000&hours=0.25").words


@pytest.mark.parametrize("typed", ["", "-1", "0", "many", "nan", "inf", "1e99", "0.5"])
def test_what_is_no_number_of_units_is_said_and_stays_in_the_field(office: Office, typed: str) -> None:
    page = office.visitor("xitong", (Role.SYSTEM, None)).get(f"/capacity?units={typed}")
    assert page.status == 200
    assert "单位数应是 1 至 1000000 的整数" in page.words
    assert page.all("//input[@name='units']/@value") == [typed]
