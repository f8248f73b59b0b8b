"""script/bench: measures what the service is fast enough for, and prints a table or JSON."""

import json
import os
import platform
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import click

from tests.bench.figures import table
from tests.bench.parts import PARTS
from tests.bench.workshop import Workshop
from tests.faults.processes import adopt_orphans
from tests.faults.table import programs

LIBRARIES = ("celery", "docxtpl", "lxml", "pikepdf", "pypdfium2", "sqlalchemy")


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("parts", nargs=-1, type=click.Choice(list(PARTS)))
@click.option("--json", "file", is_flag=False, flag_value="-", metavar="[FILE]", help="Print JSON, or write it there.")
@click.option("--reports", default=300, show_default=True, help="How many the batch has.")
@click.option("--memory", default=1000, show_default=True, help="Over how many documents memory is watched.")
def main(parts: tuple[str, ...], file: str | None, reports: int, memory: int) -> None:
    """Measure the parts named, or all."""
    chosen = [PARTS[name] for name in parts or PARTS]
    figures: dict[str, float] = {}
    # An office that is replaced loses its parent before it is gone; what it has cost counts all the same.
    adopt_orphans(True)
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        workshop = Workshop(Path(folder), reports, memory)
        for part in chosen:
            try:
                figures |= part.measure(workshop)
            finally:
                workshop.clear()
    said = json.dumps({name: round(value, 3) for name, value in figures.items()}, indent=1)
    if file != "-":
        lines = [*machine(), "", *table([row for part in chosen for row in part.rows], figures), *workshop.remarks]
        print("\n".join(lines))
    else:
        print(said)
        print("\n".join(workshop.remarks), file=sys.stderr)
    if file not in (None, "-"):
        Path(file).write_text(f"{said}\n")


def machine() -> Iterator[str]:
    """Where and with what it was measured."""
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if "model name" in line
        ),
        platform.machine(),
    )
    kernel = platform.release().partition("-")[0]
    yield f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} processors ({model}), {platform.system()} {kernel}:"
    yield ", ".join((*programs(), *(f"{name} {version(name)}" for name in LIBRARIES))) + "."


if __name__ == "__main__":
    main()
