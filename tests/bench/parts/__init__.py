"""What is measured: a part is a module with ROWS and measure(workshop). The order is that of a run."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tests.bench.figures import Figures, Row
from tests.bench.parts import batch, check, convert, fill, january, memory, web
from tests.bench.workshop import Workshop


@dataclass(frozen=True)
class Part:
    """One part of the bench."""

    rows: tuple[Row, ...]
    measure: Callable[[Workshop], Figures]


PARTS: Mapping[str, Part] = {
    "check": Part(check.ROWS, check.measure),
    "fill": Part(fill.ROWS, fill.measure),
    "convert": Part(convert.ROWS, convert.measure),
    "batch": Part(batch.ROWS, batch.measure),
    "memory": Part(memory.ROWS, memory.measure),
    "web": Part(web.ROWS, web.measure),
    "january": Part(january.ROWS, january.measure),
}
