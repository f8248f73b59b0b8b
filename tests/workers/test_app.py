"""A worker program: who is still there after a restart is judged by what the kernel says; how it logs."""

import json
import os
import subprocess
import sys
from pathlib import Path

from workers.app import _is_running

PROJECT = Path(__file__).parents[2]


def test_this_process_is_running() -> None:
    assert _is_running(os.getpid())


def test_a_process_that_belongs_to_somebody_else_is_running() -> None:
    assert _is_running(1)


def test_a_process_that_ended_is_not_running_buried_or_not() -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""], stdout=subprocess.PIPE)
    assert dead.stdout is not None
    dead.stdout.read()
    while os.waitid(os.P_PID, dead.pid, os.WEXITED | os.WNOWAIT) is None:
        pass
    assert not _is_running(dead.pid)
    dead.communicate()
    assert not _is_running(dead.pid)


def test_a_workers_log_is_one_object_a_line(tmp_path: Path) -> None:
    """In a process of its own: how a process logs is settled for as long as it lives."""
    begun = """
import logging, sys
from pathlib import Path
from reports.loading import Definitions
from service.journal import start_logging
from storage.settings import Settings
from storage.tables import Lane
from tests.fakes.worker import StandIn
from workers.app import worker_app
start_logging()
settings = Settings(data_dir=Path(sys.argv[1]))
app = worker_app(settings, Lane.BATCH, StandIn(settings, Definitions(settings.template_dir), Lane.BATCH))
app.log.setup(loglevel="INFO")
logging.getLogger("celery.worker").info("ready")
"""
    said = subprocess.run([sys.executable, "-c", begun, tmp_path], check=True, cwd=PROJECT, capture_output=True)
    assert [json.loads(line)["event"] for line in said.stdout.splitlines()] == ["ready"]
