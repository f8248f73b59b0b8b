"""Units keep their place, their code and their history; nobody supervises himself, however many move at once."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import Engine, select

from storage.filing.reports import answers_of_last_year
from storage.filing.submissions import submit
from storage.roster import history, units
from storage.roster.facts import Facts, facts_of, is_code
from storage.roster.initials import initials_of
from storage.roster.units import UnitNotKept
from storage.session import reading_scope, session_scope
from storage.tables import AuditEvent, Unit, UnitKind
from tests.orders import CLERK, RECIPE
from tests.people import ANNUAL, ARCHIVES, MARKET, ordinary_report, read
from tests.racing import race
from tests.units import OFFICE, County

ACTOR = "account:li"
# Made up, with the check letter that GB 32100 asks for.
CODE = "11990000000000001G"
DEFINITION = ANNUAL.partition("/")[0]
SPRING = date(2025, 3, 1)


def unit(engine: Engine, name: str) -> Unit:
    with reading_scope(engine) as session:
        found = units.find_unit(session, name)
    assert found is not None
    return found


def actions(engine: Engine) -> list[str]:
    with reading_scope(engine) as session:
        return list(session.scalars(select(AuditEvent.action).order_by(AuditEvent.number)))


def order(engine: Engine, office: Unit) -> list[str]:
    with reading_scope(engine) as session:
        return [one.name for one in units.under(session, office.id)]


def test_a_unit_is_kept_as_it_was_meant_and_found_by_its_initials(engine: Engine, here: County) -> None:
    said = Facts(" 临溪县教育局 ", CODE.lower(), UnitKind.DEPARTMENT, "教育局", "a@b.cn，c@d.gov.cn", " 周文静 0571-1 ")
    with session_scope(engine) as session:
        units.create(session, said, here.office, ACTOR)
    kept = unit(engine, "临溪县教育局")
    assert facts_of(kept) == Facts(
        "临溪县教育局", CODE, UnitKind.DEPARTMENT, "教育局", "a@b.cn c@d.gov.cn", "周文静 0571-1"
    )
    assert (kept.initials, kept.supervisor_id) == ("lxxjyj", here.office.id)
    assert actions(engine) == ["unit.created"]


@pytest.mark.parametrize(
    ("name", "initials"), [("重庆市", "cqs"), ("云溪区A1服务中心", "yxqa1fwzx"), ("长乐区", "clq"), ("（筹）", "c")]
)
def test_initials_are_those_people_type(name: str, initials: str) -> None:
    assert initials_of(name) == initials


def test_a_code_has_the_check_letter_it_must_have() -> None:
    assert is_code(CODE)
    wrong = [CODE[:-1] + "H", CODE[:-1], CODE + "0", CODE.replace("9", "8", 1), "I" * 18, "", CODE.lower()]
    assert not any(is_code(one) for one in wrong)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "长" * 201}, "name"),
        ({"name": "临溪县\n教育局"}, "name"),
        ({"name": MARKET}, "name"),
        ({"code": CODE[:-1] + "0"}, "code"),
        ({"email": "not-an-address"}, "email"),
        ({"email": "a@b.cn\nBcc:x@y.cn <z>"}, "email"),
        ({"email": " ".join(f"a{n}@b.cn" for n in range(11))}, "email"),
        ({"short_name": "简" * 61}, "short_name"),
        ({"contact": "王" * 301}, "contact"),
    ],
)
def test_what_cannot_be_is_refused_by_its_field_and_leaves_nothing(
    engine: Engine, here: County, said: dict[str, str], field: str
) -> None:
    wanted = replace(Facts("临溪县教育局"), **said)  # type: ignore[arg-type]
    with pytest.raises(UnitNotKept) as refused, session_scope(engine) as session:
        units.create(session, wanted, here.office, ACTOR)
    assert list(refused.value.problems) == [field]
    assert actions(engine) == []


def test_a_changed_fact_is_on_record_from_what_to_what_and_no_change_is_not(engine: Engine, here: County) -> None:
    with session_scope(engine) as session:
        market = session.get_one(Unit, here.market.id)
        said = replace(facts_of(market), name="临溪县市场监管局", email="a@b.cn")
        assert units.rewrite(session, market, said, None, ACTOR) == {
            "name": [MARKET, "临溪县市场监管局"],
            "email": ["", "a@b.cn"],
        }
    with session_scope(engine) as session:
        assert units.rewrite(session, session.get_one(Unit, here.market.id), said, None, ACTOR) == {}
    assert (unit(engine, "临溪县市场监管局").initials, actions(engine)) == ("lxxscjgj", ["unit.changed"])


def test_a_unit_is_put_where_the_offices_list_has_it(engine: Engine, here: County) -> None:
    with session_scope(engine) as session:
        third = units.create(session, Facts("临溪县教育局"), here.office, ACTOR)
    for place, expected in (
        (1, ["临溪县教育局", ARCHIVES, MARKET]),
        (2, [ARCHIVES, "临溪县教育局", MARKET]),
        (99, [ARCHIVES, MARKET, "临溪县教育局"]),
    ):
        with session_scope(engine) as session:
            assert units.move_to(session, session.get_one(Unit, third.id), place, ACTOR)
        assert order(engine, here.office) == expected
    with session_scope(engine) as session:
        assert not units.move_to(session, session.get_one(Unit, third.id), 3, ACTOR)


def test_of_two_who_put_each_other_above_one_is_refused(engine: Engine, here: County) -> None:
    pair = [here.market.id, here.archives.id]

    def put(runner: int) -> bool:
        try:
            with session_scope(engine) as session:
                low, high = (session.get_one(Unit, pair[(runner + step) % 2]) for step in (0, 1))
                units.rewrite(session, low, facts_of(low), high, ACTOR)
        except UnitNotKept:
            return False
        return True

    assert sorted(race(2, put)) == [False, True]


def test_without_the_lock_two_can_make_a_ring(
    engine: Engine, here: County, monkeypatch: pytest.MonkeyPatch, either: object
) -> None:
    """The negative control of the test above; SQLite's one writer needs no lock."""
    if engine.dialect.name == "sqlite":
        pytest.skip("SQLite has one writer")
    monkeypatch.setattr(units, "hold_tree", lambda session: None)
    with session_scope(engine) as one, session_scope(engine) as other:
        for session, low, high in ((one, here.market, here.archives), (other, here.archives, here.market)):
            mine = session.get_one(Unit, low.id)
            boss = session.get_one(Unit, high.id)
            assert low.id not in units.above(session, boss)
            mine.supervisor_id = boss.id
            session.flush()
    with reading_scope(engine) as session:
        assert here.archives.id in units.above(session, session.get_one(Unit, here.market.id))


