"""A roster is shown before it is written, and written as it was shown: all of it, or nothing."""

import pytest
from sqlalchemy import Engine, func, select

from storage.people.policy import Act, units_of
from storage.roster.importing import Plan, Row, Scope, plan_of
from storage.roster.writing import RosterMoved, apply
from storage.session import reading_scope, session_scope
from storage.tables import AuditEvent, Role, Unit, UnitKind
from tests.people import ARCHIVES, LANJIANG, MARKET
from tests.units import OFFICE, County, person_with

ACTOR, CODES = "account:li", "统一社会信用代码"
CODE, OTHER_CODE = "11990000000000001G", "11990000000000002K"


@pytest.fixture
def scope(engine: Engine, here: County) -> Scope:
    """What a reviewer of the office may change."""
    with session_scope(engine) as session:
        person = person_with(session, "limin", (Role.REVIEWER, here.office))
    return Scope(units_of(person, Act.CAMPAIGN), here.office, frozenset({here.office.id}))


def rows(*said: dict[str, str]) -> list[Row]:
    return [Row(number, cells) for number, cells in enumerate(said, 2)]


def planned(engine: Engine, scope: Scope, *said: dict[str, str]) -> Plan:
    with reading_scope(engine) as session:
        return plan_of(session, rows(*said), scope)


def brought_in(engine: Engine, scope: Scope, *said: dict[str, str]) -> Plan:
    shown = planned(engine, scope, *said)
    with session_scope(engine) as session:
        return apply(session, rows(*said), scope, shown.digest, ACTOR)


def names(engine: Engine, office: Unit) -> list[str]:
    with reading_scope(engine) as session:
        under = select(Unit.name).where(Unit.supervisor_id == office.id).order_by(Unit.position, Unit.id)
        return list(session.scalars(under))


def events(engine: Engine) -> list[str]:
    with reading_scope(engine) as session:
        return list(session.scalars(select(AuditEvent.action).where(AuditEvent.action.like("unit%"))))


def refusals(plan: Plan) -> list[tuple[int, str]]:
    return [(one.number, one.column) for one in plan.refused]


def test_a_plan_tells_new_changed_unchanged_and_absent_apart(engine: Engine, here: County, scope: Scope) -> None:
    plan = planned(engine, scope, {"name": MARKET, "email": "a@b.cn"}, {"name": "临溪县教育局", "kind": "部门"})
    assert [line.facts.name for line in plan.new] == ["临溪县教育局"]
    assert [(line.facts.name, line.changes) for line in plan.changed] == [(MARKET, {"email": ["", "a@b.cn"]})]
    assert ([one.name for one in plan.absent], plan.unchanged, plan.refused) == ([ARCHIVES], [], [])
    assert (names(engine, here.office), events(engine)) == ([ARCHIVES, MARKET], [])


def test_what_was_shown_is_written_in_one_go_and_on_record(engine: Engine, here: County, scope: Scope) -> None:
    brought_in(engine, scope, {"name": MARKET, "email": "a@b.cn"}, {"name": "临溪县教育局", "kind": "部门"})
    assert names(engine, here.office) == [ARCHIVES, MARKET, "临溪县教育局"], "who is not in the file stays"
    with reading_scope(engine) as session:
        new = session.scalars(select(Unit).where(Unit.name == "临溪县教育局")).one()
        assert (new.kind, new.initials, new.supervisor_id) == (UnitKind.DEPARTMENT, "lxxjyj", here.office.id)
        assert session.get_one(Unit, here.market.id).email == "a@b.cn"
    assert events(engine) == ["units.imported"]


def test_a_file_that_names_everybody_is_the_new_order(engine: Engine, here: County, scope: Scope) -> None:
    said = ({"name": MARKET}, {"name": "临溪县教育局"}, {"name": ARCHIVES})
    assert planned(engine, scope, *said).reorders
    brought_in(engine, scope, *said)
    assert names(engine, here.office) == [MARKET, "临溪县教育局", ARCHIVES]
    again = planned(engine, scope, *said)
    assert (again.does_nothing, len(again.unchanged)) == (True, 3)


def test_a_known_code_under_another_name_is_a_new_name(engine: Engine, here: County, scope: Scope) -> None:
    brought_in(engine, scope, {"name": MARKET, "code": CODE})
    plan = brought_in(engine, scope, {"name": "临溪县市场监管局", "code": CODE.lower()})
    assert [line.changes for line in plan.changed] == [{"name": [MARKET, "临溪县市场监管局"]}]
    with reading_scope(engine) as session:
        assert session.get_one(Unit, here.market.id).initials == "lxxscjgj"


def test_two_units_may_trade_their_names(engine: Engine, here: County, scope: Scope) -> None:
    brought_in(engine, scope, {"name": MARKET, "code": CODE}, {"name": ARCHIVES, "code": OTHER_CODE})
    brought_in(engine, scope, {"name": ARCHIVES, "code": CODE}, {"name": MARKET, "code": OTHER_CODE})
    with reading_scope(engine) as session:
        assert session.get_one(Unit, here.market.id).name == ARCHIVES
        assert session.get_one(Unit, here.archives.id).name == MARKET


