"""Memory over many documents: LibreOffice and worker, as the service replaces them."""

from collections.abc import Iterator
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
        "Growth of all worker processes and offices over the last 80 % of the documents",
        "MB",
        at_most=20,
    ),
    Row("office_rss_mb", "Largest resident memory of an office, ever", "MB", at_most=600),
    Row("office_pss_mb", "— shared pages shared out", "MB"),
    Row("worker_rss_mb", "Largest resident memory of a worker process", "MB"),
    Row("memory_last_vs_first", "Speed of the last tenth against the first", "×"),
)
PROCESSES = 2
MEBI = 1024


@dataclass
class Watch:
    """What was seen while documents were made."""

    samples: list[tuple[int, float]] = field(default_factory=list)
    office: float = 0
    office_shared_out: float = 0
    worker: float = 0

    def look(self, done: int, workers: list[int]) -> None:
        """Look at all processes once."""
        together = 0.0
        for pid in family_of(workers):
            with suppress(OSError):
                resident, peak = resident_and_peak(Path(f"/proc/{pid}/status").read_text())
                together += resident
                if Path(f"/proc/{pid}/comm").read_text().startswith("soffice"):
                    self.office = max(self.office, peak)
                    self.office_shared_out = max(self.office_shared_out, shared_out(pid))
                elif pid in workers:
                    self.worker = max(self.worker, resident)
        self.samples.append((done, together))


def measure(workshop: Workshop) -> Figures:
    """One long batch, looked at all the while."""
    shop = workshop.shop("memory", PROCESSES)
    watch = Watch()
    seen = 0
    tenth = max(1, workshop.memory // 10)
    speeds = []
    for begin in range(0, workshop.memory, tenth):
        workshop.tell(f"memory: {begin} of {workshop.memory} documents")

        def look(done: int, begin: int = begin) -> None:
            nonlocal seen
            if begin + done >= seen:
                seen = begin + done + 4
                watch.look(begin + done, shop.pids())

        speeds.append(shop.make([varied(number) for number in range(begin, begin + tenth)], look).cpu_ms)
    workshop.clear()
    return {
        "rss_growth_mb": growth(watch.samples, workshop.memory // 5),
        "office_rss_mb": watch.office,
        "office_pss_mb": watch.office_shared_out,
        "worker_rss_mb": watch.worker,
        "memory_last_vs_first": speeds[0] / speeds[-1],
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
