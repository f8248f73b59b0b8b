"""What the code can say or be told stands in the documentation, or the build fails."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.settings import PREFIX, Settings

PROJECT = Path(__file__).resolve().parent.parent.parent


def error_codes() -> Iterator[str]:
    """The code of every error class in the source."""
    for room in ("reports", "storage", "workers", "service"):
        for file in (PROJECT / room).rglob("*.py"):
            for found in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(found, ast.ClassDef):
                    yield from (code for line in found.body if (code := _code(line)))


def _code(line: ast.stmt) -> str | None:
    named = isinstance(line, ast.Assign) and [ast.unparse(target) for target in line.targets] == ["code"]
    return ast.literal_eval(line.value) if named and isinstance(line, ast.Assign) else None


@pytest.mark.parametrize("code", sorted({*error_codes(), "poison"}))
def test_an_error_is_explained(code: str) -> None:
    assert f"### `{code}`" in (PROJECT / "docs/errors.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("setting", Settings.model_fields)
def test_a_setting_is_explained(setting: str) -> None:
    assert f"`{PREFIX}{setting.upper()}`" in (PROJECT / "docs/operating.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "page", ["README.md", "README.zh-CN.md", "CONTRIBUTING.md", *sorted((PROJECT / "docs").glob("*.md"))]
)
def test_a_page_links_to_what_exists(page: str | Path) -> None:
    file = PROJECT / page
    links = re.findall(r"\]\((?!https?:)([^)#]+)", file.read_text(encoding="utf-8"))
    assert [link for link in links if not (file.parent / link).exists()] == []
