"""An operator makes all documents of a year at the command line, and may stop looking without stopping it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, select

from service.cli import main
from service.commands import batch as command
from storage.batches import moves
from storage.session import make_engine, reading_scope, session_scope
from storage.settings import PROJECT, Settings
from storage.tables import Batch, BatchState, Job, JobState, Unit
from tests.batches import REVIEWER, campaign_of, fail, jobs_of, make, now_in, started

PATIENCE = 120


@pytest.fixture(autouse=True)
def at_home(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands read their settings from the environment, and look again soon."""
    monkeypatch.setenv("NIANBAO_DATA_DIR", str(settings.data_dir))
    monkeypatch.setattr(command, "LOOK_SECONDS", 0.05)


@pytest.fixture
def office(settings: Settings) -> Iterator[Engine]:
    """The database of the office."""
    engine = make_engine(settings)
    yield engine
    engine.dispose()


def nianbao(*words: str) -> Result:
    return CliRunner().invoke(main, ["batch", *words])


@contextmanager
def killed_at_last(process: "subprocess.Popen[str]") -> Iterator[None]:
    """Whatever happens, nobody waits for it for ever."""
    try:
        yield
    except BaseException:
        process.kill()
        raise


def open_batch(engine: Engine, wanted: int) -> Batch | None:
    with reading_scope(engine) as session:
        batch = session.scalars(select(Batch).order_by(Batch.id.desc())).first()
        waiting = session.scalars(select(Job.id).where(Job.template_version != "template-0")).all()
    return batch if batch and len(waiting) >= wanted else None


def wait_for(engine: Engine, wanted: int) -> Batch:
    """Until a batch of so many jobs has been started."""
    patience = time.monotonic() + PATIENCE
    while time.monotonic() < patience:
        if found := open_batch(engine, wanted):
            return found
        time.sleep(0.05)
    raise AssertionError("no batch was started")


def by_somebody(engine: Engine, wanted: int, good: int) -> "Future[None]":
    """As if workers made the first few of a batch that is to come, and could not make the others."""

    def work() -> None:
        jobs = jobs_of(engine, wait_for(engine, wanted))
        make(engine, jobs[:good])
        fail(engine, jobs[good:])

    pool = ThreadPoolExecutor(1)
    working = pool.submit(work)
    pool.shutdown(wait=False)
    return working


def test_it_is_started_and_watched_to_its_end(office: Engine) -> None:
    campaign_of(office, approved=3, sent=1)
    working = by_somebody(office, wanted=3, good=3)
    told = nianbao("--year", "2024")
    working.result()
    assert told.exit_code == 0, told.output
    assert "生成 3 份（沿用 0），没有生成 0 份；已报送，尚未审核通过 1" in told.output
    assert "没有生成进程在运行" in told.output


def test_what_failed_is_named_with_its_cause_and_the_exit_status_tells(office: Engine) -> None:
    campaign_of(office, approved=3)
    working = by_somebody(office, wanted=3, good=2)
    told = nianbao("--year", "2024")
    working.result()
    assert told.exit_code == 1
    assert "模板有误。" in told.output
    assert "没有生成 1 份" in told.output


def test_what_was_sent_in_is_made_when_that_is_asked_for(office: Engine) -> None:
    campaign_of(office, approved=1, sent=2)
    working = by_somebody(office, wanted=3, good=3)
    told = nianbao("--year", "2024", "--scope", "sent")
    working.result()
    assert "生成 3 份" in told.output


def test_a_batch_that_is_at_work_is_watched_and_no_other_started(office: Engine) -> None:
    batch = started(office, campaign_of(office, approved=1))
    working = by_somebody(office, wanted=1, good=1)
    told = nianbao("--year", "2024")
    working.result()
    assert told.exit_code == 0
    assert "第 1 批还没有完成，没有另开一批" in told.output
    assert now_in(office, batch).state is BatchState.FINISHED


def test_a_paused_one_is_not_waited_for(office: Engine) -> None:
    batch = started(office, campaign_of(office, approved=1))
    with session_scope(office) as session:
        moves.pause(session, session.get_one(Batch, batch.id), REVIEWER)
    told = nianbao("--year", "2024")
    assert (told.exit_code, "已暂停" in told.output) == (1, True)


def test_whoever_stops_looking_does_not_stop_it(office: Engine, settings: Settings) -> None:
    campaign_of(office, approved=2)
    environment = {**os.environ, "NIANBAO_DATA_DIR": str(settings.data_dir)}
    words = [sys.executable, "-m", "service.cli", "batch", "--year", "2024"]
    watching = subprocess.Popen(
        words,
        cwd=PROJECT,
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
        # What runs in the background of a shell has been told to ignore it, and so would whatever it starts.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - before there are threads
    )
    with watching, killed_at_last(watching):
        assert watching.stderr
        told = ""
        # It says so at its first look: from now on it watches.
        while "没有生成进程" not in told and (line := watching.stderr.readline()):
            told += line
        watching.send_signal(signal.SIGINT)
        told += watching.stderr.read()
    assert watching.returncode == command.INTERRUPTED, told
    assert "照常在后台生成" in told
    batch = wait_for(office, wanted=2)
    assert batch.state is BatchState.RUNNING
    with reading_scope(office) as session:
        found = select(Job.state).where(Job.id.in_(jobs_of(office, batch)))
        assert set(session.scalars(found)) == {JobState.QUEUED}


def test_without_a_campaign_or_with_several_it_says_what_to_do(office: Engine) -> None:
    assert "没有2024年度的填报" in nianbao("--year", "2024").output
    campaign_of(office, approved=1)
    campaign_of(office, approved=1)
    told = nianbao("--year", "2024")
    assert (told.exit_code, "请用 --office 指定主管单位" in told.output) == (2, True)
    with reading_scope(office) as session:
        name = session.scalars(select(Unit.name).order_by(Unit.id)).first()
    working = by_somebody(office, wanted=1, good=1)
    assert nianbao("--year", "2024", "--office", str(name)).exit_code == 0
    working.result()


def test_without_a_year_it_says_which_words_it_wants() -> None:
    told = nianbao()
    assert (told.exit_code, "nianbao batch --year 2024" in told.output) == (2, True)


def test_the_batches_there_were_are_listed(office: Engine) -> None:
    assert "还没有生成过" in nianbao("list").output
    started(office, campaign_of(office, approved=1))
    [line] = nianbao("list").output.splitlines()
    assert "2024年度\t第 1 批" in line
    assert "正在生成\t生成 0，失败 0" in line
