"""One section as its form shows it: what stands in each field, what was typed and not kept, and last year's beside."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from reports.answers import Figure
from reports.definition import Cell, Section
from reports.drafting import Typed
from reports.faces.grid import grid
from service.drafts import Draft
from service.language import _
from service.pages.tables import Table, table
from service.words import moment

# About as many characters as a line of a text has on a wide screen.
A_LINE = 42
# A swing that the clerk should see: half as much again or half as much, and not among a handful.
SWING, A_HANDFUL = Decimal("0.5"), 10


@dataclass(frozen=True, kw_only=True)
class Fields:
    """The fields of a report on a page. `typed` is what was sent and not kept: it stands in place of what is stored."""

    draft: Draft
    open: bool
    typed: Mapping[str, Typed] = field(default_factory=dict)

    def value(self, name: str) -> str:
        """What the field shows."""
        return self.typed[name][0] if name in self.typed else self.draft.value(name)

    def note(self, name: str) -> str:
        """The note that the field shows."""
        return self.typed[name][1] if name in self.typed else self.draft.note(name)

    def seen(self, name: str) -> str:
        """What the page saw of the field: its version, and the fingerprint of what it held."""
        stored = self.draft.fields.get(name)
        return f"{stored.version if stored else 0}-{fingerprint(self.draft.value(name), self.draft.note(name))}"

    @property
    def saved(self) -> str:
        """When anything of the report was last kept."""
        moments = [stored.changed_at for stored in self.draft.fields.values()]
        return _("已保存 {time}").format(time=moment(max(moments))[-5:]) if moments else ""


@dataclass(frozen=True, kw_only=True)
class SectionForm(Fields):
    """The fields of one section, and last year's beside them."""

    section: Section
    show_was: bool = False

    def total(self, name: str) -> str:
        """A total as the server adds it up; nothing while its summands are not all there."""
        figure = self.draft.answers.figures.get(name)
        return str(Figure(figure.value)) if figure else ""

    def was(self, name: str) -> str:
        """What last year's report says here."""
        previous = self.draft.previous
        return previous.shown(name) if previous and name in previous.definition.cells else ""

    def then(self, name: str) -> str:
        """Last year's figure, for the script that marks what differs much from it."""
        value = self.draft.previous.value(name) if self.draft.previous else None
        return "" if value is None else str(value)

    @property
    def tables(self) -> Iterator[Table]:
        """The section's tables, laid out as they are printed."""
        return (table(grid(one)) for one in self.section.tables)

    @property
    def previous_texts(self) -> Mapping[str, str]:
        """Last year's texts by name."""
        return self.draft.previous.texts if self.draft.previous else {}

    @property
    def characters(self) -> int:
        """How long the texts of the section are together."""
        return sum(self.length(text.name) for text in self.section.texts)

    def length(self, name: str) -> int:
        """How many characters a text has, white space around paragraphs left out."""
        return sum(len(line.strip()) for line in self.value(name).splitlines())

    def rows(self, name: str) -> int:
        """How many lines a text takes, roughly: without a script, its field does not grow."""
        lines = sum(len(line) // A_LINE + 1 for line in self.value(name).splitlines())
        return min(max(4, lines + 1), 40)

    def widths(self, table: Table) -> list[str]:
        """The class of each column: headings of rows first, the innermost widest."""
        outer = [f"outer-{level}" for level in range(table.stubs - 1)]
        return [*outer, *(["leaf"] if table.stubs else []), *["figure"] * (table.columns - table.stubs)]

    def look(self, cell: Cell) -> str:
        """The classes of a cell, apart from those that findings give it."""
        blank = not cell.total and not self.value(cell.name).strip()
        return " ".join(name for name, holds in (("calc", cell.total), ("blank", blank)) if holds)

    def swing(self, name: str) -> str:
        """The mark of a figure that differs much from last year's; `form/swings.js` keeps it true while one types."""
        now = self.draft.answers.value(name)
        then = self.draft.previous.value(name) if self.draft.previous else None
        if now is None or then is None or abs(now - then) < max(A_HANDFUL, then * SWING):
            return ""
        return " ▲" if now > then else " ▼"


def fingerprint(value: str, note: str = "") -> str:
    """What tells a field that was typed into from one that was only sent along."""
    return hashlib.sha256(f"{value}\0{note}".encode("utf-8", "backslashreplace")).hexdigest()[:12]
