"""The definition language is on one page: every key is explained there, and what the page shows can be loaded."""

import inspect
import re
from pathlib import Path

import pytest

from reports import shapes
from reports.definition import Each, Severity
from reports.kinds import KINDS
from reports.loading import load_definition
from reports.rules import relations

PAGE = (Path(__file__).parents[2] / "docs" / "writing-a-definition.md").read_text(encoding="utf-8")
SHAPES = [
    shape
    for _, shape in inspect.getmembers(shapes, inspect.isclass)
    if issubclass(shape, shapes.Shape) and shape is not shapes.Shape
]
KEYS = sorted({(shape.__name__, key) for shape in SHAPES for key in shape.model_fields})


def in_code():
    """Every word that the page prints in the type of code."""
    return {word for code in re.findall(r"`([^`\n]+)`", PAGE) for word in re.findall(r"\w+", code)}


@pytest.mark.parametrize(("shape", "key"), KEYS)
def test_every_key_of_a_definition_is_explained(shape, key):
    assert key in in_code()


@pytest.mark.parametrize("word", [*KINDS, *Each, *Severity])
def test_every_word_that_a_key_may_be_given_is_explained(word):
    assert word in in_code()


@pytest.fixture
def shown(tmp_path):
    """The definition that the page shows, loaded."""
    [example] = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    file = tmp_path / "harvest" / "2024" / "definition.toml"
    file.parent.mkdir(parents=True)
    file.write_text(example, encoding="utf-8")
    return load_definition(file)


def test_the_definition_on_the_page_is_as_it_says(shown):
    assert (len(shown.cells), len(shown.texts)) == (8, 2)
    assert "fruit.pears.picked.small" in shown.cells
    assert [relation.rule.law.id for relation in relations(shown)] == ["S1", "S1", "S2", "S2"]