def test_an_empty_cell_empties_and_a_missing_column_leaves(engine: Engine, here: County, scope: Scope) -> None:
    brought_in(engine, scope, {"name": MARKET, "email": "a@b.cn", "contact": "王敏"})
    plan = planned(engine, scope, {"name": MARKET, "email": ""})
    assert [line.changes for line in plan.changed] == [{"email": ["a@b.cn", ""]}]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (({"name": "甲局"}, {"name": "甲局"}), [(2, "单位名称"), (3, "单位名称")]),
        (({"name": MARKET}, {"name": MARKET, "email": "a@b.cn"}), [(3, "单位名称")]),
        (({"name": "甲局", "code": CODE}, {"name": "乙局", "code": CODE}), [(2, CODES), (3, CODES)]),
        (({"name": "甲局", "code": CODE[:-1] + "0"},), [(2, CODES)]),
        (({"name": ""},), [(2, "单位名称")]),
        (({"name": "甲局", "kind": "机关"},), [(2, "单位类型")]),
        (({"name": "甲局", "email": "x"},), [(2, "邮箱")]),
        (({"name": "甲局", "supervisor": "没有这个局"},), [(2, "主管单位")]),
        (({"name": "甲局", "supervisor": LANJIANG},), [(2, "主管单位")]),
        (({"name": "甲局", "supervisor": MARKET},), [(2, "主管单位")]),
        (({"name": LANJIANG},), [(2, "单位名称")]),
        (({"name": OFFICE, "supervisor": OFFICE},), [(2, "主管单位")]),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_by_row_and_column_and_nothing_is_written(
    engine: Engine, here: County, scope: Scope, said: tuple[dict[str, str], ...], expected: list[tuple[int, str]]
) -> None:
    plan = planned(engine, scope, *said, {"name": "好的局"})
    assert refusals(plan) == expected
    assert all(one.wrong and one.remedy for one in plan.refused)
    with pytest.raises(RosterMoved), session_scope(engine) as session:
        apply(session, rows(*said, {"name": "好的局"}), scope, plan.digest, ACTOR)
    assert (names(engine, here.office), events(engine)) == ([ARCHIVES, MARKET], [])


def test_a_ring_is_refused_on_every_row_of_it(engine: Engine, here: County) -> None:
    everybody = Scope(select(Unit.id), None)
    ring = (
        {"name": "甲局", "supervisor": "乙局"},
        {"name": "乙局", "supervisor": "丙局"},
        {"name": "丙局", "supervisor": "甲局"},
    )
    assert refusals(planned(engine, everybody, *ring)) == [(2, "主管单位"), (3, "主管单位"), (4, "主管单位")]
    # A ring that the file closes over units that it does not name.
    assert refusals(planned(engine, everybody, {"name": OFFICE, "supervisor": MARKET})) == [(2, "主管单位")]


def test_a_whole_tree_can_be_brought_in_at_once(engine: Engine, here: County) -> None:
    everybody = Scope(select(Unit.id), None)
    brought_in(engine, everybody, {"name": "新区办", "supervisor": OFFICE}, {"name": "甲局", "supervisor": "新区办"})
    with reading_scope(engine) as session:
        office = session.scalars(select(Unit).where(Unit.name == "新区办")).one()
    assert (names(engine, office), office.supervisor_id) == (["甲局"], here.office.id)


def test_what_changed_meanwhile_is_shown_anew_and_nothing_is_written(
    engine: Engine, here: County, scope: Scope
) -> None:
    said = {"name": "临溪县教育局"}
    shown = planned(engine, scope, said)
    with session_scope(engine) as session:
        session.get_one(Unit, here.market.id).contact = "别人刚改的"
    with pytest.raises(RosterMoved) as moved, session_scope(engine) as session:
        apply(session, rows(said), scope, shown.digest, ACTOR)
    assert names(engine, here.office) == [ARCHIVES, MARKET]
    with session_scope(engine) as session:
        apply(session, rows(said), scope, moved.value.plan.digest, ACTOR)
    assert "临溪县教育局" in names(engine, here.office)


def test_other_rows_than_those_shown_are_not_written(engine: Engine, here: County, scope: Scope) -> None:
    shown = planned(engine, scope, {"name": "临溪县教育局"})
    with pytest.raises(RosterMoved), session_scope(engine) as session:
        apply(session, rows({"name": "临溪县别的局"}), scope, shown.digest, ACTOR)


def test_ten_thousand_units_are_brought_in(engine: Engine, here: County, scope: Scope) -> None:
    said = [{"name": f"临溪县第{number}村", "kind": "其他"} for number in range(10_000)]
    brought_in(engine, scope, *said)
    with reading_scope(engine) as session:
        assert session.scalars(select(func.count()).select_from(Unit)).one() == 10_004
