"""The same form is handed in from many threads at once; a failed job is set going again by two people at once."""

from sqlalchemy import text

from storage.making import jobs
from storage.session import session_scope
from storage.tables import Lane
from tests.faults.conftest import Experiment
from tests.faults.house import House
from tests.faults.invariants import broken
from tests.orders import claimed
from tests.racing import race

# What makes the database refuse a second one.
KEYS = (("unit", "name"), ("report", "unit_id"), ("revision", "report_id"), ("job", "revision_id"))


def handed_in_by_many(house: House, unit: str, people: int) -> list[str]:
    """What was wrong with what each of them was told, and with what there is now."""
    told = [answer.told for answer in race(people, lambda _: house.hand_in(unit)) if answer.status == 202]
    there = house.ask(
        "SELECT job.id FROM job JOIN revision ON revision.id = revision_id JOIN report ON report.id = report_id "
        "JOIN unit ON unit.id = unit_id WHERE unit.name = :unit",
        unit=unit,
    )
    wrong = []
    if len(told) != people:
        wrong.append(f"{people - len(told)} of {people} were refused")
    if len(there) != 1:
        wrong.append(f"{len(there)} jobs")
    if len({one["job"]["id"] for one in told}) != 1 or sum(one["is_new"] for one in told) != 1:
        wrong.append("not all were told of the same job, or not exactly one that it is new")
    return wrong


def test_there_is_one_job_and_one_person_who_was_first(experiment: Experiment, province_house: House) -> None:
    house, rounds = province_house, experiment.size(15, 1000)
    house.open_web()
    wrong = []
    for number in range(rounds):
        wrong += handed_in_by_many(house, f"临溪县第{number}局", experiment.dice.randint(2, 20))
    house.sweep()
    house.hire(Lane.PREVIEW, concurrency=2, seconds=0.05)
    house.wait_until(house.is_drained)
    experiment.note(rounds=rounds, handed_in=len(house.accepted), jobs=house.count("done"))
    assert wrong == []
    assert broken(house) == []


def test_without_unique_keys_there_would_be_two(province_house: House) -> None:
    house = province_house
    house.open_web()
    with session_scope(house.engine) as session:
        for table, column in KEYS:
            find = f"SELECT conname FROM pg_constraint WHERE conrelid = '{table}'::regclass AND contype = 'u'"
            for (name,) in session.execute(text(find)).all():
                if column in name:
                    session.execute(text(f"ALTER TABLE {table} DROP CONSTRAINT {name}"))
    numbers = iter(range(50))
    assert any(handed_in_by_many(house, f"临溪县第{number}局", 12) for number in numbers)


def test_of_two_who_set_a_failed_job_going_again_one_does(experiment: Experiment, province_house: House) -> None:
    house, rounds = province_house, experiment.size(15, 1000)
    [job_id] = house.order(["临溪县第一局"])
    failure = jobs.Failure("broken", "不能制作。", "as asked for", retry=False)
    set_going = 0
    for _ in range(rounds):
        claim = claimed(house.engine, job_id, "worker")
        with session_scope(house.engine) as session:
            assert jobs.fail(session, claim, failure, ())
        set_going += sum(race(4, lambda _: requeued(house, job_id)))
    experiment.note(rounds=rounds, set_going=set_going)
    assert set_going == rounds


def requeued(house: House, job_id: int) -> bool:
    with session_scope(house.engine) as session:
        return jobs.requeue(session, job_id, "operator:李明")
