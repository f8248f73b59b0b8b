"""A clock that an experiment may move, for the programs that are told to look at it; waits stay as long as they are."""

import os
import subprocess
from pathlib import Path

import pytest

LIBRARIES = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
PROJECT = Path(__file__).parents[2]
SLEEP_OTHERWISE = """\
import select, time
time.sleep = lambda seconds: select.select([], [], [], seconds) and None
"""


class Clock:
    """The time of day as some programs see it."""

    def __init__(self, folder: Path) -> None:
        if not LIBRARIES:
            pytest.skip("moving a clock takes Debian's faketime")
        self._folder, self._file = folder / "clock-room", folder / "clock-room" / "clock"
        self._folder.mkdir()
        (self._folder / "sitecustomize.py").write_text(SLEEP_OTHERWISE)
        self.jump("+0")

    @property
    def given(self) -> dict[str, str]:
        """What programs are told that are to see this clock."""
        return {
            "LD_PRELOAD": str(LIBRARIES[-1]),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_NO_CACHE": "1",
            # The kernel's own counting goes on as ever: nobody's wait gets longer when somebody sets a clock.
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            # Python sleeps until a moment of that counting, which faketime does not understand.
            "PYTHONPATH": f"{self._folder}:{PROJECT}",
        }

    def jump(self, by: str) -> None:
        """Be so much later or earlier than the truth: +2h, -2h, +0."""
        side = self._file.with_name("clock.side")
        side.write_text(by)
        side.rename(self._file)

    def reads(self) -> float:
        """What a program sees on it."""
        command = ["/bin/date", "+%s"]
        return float(subprocess.check_output(command, env={**os.environ, **self.given}))
