"""From answers to checked documents with one warm office, and what a press owes to those who wait."""

from contextlib import closing
from pathlib import Path

import pytest

from reports.loading import Definitions
from storage.settings import Settings
from storage.tables import Lane
from tests.fakes.worker import StandIn
from tests.people import ARCHIVES, DEFINITIONS, MARKET, ordinary_report, read
from tests.printing import FETCHED, text_of
from tests.workers.conftest import Office
from tests.workers.office.test_warm import running
from tests.workers.test_children import wait_until
from workers.desk import Desk
from workers.pipeline import Press


@pytest.mark.parametrize(("lane", "seconds"), [(Lane.PREVIEW, 7), (Lane.BATCH, 77), (Lane.QUARANTINE, 77)])
def test_somebody_who_waits_is_told_sooner_than_a_batch(lane: Lane, seconds: float, tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, preview_seconds=7, batch_seconds=77)
    assert Press.from_settings(settings, DEFINITIONS, lane).offices.seconds == seconds


def test_documents_of_two_units_are_made_and_proven_by_one_office_that_is_gone_afterwards(tmp_path: Path) -> None:
    (tmp_path / "fonts").symlink_to(FETCHED)
    with closing(Press.from_settings(Settings(data_dir=tmp_path), DEFINITIONS)) as press:
        for unit in (MARKET, ARCHIVES):
            (folder := tmp_path / unit).mkdir()
            made = press.make(read(ordinary_report(unit)), folder)
            assert (made.pages, unit in text_of(made.pdf)) == (made.proof.pages, True)
            # One that was replaced may take a moment to be gone.
            wait_until(lambda: len(running("soffice.bin")) == 1)
    wait_until(lambda: not running("soffice.bin"))


def test_a_worker_process_that_leaves_closes_what_it_made_documents_with(office: Office) -> None:
    closed = []

    class Watched(StandIn):
        def close(self) -> None:
            closed.append(self)

    definitions = Definitions(office.settings.template_dir)
    desk = Desk(office.settings, Lane.BATCH, Watched(office.settings, definitions, Lane.BATCH))
    desk.close()
    assert len(closed) == 1
