"""The only place that starts a process: every child has limits, dies with its parent and leaves nothing running."""

import math
import os
import select
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

# The kernel kills the child when the thread that started it is gone, whatever that thread died of.
DIES_WITH_PARENT: Final = ("setpriv", "--pdeathsig", "KILL", "--")
MEBIBYTE: Final = 1024 * 1024
_LONGEST_OUTPUT: Final = 16 * MEBIBYTE
_LONGEST_LINE: Final = 64 * 1024
# How long a child whose pipes are closed may take to end by itself.
_LAST_WORDS: Final = 0.2


@dataclass(frozen=True, slots=True)
class Limits:
    """What a child may use; `memory` is address space, `file_size` the largest file it may write.

    A child that is spoken to has no end of its own, `math.inf`: each of its answers has its time.
    """

    seconds: float
    memory: int = 2048 * MEBIBYTE
    file_size: int = 200 * MEBIBYTE

    def prefix(self) -> tuple[str, ...]:
        """The command that sets the limits and becomes the child."""
        cpu = () if math.isinf(self.seconds) else (f"--cpu={int(self.seconds * 2) + 1}",)
        return ("prlimit", f"--as={self.memory}", f"--fsize={self.file_size}", *cpu, "--core=0", "--")


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
        child = _start(argv, cwd, env, limits, subprocess.DEVNULL, out, err)
        try:
            timed_out = not _ended(child, deadline)
        finally:
            _kill(child)
        return Finished(child.returncode, timed_out, _read(out), _read(err))


class Unanswered(Exception):
    """A child that was spoken to said nothing: it is gone, or its time is up."""

    def __init__(self, *, timed_out: bool) -> None:
        self.timed_out = timed_out
        super().__init__("its time is up" if timed_out else "it is gone")


class Conversation:
    """A child that stays and is spoken to. Whoever began it must end it; it dies with its parent all the same."""

    def __init__(self, argv: Sequence[str | Path], *, cwd: Path, env: Mapping[str, str], limits: Limits) -> None:
        self._err = tempfile.TemporaryFile()  # noqa: SIM115 - as long as the child
        self._child = _start(argv, cwd, env, limits, subprocess.PIPE, subprocess.PIPE, self._err)
        self._ends = [end for end in (self._child.stdin, self._child.stdout) if end]
        self._to, self._from = (end.fileno() for end in self._ends)
        self._heard = bytearray()
        # A child that does not read must not hold us up.
        os.set_blocking(self._to, False)

    @property
    def is_over(self) -> bool:
        """Whether the child has ended by itself."""
        return _has_ended(self._child)

    def say(self, words: bytes, deadline: float) -> None:
        """Give the child something to read."""
        left = memoryview(words)
        while left:
            _wait_for(self._to, select.POLLOUT, deadline)
            try:
                left = left[os.write(self._to, left) :]
            except BrokenPipeError:
                raise Unanswered(timed_out=False) from None

    def hear_line(self, deadline: float) -> bytes:
        """A line of what the child says, without its end."""
        while b"\n" not in self._heard and len(self._heard) < _LONGEST_LINE:
            self._listen(deadline)
        line, _, rest = self._heard[:].partition(b"\n")
        self._heard = rest
        return bytes(line)

    def hear(self, size: int, deadline: float) -> bytes:
        """As many bytes of what the child says."""
        while len(self._heard) < size:
            self._listen(deadline)
        words, self._heard = bytes(self._heard[:size]), self._heard[size:]
        return words

    def _listen(self, deadline: float) -> None:
        _wait_for(self._from, select.POLLIN, deadline)
        if not (words := os.read(self._from, MEBIBYTE)):
            raise Unanswered(timed_out=False)
        self._heard += words

    def end(self, *, timed_out: bool = False) -> Finished:
        """Kill the child with all that it started."""
        # One that is ending by itself is let, so that its own exit code is seen.
        if not timed_out:
            self._ends[0].close()
            _ended(self._child, time.monotonic() + _LAST_WORDS)
        _kill(self._child)
        for end in self._ends:
            end.close()
        with self._err:
            return Finished(self._child.returncode, timed_out, "", _read(self._err))


def _wait_for(end: int, event: int, deadline: float) -> None:
    poll = select.poll()
    poll.register(end, event)
    if not poll.poll(max(0.0, deadline - time.monotonic()) * 1000):
        raise Unanswered(timed_out=True)


def _start(
    argv: Sequence[str | Path],
    cwd: Path,
    env: Mapping[str, str],
    limits: Limits,
    told: int,
    out: IO[bytes] | int,
    err: IO[bytes],
) -> subprocess.Popen[bytes]:
    """A child in a session of its own."""
    return subprocess.Popen(  # noqa: S603 - argv is ours, and no shell reads it
        [*DIES_WITH_PARENT, *limits.prefix(), *map(str, argv)],
        cwd=cwd,
        env=dict(env),
        stdin=told,
        stdout=out,
        stderr=err,
        bufsize=0,
        start_new_session=True,
    )


def _kill(child: subprocess.Popen[bytes]) -> None:
    """Kill the child's whole group and reap the child."""
    # Not yet reaped, so the group's number cannot have been given to somebody else.
    os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def _ended(child: subprocess.Popen[bytes], deadline: float) -> bool:
    """Wait until the child has ended, without reaping it; False when its time is up first."""
    pause = 0.001
    while not _has_ended(child):
        if time.monotonic() > deadline:
            return False
        time.sleep(pause)
        pause = min(pause * 1.5, 0.02)
    return True


def _has_ended(child: subprocess.Popen[bytes]) -> bool:
    return os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT | os.WNOHANG) is not None


def _read(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read(_LONGEST_OUTPUT).decode(errors="replace")
