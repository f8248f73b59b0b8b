"""A draft as answers: what was typed into fields is read, and totals are computed, never typed."""

from collections.abc import Iterable, Mapping
from functools import cache

from reports import characters
from reports.answers import Answers, Figure, Unit
from reports.checks import check
from reports.definition import Cell, Definition, Leaf, totals
from reports.findings import Finding
from reports.kinds import NOTE_ONLY, NotAFigure, Number, Refusal
from reports.typed import plain_number

# A field's value and its note.
Typed = tuple[str, str]
BLANK: Typed = ("", "")
# A relation that does not hold: its rule and its cells.
Failed = tuple[str, tuple[str, ...]]


def draft_answers(definition: Definition, unit_name: str, year: int, values: Mapping[str, Typed]) -> Answers:
    """The answers in the fields of a form; of a total only the note is taken."""
    figures: dict[str, Figure] = {}
    refused: dict[str, Refusal] = {}
    sums = summands(definition)
    for name, cell in definition.cells.items():
        if name not in sums:
            _read(cell, *values.get(name, BLANK), figures, refused)
    for name, parts in sums.items():
        if all(part in figures for part in parts):
            total: Number = sum(figures[part].value for part in parts)
            _keep(definition.cells[name], total, values.get(name, BLANK)[1], figures, refused)
    texts = {name: characters.lines(values[name][0]) for name in definition.texts if name in values}
    written = {name: text for name, text in texts.items() if not characters.blank(text)}
    in_order = {name: figures[name] for name in definition.cells if name in figures}
    return Answers(definition, Unit(unit_name), year, in_order, written, refused)


def check_draft(answers: Answers, previous: Answers | None = None) -> list[Finding]:
    """What does not hold in a draft. Nothing is said of totals that is said of their parts: blank, out of balance."""
    waiting = {name for name in summands(answers.definition) if name not in answers.figures} - answers.refused.keys()
    found = [one for one in check(answers, previous) if one.cells[0] not in waiting or one.left is not None]
    cells = answers.definition.cells
    told_twice = implied(
        answers.definition, [_key(one) for one in found if one.left is not None and one.cells[0] in cells]
    )
    return [one for one in found if _key(one) not in told_twice]


def implied(definition: Definition, failed: Iterable[Failed]) -> frozenset[Failed]:
    """Of relations that do not hold, those between totals alone that fail because the same rule fails for the parts."""
    failed = frozenset(failed)
    totals_only = {one for one in failed if all(definition.cells[name].total for name in one[1])}
    of_parts = {(rule, definition.cells[cells[0]].table.key) for rule, cells in failed - totals_only}
    return frozenset(
        (rule, cells) for rule, cells in totals_only if (rule, definition.cells[cells[0]].table.key) in of_parts
    )


def _key(finding: Finding) -> Failed:
    return finding.rule, finding.cells


@cache
def summands(definition: Definition) -> Mapping[str, tuple[str, ...]]:
    """Every total by name, with the cells that are typed and that it is the sum of."""
    found: dict[str, tuple[str, ...]] = {}
    for table in definition.tables:
        rows = {total.path: parts for total, parts in totals(table.rows)}
        columns = {total.path: parts for total, parts in totals(table.columns)}
        at = {(cell.row.path, cell.column.path): cell.name for cell in table.cells}
        for cell in table.cells:
            if cell.total:
                down, across = _parts(cell.row, rows), _parts(cell.column, columns)
                found[cell.name] = tuple(at[row.path, column.path] for row in down for column in across)
    return found


def inputs(definition: Definition) -> tuple[str, ...]:
    """The cells that are typed, in reading order."""
    return tuple(name for name, cell in definition.cells.items() if not cell.total)


def _parts(leaf: Leaf, sums: Mapping[str, tuple[Leaf, ...]]) -> tuple[Leaf, ...]:
    return sums.get(leaf.path, (leaf,))


def _read(cell: Cell, raw: str, note: str, figures: dict[str, Figure], refused: dict[str, Refusal]) -> None:
    literal = plain_number(raw)
    if literal:
        _keep(cell, literal, note, figures, refused)
    elif note:
        refused[cell.name] = NOTE_ONLY


def _keep(cell: Cell, given: Number | str, note: str, figures: dict[str, Figure], refused: dict[str, Refusal]) -> None:
    try:
        figures[cell.name] = Figure(cell.kind.read(given), note)
    except NotAFigure as error:
        refused[cell.name] = error.refusal
