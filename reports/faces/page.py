"""One report as a page to read: headings, paragraphs and tables, ready to be drawn by a page template."""

from collections.abc import Iterator
from dataclasses import dataclass

from reports.answers import Answers
from reports.definition import Section
from reports.faces.grid import Grid, grid
from reports.titles import title_lines


@dataclass(frozen=True, slots=True)
class Passage:
    """A text with its heading ("" when it stands right under its section's)."""

    name: str
    heading: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A section: its passages, then its tables."""

    key: str
    heading: str
    passages: tuple[Passage, ...]
    grids: tuple[Grid, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """A whole report, top to bottom; `answers.shown(cell.name)` fills the grids."""

    title: tuple[str, ...]
    parts: tuple[Part, ...]
    answers: Answers


def page(answers: Answers) -> Page:
    """The report of these answers as a page."""
    definition = answers.definition
    parts = tuple(_part(answers, section) for section in definition.sections)
    return Page(title_lines(definition.title, answers.unit.name, answers.year), parts, answers)


def _part(answers: Answers, section: Section) -> Part:
    grids = tuple(grid(table) for table in section.tables)
    return Part(section.key, section.heading, tuple(_passages(answers, section)), grids)


def _passages(answers: Answers, section: Section) -> Iterator[Passage]:
    for text in section.texts:
        yield Passage(text.name, text.heading, answers.paragraphs(text.name))
