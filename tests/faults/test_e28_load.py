"""Clerks save field after field and strangers read the public pages, while a batch is made."""

import threading
import time

from tests.bench.clerks import PAUSE, Clerk, at_work, percentile
from tests.bench.parts.web import clerks_of
from tests.faults.conftest import Experiment
from tests.faults.house import House
from tests.faults.invariants import broken

PUBLIC = ("/public/", "/public/data")


class Stranger:
    """Reads one public page after the other until told to stop."""

    def __init__(self, house: House) -> None:
        self._house, self._stop = house, threading.Event()
        self.answers: list[int] = []
        self.took_ms: list[float] = []
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        assert self._house.web is not None
        while not self._stop.wait(0.05):
            begun = time.perf_counter()
            self.answers.append(self._house.web.ask("GET", PUBLIC[len(self.answers) % len(PUBLIC)]).status)
            self.took_ms.append((time.perf_counter() - begun) * 1000)

    def close(self) -> None:
        self._stop.set()
        self._thread.join()


def lost(house: House, clerk: Clerk) -> int:
    """How many of the values that the service said it kept are not there."""
    question = "SELECT name, value FROM field JOIN report ON report.id = report_id WHERE report.public_id = :report"
    there = dict(house.ask(question, report=clerk.report))
    return sum(there.get(name) != value for name, value in clerk.kept.items())


def test_nobody_is_refused_and_nothing_that_was_saved_is_lost(experiment: Experiment, house: House) -> None:
    reports, count, saves, pause = experiment.size((12, 12, 3, (0.1, 0.4)), (500, 200, 60, PAUSE))
    web = house.open_web()
    clerks = clerks_of(house.engine, house.settings, web.port, count)
    house.order(f"临溪县第{number}局" for number in range(reports))
    house.sweep()
    house.hire(concurrency=2)
    stranger = Stranger(house)
    with at_work(clerks, pause):
        house.wait_until(lambda: house.is_drained() and all(len(one.took_ms) >= saves for one in clerks))
    stranger.close()
    took = [one for clerk in clerks for one in clerk.took_ms]
    missing = sum(lost(house, clerk) for clerk in clerks)
    experiment.note(
        clerks=count,
        saves=len(took),
        lost=missing,
        save_p95_ms=round(percentile(took, 0.95)),
        public_pages=len(stranger.answers),
        public_p95_ms=round(percentile(stranger.took_ms, 0.95)),
        reports=reports,
    )
    assert {status for clerk in clerks for status in clerk.statuses} == {200}
    assert set(stranger.answers) == {200}
    assert missing == 0
    assert broken(house) == []
