"""Who may do what: said once as a table, and refused wherever the table says nothing."""

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from storage.people.accounts import disable, dismiss, find_account
from storage.people.policy import Act, Person, can, can_anywhere, heads_of, offices_of, units_of, visible_units
from storage.session import reading_scope, session_scope
from storage.tables import Role, Unit
from tests.units import ADMINISTRATOR, County, county, person_with

OF_CLERK = {Act.READ, Act.FILL, Act.SEND, Act.WITHDRAW}
OF_HEAD = OF_CLERK | {Act.SIGN}
OF_REVIEWER = {Act.READ, Act.REVIEW, Act.HAND_IN, Act.CAMPAIGN}
DUTIES = {Role.SYSTEM: Act.SYSTEM, Role.SECURITY: Act.ACCOUNTS, Role.AUDIT: Act.AUDIT}


def everything_allowed(person: Person, unit: Unit | None) -> set[Act]:
    return {act for act in Act if can(person, act, unit)}


def names(session: Session, person: Person, *acts: Act) -> set[str]:
    """The units that a query limited to this person finds."""
    return set(session.scalars(select(Unit.name).where(Unit.id.in_(units_of(person, *acts)))))


@pytest.mark.parametrize(("role", "allowed"), [(Role.CLERK, OF_CLERK), (Role.HEAD, OF_HEAD)])
def test_who_is_appointed_for_a_unit_may_do_this_with_it_and_nothing_with_others(
    engine: Engine, role: Role, allowed: set[Act]
) -> None:
    with session_scope(engine) as session:
        units = county(session)
        person = person_with(session, "wangfang", (role, units.archives))
    assert everything_allowed(person, units.archives) == allowed
    for other in (units.office, units.market, units.elsewhere, None):
        assert everything_allowed(person, other) == set()


def test_a_reviewer_may_do_this_with_the_units_of_the_office_and_nothing_with_others(engine: Engine) -> None:
    with session_scope(engine) as session:
        units = county(session)
        person = person_with(session, "limin", (Role.REVIEWER, units.office))
    for unit in (units.office, units.archives, units.market):
        assert everything_allowed(person, unit) == OF_REVIEWER
    assert everything_allowed(person, units.elsewhere) == set()
    assert everything_allowed(person, None) == set()
    assert offices_of(person) == {units.office.id}


def test_a_reviewer_of_a_unit_that_supervises_nobody_sees_no_unit_without_supervisor(engine: Engine) -> None:
    with session_scope(engine) as session:
        units = county(session)
        person = person_with(session, "limin", (Role.REVIEWER, units.market))
    assert everything_allowed(person, units.elsewhere) == set()


@pytest.mark.parametrize(("role", "act"), DUTIES.items())
def test_a_duty_allows_its_own_act_and_shows_no_unit(engine: Engine, role: Role, act: Act) -> None:
    with session_scope(engine) as session:
        units = county(session)
        person = person_with(session, "zhaoqiang", (role, None))
        assert names(session, person, *Act) == set()
    assert everything_allowed(person, None) == {act}
    assert everything_allowed(person, units.archives) == set()


def test_who_is_appointed_to_nothing_may_do_nothing(engine: Engine) -> None:
    with session_scope(engine) as session:
        units = county(session)
        person = person_with(session, "nobody")
        assert names(session, person, *Act) == set()
    assert everything_allowed(person, None) == everything_allowed(person, units.archives) == set()
    assert not can_anywhere(person, *Act)


def everyone(session: Session, units: County) -> list[Person]:
    return [
        person_with(session, "clerk", (Role.CLERK, units.archives)),
        person_with(session, "two-units", (Role.CLERK, units.archives), (Role.CLERK, units.elsewhere)),
        person_with(session, "head", (Role.HEAD, units.market)),
        person_with(session, "reviewer", (Role.REVIEWER, units.office)),
        person_with(session, "many-hats", (Role.REVIEWER, units.office), (Role.HEAD, units.elsewhere)),
        person_with(session, "security", (Role.SECURITY, None)),
        person_with(session, "nobody"),
    ]


@pytest.mark.parametrize("act", Act)
def test_a_query_finds_exactly_the_units_that_the_rule_allows(engine: Engine, act: Act) -> None:
    with session_scope(engine) as session:
        units = county(session)
        for person in everyone(session, units):
            of_units = (units.office, units.archives, units.market, units.elsewhere)
            allowed = {unit.name for unit in of_units if can(person, act, unit)}
            assert names(session, person, act) == allowed, person.login
            assert can_anywhere(person, act) == (bool(allowed) or can(person, act)), person.login


def test_who_answers_for_two_units_sees_both(engine: Engine) -> None:
    with session_scope(engine) as session:
        units = county(session)
        person = person_with(session, "wangfang", (Role.CLERK, units.archives), (Role.HEAD, units.elsewhere))
        assert set(session.scalars(visible_units(person))) == {units.archives.id, units.elsewhere.id}
        assert names(session, person, Act.SIGN) == {units.elsewhere.name}
        assert names(session, person, Act.SIGN, Act.SEND) == {units.archives.name, units.elsewhere.name}


def test_a_unit_has_the_heads_that_are_appointed_and_in_force(engine: Engine) -> None:
    with session_scope(engine) as session:
        units = county(session)
        for login in ("zhou", "wu", "zheng"):
            person_with(session, login, (Role.HEAD, units.archives))
        person_with(session, "wang", (Role.CLERK, units.archives), (Role.HEAD, units.market))
        wu, zheng = find_account(session, "wu"), find_account(session, "zheng")
        assert wu and zheng
        assert disable(session, wu, ADMINISTRATOR)
        assert dismiss(session, zheng, Role.HEAD, units.archives, ADMINISTRATOR)
    with reading_scope(engine) as session:
        assert [account.login for account in heads_of(session, units.archives)] == ["zhou"]
        assert heads_of(session, units.elsewhere) == []


def test_the_audit_trail_calls_a_person_by_the_account(engine: Engine) -> None:
    with session_scope(engine) as session:
        assert person_with(session, "王芳").actor == "account:王芳"
