"""A form of another kind, with other shapes: nothing about the annual report is written into the pages."""

import re
import shutil
from pathlib import Path

import pytest

from reports.admitting import Change
from reports.definition import Definition
from reports.loading import Definitions
from storage.filing import fields
from storage.filing.reports import report_for
from storage.session import reading_scope, session_scope
from storage.settings import Settings
from storage.tables import Report
from tests.service.conftest import Office
from tests.service.visitors import Page
from tests.service.without_script import press, standing_in

SHOWN = Path(__file__).parents[2] / "docs" / "writing-a-definition.md"


@pytest.fixture
def settings(tmp_path: Path, sqlite_pattern: Path) -> Settings:
    """An office that collects what the page about definitions shows: a harvest."""
    [example] = re.findall(r"```toml\n(.*?)```", SHOWN.read_text(encoding="utf-8"), re.DOTALL)
    folder = tmp_path / "templates" / "harvest" / "2024"
    folder.mkdir(parents=True)
    (folder / "definition.toml").write_text(example, encoding="utf-8")
    shutil.copy(sqlite_pattern, tmp_path / "nianbao.sqlite3")
    return Settings(data_dir=tmp_path, template_dir=tmp_path / "templates")


@pytest.fixture
def harvest(settings: Settings) -> Definition:
    return Definitions(settings.template_dir)["harvest/2024"]


@pytest.fixture
def report(office: Office, harvest: Definition) -> Report:
    with session_scope(office.engine) as session:
        return report_for(session, office.units.market, harvest, 2024)


def test_every_cell_of_a_table_without_totals_below_has_its_place(clerk, report, harvest):
    page = clerk.get(f"/reports/{report.public_id}/fill/harvested")
    assert page.heading == "二、产量"
    held = [one.get("data-cell") for one in page.all("//td[@data-cell]")]
    assert held == list(harvest.cells)
    assert [one.get("id") for one in page.all("//output")] == [
        name for name, cell in harvest.cells.items() if cell.total
    ]
    assert "苹果（不含野生）" in page.words


def test_a_text_that_may_be_left_out_leaves_its_section_finished(clerk, report):
    page = clerk.get(f"/reports/{report.public_id}/fill/overview")
    assert "降水和气温" in page.words
    assert "500 字以内" in page.words
    again = clerk.get(str(press(clerk, page, "save", {"overview.weather": "2024年雨水偏多。"}).answer.location))
    assert word_of(again, "overview") == "完成"


def test_totals_are_added_up_and_zeros_filled_in(clerk, office, report, harvest):
    page = clerk.get(f"/reports/{report.public_id}/fill/harvested")
    [first, *_] = [name for name, cell in harvest.cells.items() if not cell.total]
    again = clerk.get(str(press(clerk, page, "zeros", {first: "12"}).answer.location))
    [total] = again.all("(//output)[1]")
    assert total.text == "12"
    assert word_of(again, "harvested") == "完成"
    with reading_scope(office.engine) as session:
        kept = fields.fields_of(session, report)
    assert {name: one.value for name, one in kept.items()} == {
        name: "12" if name == first else "0" for name, cell in harvest.cells.items() if not cell.total
    }


def test_what_cannot_be_read_is_told_in_the_words_of_that_form(clerk, office, report, harvest):
    cell = next(cell for cell in harvest.cells.values() if not cell.total)
    with session_scope(office.engine) as session:
        fields.save(session, report, [Change(cell.name, "很多")], "account:somebody", harvest)
    page = clerk.get(f"/reports/{report.public_id}/fill/harvested")
    assert cell.label in page.all("//li[contains(@class, 'bad')]")[0].text_content()
    assert standing_in(page)[cell.name] == "很多"


def word_of(page: Page, section: str) -> str:
    [tag] = page.all(f"//a[@data-part='{section}']/em")
    return str(tag.text)
