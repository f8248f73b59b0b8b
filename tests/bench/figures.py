"""From what was spent to figures: ratios block by block, their median, their spread; and the table of them all."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import mean, median

from tests.bench.spent import Spent

Figures = dict[str, float]


@dataclass(frozen=True)
class Row:
    """A line of the table: a key of the JSON, what it is, and what it must reach, if anything."""

    key: str
    says: str
    unit: str = ""
    at_least: float | None = None
    at_most: float | None = None

    @property
    def is_ratio(self) -> bool:
        return self.unit == "×"

    @property
    def target(self) -> str:
        """What it must reach, in words."""
        if self.at_least is not None:
            return f"≥ {self.at_least:g}"
        return f"≤ {self.at_most:g}" if self.at_most is not None else ""

    def reached(self, value: float) -> bool:
        return not (
            (self.at_least is not None and value < self.at_least) or (self.at_most is not None and value > self.at_most)
        )


def compared(name: str, one: Sequence[Spent], other: Sequence[Spent]) -> Figures:
    """How many times faster `one` is than `other`, both measured in the same blocks.

    The median of the blocks, the slowest and fastest block, all blocks as one, and the same by processor seconds.
    """
    walls = [theirs.wall_ms / ours.wall_ms for ours, theirs in zip(one, other, strict=True)]
    cpus = [theirs.cpu_ms / ours.cpu_ms for ours, theirs in zip(one, other, strict=True)]
    return {
        name: median(walls),
        f"{name}_least": min(walls),
        f"{name}_most": max(walls),
        f"{name}_whole": whole(other).wall_ms / whole(one).wall_ms,
        f"{name}_cpu": median(cpus),
    }


def costs(name: str, blocks: Sequence[Spent]) -> Figures:
    """Milliseconds a document, on the clock and of processor."""
    return {
        f"{name}_ms": median(block.wall_ms for block in blocks),
        f"{name}_cpu_ms": median(block.cpu_ms for block in blocks),
    }


def whole(blocks: Iterable[Spent]) -> Spent:
    """Many blocks as one."""
    total = Spent(0)
    for block in blocks:
        total.documents += block.documents
        total.wall, total.cpu, total.machine = (
            total.wall + block.wall,
            total.cpu + block.cpu,
            total.machine + block.machine,
        )
    return total


def growth(samples: Sequence[tuple[int, float]], first: int) -> float:
    """How much larger the second half of what came after the first documents was than the half before, on average.

    Not a line through all: what is replaced in good time goes up and down like a saw.
    """
    later = [(done, value) for done, value in samples if done >= first]
    middle = (first + max((done for done, _ in later), default=first)) / 2
    early = [value for done, value in later if done < middle]
    late = [value for done, value in later if done >= middle]
    return mean(late) - mean(early) if early and late else 0.0


def table(rows: Sequence[Row], figures: Mapping[str, float]) -> Iterator[str]:
    """The lines of a table in Markdown, ratios first."""
    yield "| | | must be | |"
    yield "|---|--:|--:|---|"
    for row in sorted(rows, key=lambda row: not row.is_ratio):
        if row.key in figures:
            value = figures[row.key]
            verdict = "" if not row.target else "reached" if row.reached(value) else "**missed**"
            yield f"| {row.says}{_spread(row, figures)} | {_plain(value)} {row.unit} | {row.target} | {verdict} |"


def _spread(row: Row, figures: Mapping[str, float]) -> str:
    if f"{row.key}_least" not in figures:
        return ""
    least, most, cpu = (figures[f"{row.key}_{which}"] for which in ("least", "most", "cpu"))
    return f" (blocks {least:.2f} to {most:.2f}; all as one {figures[f'{row.key}_whole']:.2f}; by processor {cpu:.2f})"


def _plain(value: float) -> str:
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"