# Renamed, made anew, merged.


def sent(engine: Engine, name: str, year: int = 2023) -> None:
    with session_scope(engine) as session:
        submit(session, read(ordinary_report(name, year)), CLERK, RECIPE)


def last_year_of(engine: Engine, unit_id: int, year: int = 2024) -> str | None:
    with reading_scope(engine) as session:
        said = answers_of_last_year(session, unit_id, DEFINITION, year)
    return said and read_name(said)


def read_name(said: bytes) -> str:
    import json

    return str(json.loads(said)["unit"]["name"])


def test_whoever_is_called_differently_keeps_last_years_report(engine: Engine, here: County) -> None:
    sent(engine, MARKET)
    with session_scope(engine) as session:
        market = session.get_one(Unit, here.market.id)
        units.rewrite(session, market, replace(facts_of(market), name="临溪县市场监管局"), None, ACTOR)
    assert last_year_of(engine, here.market.id) == MARKET


def test_whoever_is_made_anew_goes_on_from_the_figures_before_however_long_ago(engine: Engine, here: County) -> None:
    sent(engine, MARKET)
    with session_scope(engine) as session:
        old = session.get_one(Unit, here.market.id)
        new = history.make_anew(session, old, Facts("临溪县市场监管局"), SPRING, ACTOR)
    with session_scope(engine) as session:
        newest = history.make_anew(session, session.get_one(Unit, new.id), Facts("临溪县监管局"), SPRING, ACTOR)
    assert last_year_of(engine, newest.id) == last_year_of(engine, new.id) == MARKET
    assert (unit(engine, MARKET).ended_on, unit(engine, MARKET).successor_id) == (SPRING, new.id)
    assert actions(engine)[-1] == "unit.ended"


