"""The rules of a definition laid on its cells: every relation that one report must satisfy."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from reports import names
from reports.definition import Definition, Each, Law, Leaf, Rule, Severity, Table, leaves, totals
from reports.formulas import Comparison, Reference, Side, Term


@dataclass(frozen=True, slots=True)
class Relation:
    """A rule on one line of a table (or on the whole report): a comparison between cells by their full names."""

    rule: Rule
    that: Comparison
    table: Table | None = None
    line: Leaf | None = None

    @property
    def cells(self) -> tuple[str, ...]:
        """This year's cells in it, each once, in the order of the formula."""
        return tuple(dict.fromkeys(one.name for one in self.that.references() if not one.previous))

    @property
    def looks_back(self) -> bool:
        """Whether it needs last year's report."""
        return any(one.previous for one in self.that.references())


@cache
def relations(definition: Definition) -> tuple[Relation, ...]:
    """Every relation of the definition: table by table sums first, then the table's rules; the report's own last."""
    in_tables = [relation for table in definition.tables for relation in _of_table(table)]
    return (*in_tables, *(Relation(rule, rule.that) for rule in definition.rules))


def _of_table(table: Table) -> Iterator[Relation]:
    if table.across:
        yield from _sums(table, table.across, Each.ROW)
    if table.down:
        yield from _sums(table, table.down, Each.COLUMN)
    for rule in table.rules:
        if rule.each is Each.ONCE:
            yield Relation(rule, rule.that.renamed(lambda name: names.join(table.key, name)), table)
        else:
            yield from (_laid(table, rule, line) for line in _lines(table, rule.each))


def _sums(table: Table, law: Law, each: Each) -> Iterator[Relation]:
    for total, summands in totals(table.columns if each is Each.ROW else table.rows):
        parts = tuple(Term(1, Reference(part.path)) for part in summands)
        comparison = Comparison(Side((Term(1, Reference(total.path)),)), "==", Side(parts))
        rule = Rule(law, Severity.ERROR, each, comparison)
        for line in _lines(table, each):
            yield _laid(table, rule, line)


def _lines(table: Table, each: Each) -> Iterator[Leaf]:
    return leaves(table.rows if each is Each.ROW else table.columns)


def _laid(table: Table, rule: Rule, line: Leaf) -> Relation:
    def full(name: str) -> str:
        inside = (line.path, name) if rule.each is Each.ROW else (name, line.path)
        return names.join(table.key, *inside)

    return Relation(rule, rule.that.renamed(full), table, line)
