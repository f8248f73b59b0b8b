"""Who is still there after a restart is judged by what the kernel says."""

import os
import subprocess
import sys

from workers.app import _is_running


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
