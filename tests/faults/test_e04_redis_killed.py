"""Redis is killed in the middle of a batch, everything in it is lost, and it comes back later."""

import time

from storage.tables import Lane
from tests.faults.conftest import Experiment
from tests.faults.house import House
from tests.faults.invariants import broken, no_loss


def test_reports_are_taken_in_meanwhile_and_all_are_made(experiment: Experiment, house: House) -> None:
    reports, away = experiment.size((20, 4), (480, 20))
    house.open_web()
    house.order(f"临溪县第{number}局" for number in range(reports))
    house.sweep()
    house.hire()
    house.hire(Lane.PREVIEW)
    house.wait_until(lambda: house.count("done") > 2)
    house.redis.kill()
    answers, begun = [], time.monotonic()
    while time.monotonic() - begun < away or len(answers) < 4:
        answers.append(house.hand_in(f"临溪县第{len(answers)}街道办事处").status)
        time.sleep(0.2)
    house.redis.start()
    drained = house.wait_until(house.is_drained)
    experiment.note(
        reports=len(house.accepted),
        taken_in_meanwhile=len(answers),
        executions=house.executions(),
        drained_seconds=round(drained, 1),
    )
    assert set(answers) == {202}
    assert broken(house) == []


def test_without_a_sweeper_what_redis_forgot_would_never_be_made(house: House) -> None:
    house.open_web()
    assert [house.hand_in(f"临溪县第{number}局").status for number in range(3)] == [202] * 3
    house.redis.kill()
    house.redis.start()
    house.hire(Lane.PREVIEW)
    # Long enough for the sweeper, if there were one.
    time.sleep(2 * house.settings.republish_seconds)
    assert len(list(no_loss(house))) == 3
