"""A converter wants four gigabytes; a worker loses some memory with every document."""

import os

from storage.settings import Settings
from tests.faults import processes
from tests.faults.conftest import Builder, Experiment
from tests.faults.house import House
from tests.faults.invariants import broken
from tests.faults.worker import EATS, LEAKS

MEBIBYTE = 1024 * 1024
# Where a worker process is replaced, and what one more document may add to it.
MOST = 450 * MEBIBYTE


def test_only_the_document_that_wants_too_much_fails(experiment: Experiment, house: House) -> None:
    reports = experiment.size(6, 50)
    house.order([f"{EATS}一科", *(f"临溪县第{number}局" for number in range(reports))])
    house.sweep()
    house.hire(concurrency=2)
    largest = 0

    def is_drained() -> bool:
        nonlocal largest
        largest = max([largest, *(one.memory for one in house.converters())])
        return house.is_drained()

    house.wait_until(is_drained)
    experiment.note(reports=reports + 1, failed=house.count("failed"), largest_converter_mib=largest // MEBIBYTE)
    assert largest < 2048 * MEBIBYTE
    assert house.count("failed") == 1
    assert broken(house, may_fail={f"{EATS}一科"}) == []


def test_a_worker_that_grows_is_replaced_in_good_order(
    experiment: Experiment, build: Builder, settings: Settings
) -> None:
    # Nobody is taken for dead: each document is begun once.
    house = build(settings, stale_seconds=120.0)
    # Twenty megabytes a document: what a real leak takes a day for.
    reports = experiment.size(30, 300)
    house.order(f"{LEAKS}第{number}科" for number in range(reports))
    house.sweep()
    house.hire(seconds=0.05)
    largest, seen = 0, set[int]()

    def is_drained() -> bool:
        nonlocal largest
        workers = [one for one in processes.below(os.getpid()) if one in house.workers()]
        seen.update(one.pid for one in workers)
        largest = max([largest, *(one.memory for one in workers)])
        return house.is_drained()

    house.wait_until(is_drained)
    experiment.note(reports=reports, largest_worker_mib=largest // MEBIBYTE, executions=house.executions())
    assert len(seen) > 2
    assert largest < MOST
    assert house.executions() == reports
    assert broken(house) == []
