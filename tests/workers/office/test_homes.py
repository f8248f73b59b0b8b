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
import sys
from pathlib import Path
from workers.office.homes import Home
home = Home(Path("/tmp/nianbao-office-otzzqsz3/profile"))
for name in (home.folder.name, sys.argv[1]):
    pipe = Path(f"/tmp/OSL_PIPE_0_{name}")
    pipe.touch()
print(home.folder, flush=True)
input()
"""
# What LibreOffice 7.4 was seen to call the pipe of the profile above.
OF_PROFILE = "SingleOfficeIPC_36a0c94c19e81fc1af3b377033e72e9b"


@pytest.fixture
def town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    return tmp_path


def test_the_home_of_a_killed_owner_is_cleared_away_and_nobody_elses(town: Path) -> None:
    (town / "somebody-elses").mkdir()
    command = [sys.executable, "-c", OWNER, OF_PROFILE]
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
    assert [list(Path("/tmp").glob(f"OSL_PIPE_*_{name}")) for name in (left.name, OF_PROFILE)] == [[], []]
