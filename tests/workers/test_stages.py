"""The stopwatch knows the stage of this moment and how long each took; the desk keeps it with the job."""

import json

import pytest

from reports.loading import Definitions
from storage.tables import Lane, Stage
from tests.fakes.worker import StandIn
from tests.people import MARKET
from tests.workers.conftest import Office
from workers.desk import Desk
from workers.stages import Stopwatch
from workers.tasks import make_documents


@pytest.fixture
def clock() -> list[float]:
    """What the clock says; a test moves it."""
    return [100.0]


@pytest.fixture
def watch(clock: list[float]) -> Stopwatch:
    """A stopwatch that goes by that clock."""
    return Stopwatch(lambda: clock[0])


def test_every_stage_is_measured_until_the_next_begins(clock: list[float], watch: Stopwatch) -> None:
    for stage, seconds in ((Stage.FILL, 0.5), (Stage.CONVERT, 2.0), (Stage.STORE, 0.25)):
        watch.begin(stage)
        clock[0] += seconds
    assert watch.seconds() == {"fill": 0.5, "convert": 2.0, "store": 0.25}
    assert watch.stage is Stage.STORE


def test_a_stage_that_comes_twice_is_added_up(clock: list[float], watch: Stopwatch) -> None:
    for stage in (Stage.CONVERT, Stage.PROVE_PDF, Stage.CONVERT):
        watch.begin(stage)
        clock[0] += 1
    assert watch.seconds() == {"convert": 2.0, "prove_pdf": 1.0}


def test_after_a_document_nothing_is_left_of_it(clock: list[float], watch: Stopwatch) -> None:
    watch.begin(Stage.FILL)
    clock[0] += 1
    watch.reset()
    assert (watch.stage, watch.seconds()) == (None, {})


def test_a_job_that_is_done_tells_the_seconds_of_its_stages(office: Office) -> None:
    desk = Desk(
        office.settings, Lane.BATCH, StandIn(office.settings, Definitions(office.settings.template_dir), Lane.BATCH)
    )
    job_id = office.order(MARKET)
    make_documents(desk, job_id)
    desk.close()
    assert set(json.loads(office.job(job_id).seconds or "{}")) == {"convert", "store"}
