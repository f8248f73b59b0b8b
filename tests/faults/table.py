"""What the experiments of one run found, as a table in Markdown.

python -m tests.faults.table FOLDER
"""

import json
import os
import platform
import sqlite3
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from itertools import groupby
from pathlib import Path
from typing import Any

from tests.servers import POSTGRESQL, REDIS

LIBRARIES = ("celery", "kombu", "redis", "sqlalchemy", "psycopg")
PROGRAMS = (("Redis", REDIS), ("PostgreSQL", POSTGRESQL[-1] / "postgres"), ("LibreOffice", "soffice"))


def table(folder: Path) -> Iterator[str]:
    """The lines of the table, in the order of the experiments."""
    found = [json.loads(file.read_text()) for file in sorted(folder.glob("*.json"))]
    kernel = platform.release().partition("-")[0]
    yield f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, {platform.system()} {kernel}:"
    yield ", ".join((*programs(), *(f"{name} {version(name)}" for name in LIBRARIES))) + "."
    yield ""
    yield "| | What is done | Form | Seen | Result |"
    yield "|---|---|---|---|---|"
    for name, tests in groupby(found, key=lambda one: one["experiment"]):
        yield _row(name, list(tests))


def _row(name: str, tests: list[dict[str, Any]]) -> str:
    seeds = sorted({one["seed"] for one in tests})
    seen = "<br>".join(filter(None, (_seen(one) for one in tests)))
    form = f"{tests[0]['form']}, seed {', '.join(map(str, seeds))}"
    return f"| {name} | {tests[0]['says'].splitlines()[0]} | {form} | {seen} | {_result(tests)} |"


def _seen(one: Mapping[str, Any]) -> str:
    figures = ", ".join(f"{name.replace('_', ' ')} {_plain(value)}" for name, value in one["figures"].items())
    case = one["test"].partition("[")[2].rstrip("]").replace(f"{one['seed']}-", "")
    return f"{case}: {figures}" if case and figures else figures


def _plain(value: object) -> str:
    return " ".join(map(str, value)) if isinstance(value, list) else str(value)


def _result(tests: Iterable[Mapping[str, Any]]) -> str:
    lost = [one for one in tests if one["outcome"] != "passed"]
    if all(one["outcome"] == "skipped" for one in lost):
        skipped = f", {len(lost)} skipped" if lost else ""
        controls = sum("_without_" in one["test"] or "_with_" in one["test"] for one in tests)
        return "holds" + (", and fails without its guard" if controls else "") + skipped
    return "**does not hold**: " + ", ".join(one["test"] for one in lost)


def programs() -> Iterator[str]:
    """What the experiments rest on, with versions."""
    for name, program in PROGRAMS:
        told = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
        number = next(word for word in told.replace("v=", "").split() if word[0].isdigit())
        yield f"{name} {number}"
    yield f"SQLite {sqlite3.sqlite_version}"
    yield f"Python {platform.python_version()}"


if __name__ == "__main__":
    print("\n".join(table(Path(sys.argv[1]))))
