"""What a Word template may ask for, and what one report answers: plain strings, lists and dictionaries."""

from typing import Any

from reports.answers import Answers
from reports.definition import Definition
from reports.titles import title_lines

# Beside the cells and texts: `title` is a list of lines, `unit` and `year` are for a template's own sentences.
OWN_NAMES = frozenset({"title", "unit", "year"})


def placeholders(definition: Definition) -> frozenset[str]:
    """The names that a template must show, each exactly once: every cell and every text."""
    return frozenset(definition.cells) | frozenset(definition.texts)


def context(answers: Answers) -> dict[str, Any]:
    """Every name of the definition as nested dictionaries: a cell is a string, a text a list of paragraphs."""
    definition = answers.definition
    tree: dict[str, Any] = {
        "title": list(title_lines(definition.title, answers.unit.name, answers.year)),
        "unit": answers.unit.name,
        "year": str(answers.year),
    }
    for name in definition.cells:
        _put(tree, name, answers.shown(name))
    for name in definition.texts:
        _put(tree, name, list(answers.paragraphs(name)))
    return tree


def printed(answers: Answers) -> tuple[str, ...]:
    """Every line, paragraph and cell of `context`, in reading order: what must be found again in the document."""
    definition = answers.definition
    found = list(title_lines(definition.title, answers.unit.name, answers.year))
    for section in definition.sections:
        for text in section.texts:
            found += answers.paragraphs(text.name)
        for table in section.tables:
            found += [answers.shown(cell.name) for cell in table.cells]
    return tuple(found)


def _put(tree: dict[str, Any], name: str, value: object) -> None:
    *above, last = name.split(".")
    for key in above:
        tree = tree.setdefault(key, {})
    tree[last] = value
