"""The network to Redis and PostgreSQL is slow, tears, swallows everything, or has nobody at its other end any more."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import make_url

from storage.settings import Settings
from storage.tables import Lane
from tests.faults.conftest import Builder, Experiment
from tests.faults.house import House
from tests.faults.invariants import broken
from tests.faults.proxy import Proxy

AS_DELIVERED = {"database_patience_seconds": 4.5}


@pytest.fixture
def network() -> Iterator[list[Proxy]]:
    laid: list[Proxy] = []
    yield laid
    for proxy in laid:
        proxy.close()


@pytest.fixture
def house(build: Builder, province: Settings, network: list[Proxy], experiment: Experiment) -> House:
    """Everybody speaks to Redis and PostgreSQL through a network that may be spoilt; whoever looks on does not."""
    house = build(province, **AS_DELIVERED)
    house.given = {"NIANBAO_DATABASE_PATIENCE_SECONDS": str(house.settings.database_patience_seconds)}
    address = make_url(province.database_url)
    database = Proxy(Path(str(address.query["host"])) / ".s.PGSQL.5432", experiment.dice)
    redis = Proxy(house.redis.socket, experiment.dice)
    network += [database, redis]
    far = address.set(host="127.0.0.1", port=database.port, query={}).render_as_string(hide_password=False)
    house.settings = house.settings.model_copy(
        update={"database_url": far, "redis_url": f"redis://127.0.0.1:{redis.port}/0"}
    )
    return house


class Clerk:
    """Hands one report in after the other, and remembers what was answered and how long that took."""

    def __init__(self, house: House) -> None:
        self._house = house
        self.answers: list[int] = []
        self.slowest = 0.0

    def hands_in(self) -> bool:
        begun = time.monotonic()
        status = self._house.hand_in(f"临溪县第{len(self.answers)}街道办事处").status
        self.slowest = max(self.slowest, time.monotonic() - begun)
        self.answers.append(status)
        return status == 202


def test_nobody_waits_for_ever_and_everything_is_made(
    experiment: Experiment, house: House, network: list[Proxy]
) -> None:
    database, redis = network
    reports, asked, hole = experiment.size((12, 4, 6), (300, 20, 30))
    house.open_web()
    house.order(f"临溪县第{number}局" for number in range(reports))
    house.sweep()
    house.hire(seconds=0.4)
    house.hire(Lane.PREVIEW)
    clerk = Clerk(house)
    figures: dict[str, float] = {}

    def spoilt(name: str, spoil: Callable[[], None], seconds: float = 0) -> None:
        """For so long, and so many reports at least; then until one is accepted again."""
        clerk.slowest, begun, before = 0.0, time.monotonic(), len(clerk.answers)
        spoil()
        while time.monotonic() - begun < seconds or len(clerk.answers) < before + asked:
            clerk.hands_in()
        database.heal()
        redis.heal()
        back = house.wait_until(clerk.hands_in)
        figures[f"{name}_slowest"] = round(clerk.slowest, 1)
        figures[f"{name}_back_after"] = round(back, 1)

    def slow() -> None:
        # Forty questions are asked of the database for one report: further away than this it may not be.
        database.delay, redis.delay = 0.02, 0.1

    def tearing() -> None:
        database.tears = redis.tears = 0.02

    def without_database() -> None:
        database.is_hole = True

    def without_redis() -> None:
        redis.is_hole = True

    def deaf() -> None:
        database.deafen()
        redis.deafen()

    spoilt("good", lambda: None)
    spoilt("slow", slow)
    spoilt("tearing", tearing)
    spoilt("no_database", without_database, hole)
    spoilt("no_redis", without_redis, hole)
    spoilt("half_open", deaf)
    drained = house.wait_until(house.is_drained)
    slowest = max(seconds for name, seconds in figures.items() if name.endswith("_slowest"))
    experiment.note(
        reports=len(house.accepted),
        refused=clerk.answers.count(503),
        **figures,
        executions=house.executions(),
        drained_seconds=round(drained, 1),
    )
    assert set(clerk.answers) == {202, 503}
    # In full on a quiet machine; anywhere, nobody waits until somebody's patience ends.
    assert slowest < experiment.size(30, 5)
    assert broken(house) == []
    # The answer to one that was taken in may have been lost on its way: then there is one more than anybody knows of.
    assert house.count("done") >= len(house.accepted)
