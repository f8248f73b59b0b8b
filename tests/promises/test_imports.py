"""Imports fall one way: service, workers, storage, reports; and the domain knows nobody outside Python."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
DOMAIN = sorted((PROJECT / "reports").rglob("*.py"))
# Reading a definition file needs types that refuse, and a workbook is a format; all else in the domain is Python's own.
OUTSIDE = {
    "shapes.py": {"pydantic"},
    "loading.py": {"pydantic"},
    "workbook.py": {"xlsxwriter"},
    "manifest.py": {"xlsxwriter"},
}


def test_the_import_contracts_of_the_project_hold(tmp_path):
    # In a process of its own: the linter silences every log that is already there.
    lint_imports = Path(sys.executable).with_name("lint-imports")
    subprocess.run([lint_imports, "--cache-dir", tmp_path], check=True, cwd=PROJECT)


@pytest.mark.parametrize("file", DOMAIN, ids=lambda file: file.stem)
def test_the_domain_imports_only_itself_and_python(file):
    nodes = list(ast.walk(ast.parse(file.read_text(encoding="utf-8"))))
    imported = {name.name.split(".")[0] for node in nodes if isinstance(node, ast.Import) for name in node.names}
    imported |= {node.module.split(".")[0] for node in nodes if isinstance(node, ast.ImportFrom) and node.module}
    strangers = imported - sys.stdlib_module_names - {"reports"}
    assert strangers == OUTSIDE.get(file.name, set())


@pytest.mark.parametrize("file", DOMAIN, ids=lambda file: file.stem)
def test_the_domain_starts_nothing_and_asks_nobody_the_time(file):
    """Values in, values out: no process, no socket, no clock, no dice."""
    nodes = list(ast.walk(ast.parse(file.read_text(encoding="utf-8"))))
    imported = {name.name for node in nodes if isinstance(node, ast.Import) for name in node.names}
    assert not imported & {"subprocess", "socket", "time", "datetime", "random", "os", "threading"}
