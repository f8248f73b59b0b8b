"""The list of processes, read from /proc: whatever an experiment has started, however it tried to get away."""

import ctypes
import os
from collections.abc import Container, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

PR_SET_CHILD_SUBREAPER = 36


@dataclass(frozen=True)
class Process:
    """One process as it is at this moment."""

    pid: int
    parent: int
    state: str
    words: tuple[str, ...]

    @property
    def is_dead(self) -> bool:
        return self.state == "Z"

    @property
    def is_ours(self) -> bool:
        """A program of the house itself, and not what it has started to convert a document."""
        return any(word.startswith(("service.cli", "tests.faults.")) for word in self.words) or "redis-server" in (
            " ".join(self.words)
        )

    @property
    def memory(self) -> int:
        """Resident bytes; 0 when it is gone."""
        with suppress(OSError):
            return int(Path(f"/proc/{self.pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        return 0


def adopt_orphans(adopt: bool) -> None:
    """Become the parent of whoever loses theirs, so that nobody below us leaves the list."""
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, int(adopt), 0, 0, 0)


def below(ancestor: int, but: Container[int] = ()) -> list[Process]:
    """All descendants of a process, dead but unburied ones among them; `but` some and theirs."""
    everybody = [one for one in _everybody() if one.pid not in but]
    found, parents = [], {ancestor}
    while children := [one for one in everybody if one.parent in parents and one not in found]:
        found += children
        parents = {one.pid for one in children}
    return found


def bury(dead: Process) -> None:
    """Wait for an orphan whose parent we have become."""
    with suppress(ChildProcessError):
        os.waitpid(dead.pid, os.WNOHANG)


def _everybody() -> Iterator[Process]:
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with suppress(OSError):
                state, parent = (folder / "stat").read_text().rpartition(") ")[2].split()[:2]
                words = (folder / "cmdline").read_bytes().decode(errors="replace").split("\0")
                yield Process(int(folder.name), int(parent), state, tuple(words))