def test_a_unit_made_anew_stands_where_the_old_one_stood_and_may_take_its_code(engine: Engine, here: County) -> None:
    with session_scope(engine) as session:
        old = session.get_one(Unit, here.archives.id)
        units.rewrite(session, old, replace(facts_of(old), code=CODE), None, ACTOR)
        units.move_to(session, old, 1, ACTOR)
        new = history.make_anew(session, old, Facts("临溪县档案馆", CODE), SPRING, ACTOR)
    assert order(engine, here.office)[0] == "临溪县档案馆"
    assert (unit(engine, ARCHIVES).code, unit(engine, "临溪县档案馆").id) == (None, new.id)


def test_whoever_takes_another_in_keeps_its_own_figures_and_falls_back_on_the_others(
    engine: Engine, here: County
) -> None:
    sent(engine, ARCHIVES)
    with session_scope(engine) as session:
        old, into = (session.get_one(Unit, one.id) for one in (here.archives, here.market))
        history.merge(session, old, into, SPRING, ACTOR)
    assert last_year_of(engine, here.market.id) == ARCHIVES, "it has none of its own"
    sent(engine, MARKET)
    assert last_year_of(engine, here.market.id) == MARKET
    with reading_scope(engine) as session:
        assert [one.name for one in history.came_from(session, here.market)] == [ARCHIVES]


def test_an_end_can_be_taken_back(engine: Engine, here: County) -> None:
    sent(engine, ARCHIVES)
    with session_scope(engine) as session:
        history.merge(
            session, session.get_one(Unit, here.archives.id), session.get_one(Unit, here.market.id), SPRING, ACTOR
        )
    for undone in (True, False):
        with session_scope(engine) as session:
            assert history.revive(session, session.get_one(Unit, here.archives.id), ACTOR) is undone
    assert unit(engine, ARCHIVES).ended_on is None
    assert last_year_of(engine, here.market.id) is None


def test_a_ring_of_mergers_is_refused_and_so_is_an_end_that_leaves_units_behind(engine: Engine, here: County) -> None:
    def refused(old: Unit, into: Unit | None, said: str) -> None:
        with pytest.raises(UnitNotKept, match=said), session_scope(engine) as session:
            mine = session.get_one(Unit, old.id)
            if into is None:
                history.end(session, mine, SPRING, ACTOR)
            else:
                history.merge(session, mine, session.get_one(Unit, into.id), SPRING, ACTOR)

    refused(here.market, here.market, "不能并入自己")
    refused(here.office, None, "还主管 2 个单位")
    with session_scope(engine) as session:
        history.end(session, session.get_one(Unit, here.archives.id), SPRING, ACTOR)
    refused(here.market, here.archives, "已经撤销，不能再并入")
    refused(here.archives, here.market, "已经撤销")
    assert order(engine, here.office) == [ARCHIVES, MARKET]
    assert unit(engine, OFFICE).ended_on is None


def test_predecessors_in_a_ring_end_the_search(engine: Engine, here: County) -> None:
    with session_scope(engine) as session:
        session.get_one(Unit, here.market.id).predecessor_id = here.archives.id
        session.get_one(Unit, here.archives.id).predecessor_id = here.market.id
    assert last_year_of(engine, here.market.id) is None
