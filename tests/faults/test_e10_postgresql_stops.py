"""PostgreSQL is switched off and on again and again in mid-batch, then stands still for half a minute."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.exc import SQLAlchemyError

from storage.migrations import upgrade
from storage.settings import Settings
from storage.tables import Lane
from tests.faults import processes
from tests.faults.conftest import Builder, Experiment
from tests.faults.house import House
from tests.faults.invariants import broken
from tests.servers import PostgresServer

AS_DELIVERED = {"database_patience_seconds": 4.5}


@pytest.fixture
def server() -> Iterator[PostgresServer]:
    """A PostgreSQL that nobody else uses."""
    server = PostgresServer()
    yield server
    server.close()


@pytest.fixture
def house(build: Builder, server: PostgresServer, tmp_path: Path) -> House:
    settings = Settings(data_dir=tmp_path, database_url=server.create("house"))
    upgrade(settings)
    house = build(settings, **AS_DELIVERED)
    house.given = {"NIANBAO_DATABASE_PATIENCE_SECONDS": str(house.settings.database_patience_seconds)}
    return house


def is_done(house: House, reports: int) -> bool:
    """Whether so many are done; a database that has just been away is asked again."""
    try:
        return house.count("done") >= reports or house.is_drained()
    except SQLAlchemyError:
        return False


def handed_in_at_last(house: House, unit: str, refused: list[int]) -> float:
    """How long it took until a report was accepted; what was answered before."""

    def is_accepted() -> bool:
        status = house.hand_in(unit).status
        refused.extend([status] if status != 202 else [])
        return status == 202

    return house.wait_until(is_accepted)


def everybody_of(server: PostgresServer) -> list[int]:
    return [server.process.pid, *(one.pid for one in processes.below(server.process.pid))]


def test_everything_is_made_and_the_web_says_that_it_cannot_and_comes_back(
    experiment: Experiment, house: House, server: PostgresServer
) -> None:
    reports, stops, pause = experiment.size((20, 3, 4), (500, 10, 30))
    house.open_web()
    house.order(f"临溪县第{number}局" for number in range(reports))
    house.sweep()
    house.hire(concurrency=2)
    house.hire(Lane.PREVIEW)
    refused: list[int] = []
    slowest = 0.0
    for number in range(stops):
        house.wait_until(lambda done=number * reports * 4 // (stops * 5): is_done(house, done))
        server.stop()
        refused += [house.hand_in(f"临溪县第{number}街道办事处").status for _ in range(3)]
        server.start()
        house.is_not_ours(server.process.pid)
        slowest = max(slowest, handed_in_at_last(house, f"临溪县第{number}街道办事处", refused))
    stopped = everybody_of(server)
    for pid in stopped:
        os.kill(pid, signal.SIGSTOP)
    begun, meanwhile = time.monotonic(), []
    try:
        while time.monotonic() - begun < pause:
            meanwhile.append(house.hand_in("临溪县停电局").status)
    finally:
        for pid in stopped:
            os.kill(pid, signal.SIGCONT)
    slowest = max(slowest, handed_in_at_last(house, "临溪县停电局", refused))
    drained = house.wait_until(lambda: is_done(house, len(house.accepted)))
    experiment.note(
        reports=len(house.accepted),
        stops=stops,
        refused=len(refused) + len(meanwhile),
        back_after_seconds=round(slowest, 1),
        executions=house.executions(),
        drained_seconds=round(drained, 1),
    )
    assert len(refused) >= stops
    assert {*refused, *meanwhile} == {503}
    assert broken(house) == []
    assert house.count("done") == len(house.accepted)
