"""One house for each experiment, and a place for what it finds."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any, TypeVar

import pytest

from storage.settings import Settings
from tests.faults.house import QUICK, House

Value = TypeVar("Value")
Builder = Callable[..., House]

SEEDS = (20240117, 20240118, 20240119, 20240120, 20240121)
# The longest, E12, waits fifty minutes for clocks alone.
FULL_SECONDS = 7200


class Experiment:
    """How large it is to be, what chance decides, and what came out."""

    def __init__(self, name: str, says: str, full: bool, seed: int) -> None:
        self.name, self.says, self.full, self.seed = name, says, full, seed
        self.dice = Random(seed)
        self.figures: dict[str, Any] = {}

    def size(self, short: Value, full: Value) -> Value:
        return full if self.full else short

    def note(self, **figures: Any) -> None:
        self.figures |= figures


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "seed" in metafunc.fixturenames:
        metafunc.parametrize("seed", SEEDS if metafunc.config.getoption("full") else SEEDS[:1])


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("full"):
        for item in items:
            item.add_marker(pytest.mark.timeout(FULL_SECONDS))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    report: Any = yield
    if call.when == "call":
        item.stash[OUTCOME] = report.outcome
    return report


OUTCOME = pytest.StashKey[str]()


@pytest.fixture
def experiment(request: pytest.FixtureRequest) -> Iterator[Experiment]:
    """The experiment of this file; its figures go into the folder of results, if one was asked for."""
    number = re.match(r"test_e(\d+)", request.path.stem)
    assert number is not None
    seed = request.getfixturevalue("seed") if "seed" in request.fixturenames else SEEDS[0]
    full = request.config.getoption("full")
    one = Experiment(f"E{int(number[1])}", (request.module.__doc__ or "").strip(), full, seed)
    print(f"{one.name} seed {seed}")
    yield one
    if folder := request.config.getoption("results"):
        told = {
            "experiment": one.name,
            "says": one.says,
            "test": request.node.name,
            "form": "full" if full else "short",
            "seed": seed,
            "outcome": request.node.stash.get(OUTCOME, "error"),
            "figures": one.figures,
        }
        file = Path(folder) / f"{request.path.stem}-{request.node.name}.json"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(told, ensure_ascii=False, indent=2))


@pytest.fixture
def build(experiment: Experiment) -> Iterator[Builder]:
    """Builds houses, and takes them down."""
    built: list[House] = []

    def build(settings: Settings, **other: Any) -> House:
        pace = {} if experiment.full else QUICK
        house = House(settings.model_copy(update={**pace, **other}), patience=experiment.size(180, 1800))
        built.append(house)
        return house

    yield build
    for house in built:
        house.close()


@pytest.fixture
def house(build: Builder, settings: Settings) -> House:
    """A small office: SQLite."""
    return build(settings)


@pytest.fixture
def province_house(build: Builder, province: Settings) -> House:
    """A province: PostgreSQL."""
    return build(province)
