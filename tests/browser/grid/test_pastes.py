"""Whole tables from Excel, WPS, Word and web pages land where they belong, every figure of them."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.people import annual

PASTES = Path(__file__).parents[2] / "cases" / "pastes"
CASES = json.loads((PASTES / "pastes.json").read_text(encoding="utf-8"))
ANSWERS = json.loads((Path(__file__).parents[2] / "answers" / "suqian-2024.json").read_text(encoding="utf-8"))


def clipboard(file):
    """A file of the corpus as what is on the clipboard, line ends and all."""
    text = (PASTES / file).read_bytes().decode("utf-8")
    return {"html": text} if file.endswith(".html") else {"text": text}


def published(section):
    """What a city published in this section, without the totals."""
    chosen = next(one for one in annual().sections if one.key == section)
    cells = [cell for table in chosen.tables for cell in table.cells if not cell.total]
    figures = {cell.name: ANSWERS["cells"][cell.name] for cell in cells}
    return {name: str(figure["value"] if isinstance(figure, dict) else figure) for name, figure in figures.items()}


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['file']}-{case['into'].rpartition('.')[2]}")
def test_a_paste_lands_where_it_belongs(tables, case):
    page = tables(case["section"])
    assert page.paste(case["into"], **clipboard(case["file"]))
    if page.bar.is_visible():
        expect(page.bar).not_to_contain_text("无法识别")
        page.apply()
    wanted = published(case["section"]) if case["becomes"] == "all" else case["becomes"]
    typed = {name: value for name, value in page.values.items() if not annual().cells[name].total}
    assert typed == wanted
