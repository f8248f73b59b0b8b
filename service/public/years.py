"""A year added up: whose figures are in the sum, whose are missing, and whose are left out on purpose."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

from flask import current_app
from sqlalchemy.orm import Session

from reports.aggregation import Total, add_up
from reports.definition import Definition
from reports.faces.open_data import kept_answers
from reports.headline import headlines
from reports.kinds import plain
from reports.loading import UnknownDefinition
from service.language import _
from service.public.open_data import YearData
from service.resources import resources
from storage.publishing import catalogue
from storage.publishing.catalogue import Expected, Line
from storage.tables import UnitKind

# The government's own report is the sum of the others; vertical agencies report up their own line.
NOT_ADDED: Final = frozenset({UnitKind.GOVERNMENT, UnitKind.VERTICAL})
_ROOM: Final = 48 * 1024 * 1024
_NAME: Final = "nianbao.public"


@dataclass(frozen=True)
class Year:
    """The sums of one edition in one year, stamped with what they cover."""

    year: int
    definition: Definition
    total: Total
    expected: int
    published: int
    missing: Sequence[str]
    left_out: Sequence[str]

    @property
    def counted(self) -> int:
        return len(self.total.counted)

    @property
    def stamp(self) -> tuple[str, str]:
        """Whether it is whole, in a word and the look that repeats it; without a roster nobody knows."""
        if not self.expected:
            return _("范围未知"), ""
        return (_("完整"), "ok") if self.total.complete else (_("不完整"), "bad")

    def shown(self, name: str) -> str:
        """What stands in a cell; nothing when nobody has filled it in."""
        value = self.total.figures.get(name)
        return "" if value is None else plain(value)

    def headlines(self) -> Sequence[tuple[str, str]]:
        """The few sums that tell the year at a glance."""
        return [(words, self.shown(name)) for name, words in headlines(self.definition).items()]


class Remembered:
    """What was worked out of a year, as long as nothing in it changes and there is room."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[Any, ...], tuple[Any, int]] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, key: tuple[Any, ...], make: Callable[[], Any]) -> Any:
        # One works it out, the others wait: ten who ask at once must not make ten workbooks.
        with self._lock:
            if key not in self._kept:
                made = make()
                self._kept[key] = made, len(made) if isinstance(made, bytes) else 1024 * 1024
                while sum(size for _, size in self._kept.values()) > _ROOM and len(self._kept) > 1:
                    self._kept.popitem(last=False)
            self._kept.move_to_end(key)
            return self._kept[key][0]


def remembered() -> Remembered:
    """That of the application that is answering."""
    return cast(Remembered, current_app.extensions.setdefault(_NAME, Remembered()))


def year_data(session: Session, year: int) -> Sequence[YearData]:
    """The public reports of a year, one lot for each edition: figures of different forms are never in one table."""
    rows: dict[str, list[tuple[Line, str]]] = {}
    for line, answers in catalogue.answers_of_year(session, year):
        rows.setdefault(f"{line.definition}/{line.edition}", []).append((line, answers))
    expected = catalogue.expected_of_year(session, year)
    return [
        YearData(year, definition, lot, _missing(expected, definition, lot))
        for reference, lot in sorted(rows.items())
        if (definition := _definition(reference))
    ]


def sums(session: Session, year: int) -> Sequence[Year]:
    """A year added up, one sum for each edition."""
    expected = catalogue.expected_of_year(session, year)
    return [_sum(data, expected) for data in year_data(session, year)]


def _sum(data: YearData, expected: Sequence[Expected]) -> Year:
    added = [(line, answers) for line, answers in data.rows if line.kind not in NOT_ADDED]
    # A year of nothing but reports that are not added is shown as it is.
    added = added or list(data.rows)
    due = [one for one in expected if _is_of(one, data.definition)]
    wanted = [one.unit for one in due if one.kind not in NOT_ADDED]
    read = (kept_answers(data.definition, answers, line.unit) for line, answers in added)
    total = add_up(read, wanted)
    counted = {line.unit for line, _ in added}
    left_out = [line.unit for line, _ in data.rows if line.unit not in counted]
    missing = [unit for unit in dict.fromkeys(wanted) if unit not in counted]
    return Year(data.year, data.definition, total, len(due), len(data.rows), missing, left_out)


def _missing(expected: Sequence[Expected], definition: Definition, rows: Sequence[tuple[Line, str]]) -> Sequence[str]:
    there = {line.unit for line, _ in rows}
    return [one.unit for one in expected if _is_of(one, definition) and one.unit not in there]


def _is_of(one: Expected, definition: Definition) -> bool:
    return (one.definition, one.edition) == (definition.id, definition.edition)


def _definition(reference: str) -> Definition | None:
    try:
        return resources().definitions[reference]
    except UnknownDefinition:
        # Taken away after its reports were published; their pages and files are still there.
        return None
