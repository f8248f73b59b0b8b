"""Two reviewers with one report open see each other, as long as both are there."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, func, select, update

from storage.clock import now
from storage.filing.looking import FORGOTTEN_AFTER, look, look_away, others_looking
from storage.filing.submissions import submit
from storage.people.policy import Person
from storage.session import reading_scope, session_scope
from storage.tables import Looking, Report
from tests.orders import CLERK, RECIPE, answers_of
from tests.racing import race
from tests.units import person_with


@pytest.fixture
def report(engine: Engine) -> Report:
    with session_scope(engine) as session:
        return submit(session, answers_of(), CLERK, RECIPE).report


@pytest.fixture
def two(engine: Engine) -> tuple[Person, Person]:
    with session_scope(engine) as session:
        return person_with(session, "shen"), person_with(session, "li")


def opened(engine: Engine, report: Report, *people: Person) -> None:
    for person in people:
        with session_scope(engine) as session:
            look(session, report, person.account_id)


def seen_by(engine: Engine, report: Report, person: Person) -> list[str]:
    with reading_scope(engine) as session:
        return [one.login for one in others_looking(session, report, person.account_id)]


def fall_silent(engine: Engine, person: Person, seconds: float) -> None:
    with session_scope(engine) as session:
        heard = session.scalars(now().select()).one() - timedelta(seconds=seconds)
        session.execute(update(Looking).where(Looking.account_id == person.account_id).values(seen_at=heard))


def test_two_who_look_at_one_report_see_each_other(engine: Engine, report: Report, two: tuple[Person, Person]) -> None:
    shen, li = two
    opened(engine, report, shen, li)
    assert (seen_by(engine, report, shen), seen_by(engine, report, li)) == (["li"], ["shen"])


def test_whoever_looks_at_another_report_is_not_seen(
    engine: Engine, report: Report, two: tuple[Person, Person]
) -> None:
    with session_scope(engine) as session:
        other = submit(session, answers_of("临溪县水务局"), CLERK, RECIPE).report
    opened(engine, other, two[1])
    assert seen_by(engine, report, two[0]) == []


def test_whoever_was_not_heard_of_for_long_is_forgotten(
    engine: Engine, report: Report, two: tuple[Person, Person]
) -> None:
    shen, li = two
    opened(engine, report, shen, li)
    fall_silent(engine, li, FORGOTTEN_AFTER - 30)
    assert seen_by(engine, report, shen) == ["li"]
    fall_silent(engine, li, FORGOTTEN_AFTER + 1)
    assert seen_by(engine, report, shen) == []
    opened(engine, report, li)
    assert seen_by(engine, report, shen) == ["li"]


def test_whoever_closes_the_page_is_not_seen_any_more(
    engine: Engine, report: Report, two: tuple[Person, Person]
) -> None:
    opened(engine, report, *two)
    with session_scope(engine) as session:
        look_away(session, report, two[1].account_id)
    assert seen_by(engine, report, two[0]) == []


def test_one_who_has_it_open_twice_is_there_once(engine: Engine, report: Report, two: tuple[Person, Person]) -> None:
    race(6, lambda _: opened(engine, report, two[0]))
    with reading_scope(engine) as session:
        assert session.scalars(select(func.count()).select_from(Looking)).one() == 1
