"""Reports as open data: one record for each figure, as CSV or JSON, each telling what it is without another file."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from reports.answers import Answers, Figure, Unit
from reports.definition import Definition
from reports.faces.spreadsheets import harmless
from reports.kinds import plain

COLUMNS: Final = ("name", "table", "row", "column", "measure", "value", "note")


@dataclass(frozen=True, slots=True)
class Record:
    """One cell: its name, its place in the words of the form, and what stands in it; blank when nobody filled it in."""

    name: str
    table: str
    row: str
    column: str
    measure: str
    value: str
    note: str


def records(definition: Definition, figures: Mapping[str, Figure]) -> Iterator[Record]:
    """Every cell of the definition, in reading order."""
    for name, cell in definition.cells.items():
        figure = figures.get(name)
        value, note = (plain(figure.value), figure.note) if figure else ("", "")
        yield Record(name, cell.table.title, cell.row.label, cell.column.label, cell.kind.measure, value, note)


def as_csv(definition: Definition, figures: Mapping[str, Figure]) -> bytes:
    """One report: a line for each cell."""
    lines = ([getattr(record, column) for column in COLUMNS] for record in records(definition, figures))
    return _csv([COLUMNS, *lines])


def many_as_csv(definition: Definition, keys: Sequence[str], rows: Iterable[tuple[Sequence[str], Answers]]) -> bytes:
    """Many reports: a line for each, the `keys` first, then a column for each cell by its name."""
    names = tuple(definition.cells)
    shown = ([*known, *(_value(answers, name) for name in names)] for known, answers in rows)
    return _csv([[*keys, *names], *shown])


def as_json(about: Mapping[str, Any], content: Mapping[str, Any], *, dense: bool = False) -> bytes:
    """A document that says first what it is, and then its content; `dense` where it is too long to be looked at."""
    how: dict[str, Any] = {"separators": (",", ":")} if dense else {"indent": 1}
    return json.dumps({**about, **content}, ensure_ascii=False, **how).encode()


def kept_answers(definition: Definition, kept: str, unit: str = "") -> Answers:
    """Answers that were read strictly when they came in, and cannot have changed since: thousands in a moment.

    `unit` is what the unit is called today, which no other is called; else as it was called then.
    """
    document = json.loads(kept)
    figures = {name: _figure(value) for name, value in document["cells"].items()}
    return Answers(definition, Unit(unit or document["unit"]["name"]), document["year"], figures, document["texts"])


def _figure(kept: Any) -> Figure:
    value, note = (kept["value"], kept["note"]) if isinstance(kept, dict) else (kept, "")
    return Figure(value if isinstance(value, int) else Decimal(value), note)


def _value(answers: Answers, name: str) -> str:
    value = answers.value(name)
    return "" if value is None else plain(value)


def _csv(lines: Iterable[Sequence[str]]) -> bytes:
    written = io.StringIO(newline="")
    writer = csv.writer(written)
    writer.writerows([harmless(text) for text in line] for line in lines)
    # With the mark by which spreadsheets know UTF-8.
    return written.getvalue().encode("utf-8-sig")
