"""The only place that starts a process: every child has limits, dies with its parent and leaves nothing running."""

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

# The kernel kills the child when the thread that started it is gone, whatever that thread died of.
DIES_WITH_PARENT: Final = ("setpriv", "--pdeathsig", "KILL", "--")
MEBIBYTE: Final = 1024 * 1024
_LONGEST_OUTPUT: Final = 16 * MEBIBYTE


@dataclass(frozen=True, slots=True)
class Limits:
    """What a child may use; `memory` is address space, `file_size` the largest file it may write."""

    seconds: float
    memory: int = 2048 * MEBIBYTE
    file_size: int = 200 * MEBIBYTE

    def prefix(self) -> tuple[str, ...]:
        """The command that sets the limits and becomes the child."""
        cpu = int(self.seconds * 2) + 1
        return (
            "prlimit", f"--as={self.memory}", f"--fsize={self.file_size}", f"--cpu={cpu}", "--core=0", "--",
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Finished:
    """How a child ended. Its exit code is hearsay: look at what it made."""

    code: int
    timed_out: bool
    out: str
    err: str

    def __str__(self) -> str:
        end = "was killed when its time was up" if self.timed_out else f"ended with {self.code}"
        said = [line for line in self.err.splitlines() if line.strip()]
        # The reason comes first or last; between them a stack may lie.
        shown = said if len(said) <= 6 else [*said[:3], "…", *said[-2:]]
        return f"{end}, saying {' | '.join(shown) or 'nothing'}"


def run(argv: Sequence[str | Path], *, cwd: Path, env: Mapping[str, str], limits: Limits) -> Finished:
    """Start a program, wait for it, and kill whatever is left of its process group."""
    deadline = time.monotonic() + limits.seconds
    # Nameless files: nothing is left behind when this process is killed, and a child never blocks on a full pipe.
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        with _started(argv, cwd, env, limits, out, err) as child:
            timed_out = not _ended(child, deadline)
        return Finished(child.returncode, timed_out, _read(out), _read(err))


@contextmanager
def _started(
    argv: Sequence[str | Path],
    cwd: Path,
    env: Mapping[str, str],
    limits: Limits,
    out: IO[bytes],
    err: IO[bytes],
) -> Iterator[subprocess.Popen[bytes]]:
    """A child in a session of its own; at the end of the block its whole group is killed and the child reaped."""
    child = subprocess.Popen(  # noqa: S603 - argv is ours, and no shell reads it
        [*DIES_WITH_PARENT, *limits.prefix(), *map(str, argv)],
        cwd=cwd,
        env=dict(env),
        stdin=subprocess.DEVNULL,
        stdout=out,
        stderr=err,
        start_new_session=True,
    )
    try:
        yield child
    finally:
        # Not yet reaped, so the group's number cannot have been given to somebody else.
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()


def _ended(child: subprocess.Popen[bytes], deadline: float) -> bool:
    """Wait until the child has ended, without reaping it; False when its time is up first."""
    pause = 0.001
    while os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT | os.WNOHANG) is None:
        if time.monotonic() > deadline:
            return False
        time.sleep(pause)
        pause = min(pause * 1.5, 0.02)
    return True


def _read(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read(_LONGEST_OUTPUT).decode(errors="replace")
