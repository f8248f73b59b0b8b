"""What some work has cost: seconds on the clock, seconds of processor, and how busy others kept the machine."""

import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

TICK = 1 / os.sysconf("SC_CLK_TCK")


@dataclass
class Spent:
    """The cost of a number of documents."""

    documents: int
    wall: float = 0.0
    cpu: float = 0.0
    machine: float = 0.0

    @property
    def wall_ms(self) -> float:
        """Milliseconds on the clock, a document."""
        return self.wall * 1000 / self.documents

    @property
    def cpu_ms(self) -> float:
        """Milliseconds of processor, a document."""
        return self.cpu * 1000 / self.documents

    @property
    def others(self) -> float:
        """How many processors others kept busy meanwhile."""
        return max(0.0, (self.machine - self.cpu) / self.wall)


@contextmanager
def spending(documents: int) -> Iterator[Spent]:
    """Measure what happens inside; everything that this process and all below it do counts."""
    spent = Spent(documents)
    machine, cpu, wall = machine_seconds(), cpu_seconds(), time.monotonic()
    yield spent
    spent.wall = time.monotonic() - wall
    spent.cpu, spent.machine = cpu_seconds() - cpu, machine_seconds() - machine


def cpu_seconds() -> float:
    """Seconds of processor that this process and all below it have used, the dead and buried among them."""
    return ticks_below(os.getpid(), _stats()) * TICK


def parents() -> dict[int, int]:
    """Everybody's parent."""
    return {pid: int(stat.rpartition(") ")[2].split()[1]) for pid, stat in _stats().items()}


def _stats() -> dict[int, str]:
    stats = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with suppress(OSError):
                stats[int(folder.name)] = (folder / "stat").read_text()
    return stats


def ticks_below(ancestor: int, stats: Mapping[int, str]) -> int:
    """The ticks of a process and its descendants, from the lines of /proc/PID/stat."""
    fields = {pid: stat.rpartition(") ")[2].split() for pid, stat in stats.items()}
    members = family(ancestor, {pid: int(given[1]) for pid, given in fields.items()})
    # utime, stime, and those of the children that were waited for.
    return sum(int(tick) for pid in members for tick in fields[pid][11:15])


def family(ancestor: int, parents: Mapping[int, int]) -> set[int]:
    """A process and its descendants."""
    found: set[int] = set()
    new = {ancestor} & parents.keys()
    while new:
        found |= new
        new = {pid for pid, parent in parents.items() if parent in new} - found
    return found


def machine_seconds() -> float:
    """Seconds of processor that everybody on this machine has used."""
    first = Path("/proc/stat").read_text().partition("\n")[0]
    user, nice, system, _idle, _iowait, irq, softirq, *_ = map(int, first.split()[1:])
    return (user + nice + system + irq + softirq) * TICK
