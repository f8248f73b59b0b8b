"""Small pieces under telling names: the walls that no function, module or page template may pass."""

import ast
import re
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
ROOMS = ("reports", "storage", "workers", "service")
MODULES = sorted(file for room in ROOMS for file in (PROJECT / room).rglob("*.py"))
PAGES = sorted((PROJECT / "service" / "html").rglob("*.html"))

LONGEST_FUNCTION, LONGEST_MODULE, LONGEST_PAGE = 50, 300, 80
TELLS_NOTHING = re.compile(r"utils?|helpers?|commons?|managers?|base|misc|stuff")


def called(file):
    return str(file.relative_to(PROJECT))


@pytest.mark.parametrize("file", MODULES, ids=called)
def test_no_module_is_longer_than_the_wall(file):
    assert len(file.read_text(encoding="utf-8").splitlines()) <= LONGEST_MODULE


@pytest.mark.parametrize("file", MODULES, ids=called)
def test_no_function_is_longer_than_the_wall(file):
    functions = [node for node in ast.walk(tree(file)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    lengths = {function.name: function.end_lineno - function.lineno + 1 for function in functions}
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_FUNCTION} == {}


@pytest.mark.parametrize("file", MODULES, ids=called)
def test_a_module_says_in_its_first_line_what_it_is_for(file):
    said = ast.get_docstring(tree(file))
    generated = "versions" in file.parts
    assert said or generated or not file.read_text(encoding="utf-8").strip()


@pytest.mark.parametrize("file", [*MODULES, *PAGES], ids=called)
def test_no_file_or_folder_has_a_name_that_tells_nothing(file):
    words = {word for part in file.relative_to(PROJECT).with_suffix("").parts for word in part.split("_")}
    assert not [word for word in words if TELLS_NOTHING.fullmatch(word)]


@pytest.mark.parametrize("file", PAGES, ids=called)
def test_no_page_template_is_longer_than_the_wall(file):
    assert len(file.read_text(encoding="utf-8").splitlines()) <= LONGEST_PAGE


def tree(file):
    return ast.parse(file.read_text(encoding="utf-8"))
