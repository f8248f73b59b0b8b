"""A cell has one dotted name: definition, schema, page, Word context and Word template name the same set."""

import csv
import io
import re
import zipfile
from collections import Counter

import pytest
from click.testing import CliRunner
from lxml import etree
from python_calamine import CalamineWorkbook

from reports.faces.json_schema import json_schema
from reports.faces.open_data import as_csv, many_as_csv
from reports.faces.page import page
from reports.faces.word import OWN_NAMES, context, placeholders
from reports.faces.workbook import workbook, year_workbook
from reports.reading import read_answers
from service.cli import main
from tests.people import DEFINITIONS, as_json

_TEXT = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}t"
_PLACEHOLDER = re.compile(r"\{\{\s*(?P<name>[\w.]+)\s*\}\}|\{%p? for (?P<each>\w+) in (?P<loop>[\w.]+) %\}")


@pytest.fixture(params=DEFINITIONS.references())
def definition(request):
    """Every definition there is, one after the other."""
    return DEFINITIONS[request.param]


@pytest.fixture
def names(definition):
    """The names of the definition: its cells and its texts."""
    return {*definition.cells, *definition.texts}


@pytest.fixture
def answers(definition):
    """A submission in which every cell is 0 and every text says its own name."""
    document = {
        "report": definition.reference,
        "unit": {"name": "临溪县档案局"},
        "year": definition.first_year,
        "cells": dict.fromkeys(definition.cells, 0),
        "texts": {name: name for name in definition.texts},
    }
    return read_answers(as_json(document), DEFINITIONS)


def test_no_cell_is_named_like_a_text(definition, names):
    assert len(names) == len(definition.cells) + len(definition.texts)


def test_answers_carry_every_name(answers, names):
    assert {*answers.figures, *answers.texts} == names


def test_the_schema_names_the_same(definition, names):
    properties = json_schema(definition)["properties"]
    assert {*properties["cells"]["properties"], *properties["texts"]["properties"]} == names


def test_the_word_context_answers_the_same(answers, names):
    def leaves(tree, above=""):
        for key, value in tree.items():
            if isinstance(value, dict):
                yield from leaves(value, f"{above}{key}.")
            else:
                yield above + key

    assert set(leaves(context(answers))) == names | OWN_NAMES


def test_the_page_shows_the_same(answers, names):
    parts = page(answers).parts
    cells = {cell.name for part in parts for grid in part.grids for row in grid.body for cell in row.cells}
    assert cells | {passage.name for part in parts for passage in part.passages} == names


def test_the_workbook_shows_the_same(definition, answers):
    book = CalamineWorkbook.from_filelike(io.BytesIO(workbook(answers, [])))
    listed = [row[0] for row in book.get_sheet_by_name("全部数据").to_python()[1:]]
    assert listed == list(definition.cells)


def test_the_workbook_of_a_year_shows_the_same(definition, answers):
    told = year_workbook(definition, "2024", [], ["unit"], [(["临溪县档案局"], answers)])
    book = CalamineWorkbook.from_filelike(io.BytesIO(told))
    heads = [book.get_sheet_by_name(name).to_python(skip_empty_area=False)[0] for name in book.sheet_names[1:]]
    assert [name for row in heads for name in row if name] == list(definition.cells)


def test_csv_shows_the_same(definition, answers):
    lines = csv.reader(io.StringIO(as_csv(definition, answers.figures).decode("utf-8-sig")))
    assert [line[0] for line in lines][1:] == list(definition.cells)
    [heads, *_] = csv.reader(io.StringIO(many_as_csv(definition, ["unit"], [(["一"], answers)]).decode("utf-8-sig")))
    assert heads[1:] == list(definition.cells)


def test_the_command_lists_the_same(definition, names):
    listed = [CliRunner().invoke(main, ["names", definition.reference, *more]) for more in ([], ["--texts"])]
    assert [one.exit_code for one in listed] == [0, 0]
    assert {line for one in listed for line in one.stdout.split()} == names


def test_the_word_template_asks_for_each_exactly_once(definition, names):
    template = DEFINITIONS.folder_of(definition) / "report.docx"
    if not template.exists():
        pytest.skip(f"no Word template yet: {template.name} of {definition.reference}")
    assert placeholders(definition) == names
    asked = Counter(asked_for(template))
    assert set(asked) - OWN_NAMES == names
    assert {name: times for name, times in asked.items() if times > 1 and name not in OWN_NAMES} == {}


def asked_for(template):
    """The names in a Word file's placeholders, read from its text alone."""
    with zipfile.ZipFile(template) as package:
        parts = [part for part in package.namelist() if re.fullmatch(r"word/(document|header\d*|footer\d*)\.xml", part)]
        written = "\n".join("".join(etree.fromstring(package.read(part)).itertext(_TEXT)) for part in parts)
    found = list(_PLACEHOLDER.finditer(written))
    within_loops = {match["each"] for match in found if match["each"]}
    return [name for match in found for name in [match["name"] or match["loop"]] if name not in within_loops]
