"""What a new form begins with: figures that the rules take from last year's report, or zeros where nothing happened."""

from collections.abc import Iterator

from reports.answers import Answers
from reports.definition import Cell, Definition, Section
from reports.formulas import Comparison
from reports.kinds import plain
from reports.rules import relations


def carried(definition: Definition, previous: Answers) -> dict[str, str]:
    """Figures of last year's report by the cell of this year's in which they belong."""
    return {
        name: plain(previous.figures[last].value)
        for name, last in carries(definition).items()
        if last in previous.figures
    }


def carries(definition: Definition) -> dict[str, str]:
    """The cells that go on from last year's report, with the cell there that each goes on from."""
    found: dict[str, str] = {}
    for relation in relations(definition):
        goes_on = _goes_on(relation.that)
        if goes_on and not definition.cells[goes_on[0]].total:
            found.setdefault(*goes_on)
    return found


def nil(definition: Definition) -> dict[str, str]:
    """What is filled in when nothing happened: a zero in every cell of the sections that say `nil`."""
    return {cell.name: "0" for section in definition.sections if section.nil for cell in nil_cells(section)}


def nil_cells(section: Section) -> Iterator[Cell]:
    """The cells of a section that somebody would have to fill with zeros."""
    return (cell for table in section.tables for cell in table.cells if not cell.total)


def _goes_on(that: Comparison) -> tuple[str, str] | None:
    """`carried_in == previous.carried_out`, or `in_force == previous.in_force + …`: this cell, and last year's."""
    if that.operator != "==" or len(that.left.terms) != 1 or that.left.constant:
        return None
    [cell] = that.left.terms
    last = [term for term in that.right.terms if term.reference.previous]
    if cell.sign < 0 or cell.reference.previous or len(last) != 1 or last[0].sign < 0:
        return None
    name, before = cell.reference.name, last[0].reference.name
    alone = len(that.right.terms) == 1 and not that.right.constant
    return (name, before) if alone or name == before else None
