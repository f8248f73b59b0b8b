"""Memory over many documents: LibreOffice and worker, as the service replaces them."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench.answers import varied
from tests.bench.figures import Figures, Row, growth
from tests.bench.spent import family, parents
from tests.bench.workshop import Workshop

ROWS = (
    Row(
        "rss_growth_mb",
        "Growth of a worker process and its office over the last 80 % of documents",
        "MB",
        at_most=20,
    ),
    Row("office_rss_mb", "Largest resident memory of an office, ever", "MB", at_most=600),
    Row("office_pss_mb", "— shared pages shared out", "MB"),
    Row("worker_rss_mb", "Largest resident memory of a worker process", "MB"),
    Row("memory_offices", "Offices used up meanwhile", ""),
    Row("memory_last_vs_first", "Speed of the last tenth against the first", "×"),
)
PROCESSES = 2
MEBI = 1024


@dataclass
class Watch:
    """What was seen while documents were made: by process, when it was first seen and how large it has been."""

    offices: dict[int, tuple[int, float]] = field(default_factory=dict)
    workers: list[tuple[int, float]] = field(default_factory=list)
    office_shared_out: float = 0

    def look(self, done: int, workers: list[int]) -> None:
        """Look at all processes once."""
        for pid in family_of(workers):
            with suppress(OSError):
                resident, peak = resident_and_peak(Path(f"/proc/{pid}/status").read_text())
                if Path(f"/proc/{pid}/comm").read_text().startswith("soffice"):
                    self.offices[pid] = self.offices.get(pid, (done, 0))[0], peak
                    self.office_shared_out = max(self.office_shared_out, shared_out(pid))
                elif pid in workers:
                    self.workers.append((done, resident))


def measure(workshop: Workshop) -> Figures:
    """One long batch, looked at all the while."""
    shop = workshop.shop("memory", PROCESSES)
    watch, speeds, seen = Watch(), list[float](), 0
    tenth = max(1, workshop.memory // 10)
    for begin in range(0, workshop.memory, tenth):
        workshop.tell(f"memory: {begin} of {workshop.memory} documents")

        def look(done: int, begin: int = begin) -> None:
            nonlocal seen
            if begin + done >= seen:
                seen = begin + done + 4
                watch.look(begin + done, shop.pids())

        speeds.append(shop.make([varied(number) for number in range(begin, begin + tenth)], look).wall_ms)
    workshop.clear()
    return told(watch, speeds, workshop.memory // 5)


def told(watch: Watch, speeds: Sequence[float], first: int) -> Figures:
    """The figures, without the first documents; an office counts by its peak, since it goes up until it is replaced."""
    offices = list(watch.offices.values())
    return {
        "rss_growth_mb": growth(offices, first) + growth(watch.workers, first),
        "office_rss_mb": max(peak for _, peak in offices),
        "office_pss_mb": watch.office_shared_out,
        "worker_rss_mb": max(resident for _, resident in watch.workers),
        "memory_last_vs_first": speeds[0] / speeds[-1],
        "memory_offices": len(offices),
    }


def family_of(pids: list[int]) -> Iterator[int]:
    """These processes and all below them."""
    everybody = parents()
    for pid in pids:
        yield from family(pid, everybody)


def resident_and_peak(status: str) -> tuple[float, float]:
    """Megabytes in use, and at most ever, from /proc/PID/status."""
    said = dict(line.split(":", 1) for line in status.splitlines() if line.startswith("Vm"))
    return tuple(int(said[name].split()[0]) / MEBI for name in ("VmRSS", "VmHWM")) if "VmRSS" in said else (0.0, 0.0)


def shared_out(pid: int) -> float:
    """Megabytes in use, shared pages shared out among those who share them."""
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return next(int(line.split()[1]) / MEBI for line in rollup.splitlines() if line.startswith("Pss:"))
