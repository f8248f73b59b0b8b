"""add_up(): many reports of one year as one set of figures, which says whose figures are in it and whose are not."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from reports.answers import Answers
from reports.definition import Definition
from reports.kinds import Number


class CannotAddUp(ValueError):
    """The reports are not of one definition and one year, or one unit stands among them twice."""


@dataclass(frozen=True)
class Total:
    """Sums by cell name. A cell nobody filled in has no sum; `blanks` counts the reports that left a cell blank."""

    definition: Definition
    year: int
    figures: Mapping[str, Number]
    blanks: Mapping[str, int]
    counted: tuple[str, ...]
    missing: tuple[str, ...]

    @property
    def complete(self) -> bool:
        """Whether every expected unit is in it with every figure."""
        return not self.missing and not self.blanks


def add_up(reports: Iterable[Answers], expected: Iterable[str] = ()) -> Total:
    """The sum of every cell over `reports` (at least one); `expected` names the units that should be among them."""
    reports = tuple(reports)
    definition, year = _common(reports)
    figures: dict[str, Number] = {}
    blanks: dict[str, int] = {}
    for name in definition.cells:
        values = [report.figures[name].value for report in reports if name in report.figures]
        if values:
            figures[name] = sum(values)
        if len(values) < len(reports):
            blanks[name] = len(reports) - len(values)
    counted = tuple(report.unit.name for report in reports)
    missing = tuple(unit for unit in dict.fromkeys(expected) if unit not in set(counted))
    return Total(definition, year, figures, blanks, counted, missing)


def _common(reports: tuple[Answers, ...]) -> tuple[Definition, int]:
    if not reports:
        raise CannotAddUp("没有可汇总的报告；请先选择报告")
    first = reports[0]
    seen: set[str] = set()
    for report in reports:
        if (report.definition.reference, report.year) != (first.definition.reference, first.year):
            raise CannotAddUp(f"“{report.title}”与“{first.title}”不是同一年度的同一种报告，不能相加")
        if report.unit.name in seen:
            raise CannotAddUp(f"“{report.unit.name}”出现了两次；请只留一份")
        seen.add(report.unit.name)
    return first.definition, first.year
