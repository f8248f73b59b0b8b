"""The converter lies: success and no file, an empty file, half a file, another document's PDF, nothing but boxes."""

import pytest

from storage.settings import Settings
from tests.faults.conftest import Builder, Experiment
from tests.faults.invariants import broken
from tests.printing import FAKES

LIES = {
    "says_all_is_well_and_writes_nothing": "office_wrote_nothing",
    "writes_an_empty_file": "office_wrote_nothing",
    "writes_half_a_file": "office_wrote_rubbish",
    "writes_another_document": "pdf_unsound",
    "writes_another_figure": "pdf_differs",
    "prints_empty_boxes": "undrawable_character",
}


@pytest.mark.parametrize("lie", LIES)
def test_every_lie_is_found_out_and_nothing_is_published(
    experiment: Experiment, lie: str, build: Builder, settings: Settings
) -> None:
    reports = experiment.size(1, 20)
    house = build(settings, soffice=FAKES / lie, retry_seconds=(0.2,))
    units = [f"临溪县第{number}局" for number in range(reports)]
    house.order(units, overview="全年主动公开政府信息1024条。")
    house.sweep()
    # Each document alone in an office: what a warm one does that lies is told in tests/workers/office/test_warm.py.
    house.hire(concurrency=2, maker="real", without="warm_office")
    house.wait_until(house.is_drained)
    published = house.ask("SELECT id FROM document")
    codes = {row[0] for row in house.ask("SELECT error_code FROM job")}
    experiment.note(reports=reports, found_out=house.count("failed"), published=len(published), said=sorted(codes))
    assert published == []
    assert codes == {LIES[lie]}
    assert broken(house, may_fail=units) == []
