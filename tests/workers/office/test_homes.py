"""An office without a box has a home, which is swept when its owner was killed, and never before."""

import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

import pytest

from workers.office.homes import Home, clear_abandoned

PROJECT = Path(__file__).parents[3]
OWNER = """
from workers.office.homes import Home
home = Home()
(home.folder / "OSL_PIPE_0").touch()
print(home.folder, flush=True)
input()
"""


@pytest.fixture
def town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    return tmp_path


def test_the_home_of_a_killed_owner_is_cleared_away_and_nobody_elses(town: Path) -> None:
    (town / "somebody-elses").mkdir()
    command = [sys.executable, "-c", OWNER]
    with subprocess.Popen(command, cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as owner:
        assert owner.stdout
        left = Path(owner.stdout.readline().strip())
        with closing(Home()) as mine:
            assert left.is_dir()
            owner.kill()
            owner.wait()
            clear_abandoned()
            assert mine.folder.is_dir()
    assert [path.name for path in town.iterdir()] == ["somebody-elses"]
