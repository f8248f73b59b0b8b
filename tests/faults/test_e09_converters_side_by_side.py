"""Four LibreOffice at once, while locks of dead ones lie in every profile."""

import shutil

from tests.faults.conftest import Experiment
from tests.faults.house import House
from tests.faults.invariants import broken
from tests.printing import FETCHED, text_of


def marker(number: int) -> str:
    return f"临溪县第{number:04d}号办事处"


def test_each_pdf_says_what_is_its_own_and_nothing_of_the_others(experiment: Experiment, house: House) -> None:
    reports = experiment.size(6, 50)
    data_dir = house.settings.data_dir
    if FETCHED.is_dir():
        shutil.copytree(FETCHED, data_dir / "fonts")
    house.sweep()
    house.hire_real(concurrency=4)
    # The first one prepares the profile that the others are copied from.
    house.order([marker(0)])
    house.wait_until(house.is_drained)
    for folder in [one for one in (data_dir / "office").rglob("*") if one.is_dir()]:
        (folder / ".lock").write_text("[Bootstrap]\nIPCServer=true\n")
        (folder / ".~lock.report.docx#").write_text(",root,elsewhere,01.01.2024 08:00,file:///gone;")
    house.order(marker(number) for number in range(1, reports))
    house.wait_until(house.is_drained)
    mixed = 0
    for unit, key in house.ask(
        "SELECT unit.name, storage_key FROM document JOIN job ON job.id = job_id "
        "JOIN revision ON revision.id = revision_id JOIN report ON report.id = report_id "
        "JOIN unit ON unit.id = unit_id WHERE document.format = 'pdf'"
    ):
        said = "".join(text_of(data_dir / "documents" / str(key)).split())
        mixed += {marker(number) for number in range(reports) if marker(number) in said} != {unit}
    experiment.note(reports=reports, mixed_up=mixed, executions=house.count("done"))
    assert mixed == 0
    assert broken(house) == []
    assert house.count("done") == reports
