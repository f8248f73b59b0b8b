"""The clock of a worker and of the web jumps by two hours to and fro, in another time zone; then everybody's clock."""

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from storage.settings import Settings
from storage.tables import Lane
from tests.faults.clocks import Clock
from tests.faults.conftest import Builder, Experiment
from tests.faults.house import House
from tests.faults.invariants import broken

JUMPS = ("+2h", "+0", "-2h", "+0")
MOMENTS = (
    "SELECT at FROM audit_event",
    "SELECT claimed_at FROM job",
    "SELECT finished_at FROM job",
    "SELECT created_at FROM revision",
)


def jumping(experiment: Experiment, house: House, clock: Clock, reports: int, *, is_noticed: bool = False) -> int:
    """Let the clock jump all through a batch, while reports are handed in; how often it did."""
    jumps = experiment.size(JUMPS, JUMPS * 6)
    for number, by in enumerate(jumps):
        before = number * reports * 4 // (len(jumps) * 5)
        house.wait_until(lambda before=before: house.count("done") >= before)
        house.wait_until(lambda: house.converters() != [] or house.is_drained())
        clock.jump(by)
        if is_noticed:
            # There and back between two looks was no jump to the sweeper, and is one to a heart that beat in between.
            house.wait_until(lambda seen=number + 1: house.told("clock_jumped") >= seen)
        assert house.hand_in(f"临溪县第{number}街道办事处").status == 202
    return len(jumps)


def test_a_machine_whose_clock_is_wrong_loses_nothing_and_dates_nothing(
    experiment: Experiment, build: Builder, province: Settings, tmp_path: Path
) -> None:
    house, reports = build(province, stale_seconds=10.0), experiment.size(12, 500)
    clock, begun = Clock(tmp_path), datetime.now(UTC) - timedelta(seconds=5)
    clock.jump("+2h")
    assert clock.reads() - time.time() > 7000, "the clock does not jump"
    house.sweep()
    house.hire(seconds=0.4)
    house.given = clock.given | {"TZ": "America/New_York"}
    house.open_web()
    house.hire(seconds=0.4)
    house.hire(Lane.PREVIEW)
    house.order(f"临溪县第{number}局" for number in range(reports))
    jumps = jumping(experiment, house, clock, reports)
    drained = house.wait_until(house.is_drained)
    moments = [moment for question in MOMENTS for (moment,) in house.ask(question)]
    wrong = [one for one in moments if not begun <= one <= datetime.now(UTC) + timedelta(seconds=5)]  # type: ignore[operator]
    experiment.note(
        reports=len(house.accepted),
        jumps=jumps,
        lost=house.losses(),
        moments=len(moments),
        drained_seconds=round(drained, 1),
    )
    assert wrong == []
    assert broken(house) == []
    assert house.count("done") == len(house.accepted)
    # A busy machine may make somebody seem silent now and then; a clock that is believed, everybody at each jump.
    assert house.losses() < experiment.size(len(JUMPS), 2)


def test_where_the_machine_is_the_database_its_clock_may_jump_too(
    experiment: Experiment, build: Builder, settings: Settings, tmp_path: Path
) -> None:
    house, reports = build(settings, stale_seconds=10.0), experiment.size(12, 300)
    clock = Clock(tmp_path)
    house.given = clock.given
    house.open_web()
    house.sweep()
    house.hire(seconds=0.4)
    house.hire(seconds=0.4)
    house.hire(Lane.PREVIEW)
    house.order(f"临溪县第{number}局" for number in range(reports))
    jumps = jumping(experiment, house, clock, reports, is_noticed=True)
    drained = house.wait_until(house.is_drained)
    experiment.note(reports=len(house.accepted), jumps=jumps, lost=house.losses(), drained_seconds=round(drained, 1))
    assert broken(house) == []
    assert house.count("done") == len(house.accepted)
    # A busy machine may make somebody seem silent now and then; a clock that is believed, everybody at each jump.
    assert house.losses() < experiment.size(len(JUMPS), 2)


def test_who_dies_after_the_clock_went_back_is_missed_all_the_same(house: House, tmp_path: Path) -> None:
    clock = Clock(tmp_path)
    clock.jump("+2h")
    house.given = clock.given
    house.sweep()
    house.hire(seconds=30)
    house.order(["临溪县第一局"])
    house.wait_until(lambda: house.converters() != [])
    # It was last heard two hours from now.
    house.kill(house.workers())
    clock.jump("+0")
    house.wait_until(lambda: house.losses() == 1)
