"""A list of accounts: every wrong cell is named, everything is done or nothing, and nobody is forgotten or doubled."""

import pytest
from sqlalchemy import Engine, func, select

from storage import audit
from storage.people.accounts import disable, find_account
from storage.people.checking import Row
from storage.people.importing import Plan, carry_out, plan
from storage.session import reading_scope, session_scope
from storage.tables import Account, Appointment, Role
from tests.people import ARCHIVES, MARKET
from tests.units import ADMINISTRATOR, county, person_with

ACTOR = "account:zhaoqiang"


@pytest.fixture(autouse=True)
def place(engine: Engine) -> None:
    """临溪县, with a clerk whom everybody knows and the administrator who does the import."""
    with session_scope(engine) as session:
        units = county(session)
        person_with(session, "wangfang", (Role.CLERK, units.market))
        person_with(session, "zhaoqiang", (Role.SECURITY, None))


def row(number: int, login: str, role: Role | None = Role.CLERK, unit: str = MARKET, **cells: str) -> Row:
    told = {"person": "陈静", "phone": "", "email": "", **cells}
    return Row(number, login, told["person"], told["phone"], told["email"], unit, role, cells.get("word", ""))


def planned(engine: Engine, *rows: Row, strictly: bool = True) -> Plan:
    with reading_scope(engine) as session:
        return plan(session, rows, ACTOR, strictly=strictly)


def test_who_is_new_is_made_with_all_that_was_said(engine: Engine) -> None:
    rows = (
        row(2, "ChenJing", phone="0571-1", email="chenjing@linxi.gov.cn"),
        row(3, "chenjing", unit=ARCHIVES),
        row(4, "sunli", Role.AUDIT, unit="", person="孙莉"),
    )
    found = planned(engine, *rows)
    assert (found.wrong, [one.login for one in found.new]) == ((), ["chenjing", "sunli"])
    with session_scope(engine) as session:
        made = carry_out(session, found.changes, ACTOR)
    assert (made[0].login, made[0].phone, made[0].email) == ("chenjing", "0571-1", "chenjing@linxi.gov.cn")
    with reading_scope(engine) as session:
        assert audit.verify_chain(session) is None
        account = find_account(session, "chenjing")
        assert account is not None
        held = select(func.count()).select_from(Appointment).where(Appointment.account_id == account.id)
        assert session.scalars(held).one() == 2
    again = planned(engine, *rows)
    assert (again.new, again.altered, again.unchanged) == ([], [], 2)


def test_who_is_there_gets_what_is_new_and_keeps_what_is_not_said(engine: Engine) -> None:
    rows = (row(2, "wangfang", person="", phone="0571-9"), row(3, "wangfang", unit=ARCHIVES, person=""))
    found = planned(engine, *rows)
    [change] = found.altered
    assert (dict(change.altered), change.appointments) == ({"phone": ("", "0571-9")}, ((Role.CLERK, ARCHIVES),))
    with session_scope(engine) as session:
        assert carry_out(session, found.changes, ACTOR) == []
    with reading_scope(engine) as session:
        account = find_account(session, "wangfang")
        assert account is not None
        assert (account.person, account.phone) == ("wangfang先生", "0571-9")


@pytest.mark.parametrize(
    ("rows", "wrong"),
    [
        ([row(2, "")], [(2, "login", "没有填账号")]),
        ([row(2, "x y")], [(2, "login", "账号应是 2 至 64 个")]),
        ([row(2, "chenjing", person="")], [(2, "person", "新账号要填姓名")]),
        ([row(2, "chenjing", unit="没有这个局")], [(2, "unit", "没有名为“没有这个局”的单位")]),
        ([row(2, "chenjing", None, word="领导")], [(2, "role", "没有“领导”这种职责")]),
        ([row(2, "chenjing", None)], [(2, "role", "没有填职责")]),
        ([row(2, "chenjing", unit="")], [(2, "unit", "要填单位")]),
        ([row(2, "chenjing", Role.AUDIT)], [(2, "unit", "不填单位")]),
        ([row(2, "chenjing", email="not an address")], [(2, "email", "不是邮箱地址")]),
        ([row(2, "chenjing"), row(5, " ChenJing ")], [(5, "login", "与第 2 行重复")]),
        ([row(2, "chenjing"), row(3, "chenjing", unit=ARCHIVES, person="陈静静")], [(3, "person", "前后不一致")]),
        ([row(2, "zhaoqiang", Role.SYSTEM, unit="")], [(2, "role", "不能给自己分配职责")]),
        (
            [row(2, "one", Role.AUDIT, unit=""), row(3, "one", Role.SYSTEM, unit="")],
            [(3, "role", "三员分立")],
        ),
        ([row(2, "chenjing", person="陈" * 101)], [(2, "person", "太长")]),
    ],
)
def test_every_wrong_cell_is_named_by_row_and_column(
    engine: Engine, rows: list[Row], wrong: list[tuple[int, str, str]]
) -> None:
    found = planned(engine, *rows)
    assert [(one.number, one.column) for one in found.wrong] == [(number, column) for number, column, _ in wrong]
    for one, (_, _, said) in zip(found.wrong, wrong, strict=True):
        assert said in one.reason


def test_what_only_the_strict_profile_refuses_passes_elsewhere(engine: Engine) -> None:
    rows = (row(2, "one", Role.AUDIT, unit=""), row(3, "one", Role.SYSTEM, unit=""))
    assert planned(engine, *rows).wrong
    assert not planned(engine, *rows, strictly=False).wrong


def test_an_account_out_of_force_is_not_brought_back_by_a_list(engine: Engine) -> None:
    with session_scope(engine) as session:
        account = find_account(session, "wangfang")
        assert account is not None
        disable(session, account, ADMINISTRATOR)
    assert [one.column for one in planned(engine, row(2, "wangfang")).wrong] == ["login"]


def test_one_refusal_in_the_middle_undoes_all(engine: Engine) -> None:
    found = planned(engine, row(2, "chenjing"), row(3, "sunli", person="孙莉"))
    with pytest.raises(ZeroDivisionError), session_scope(engine) as session:
        carry_out(session, found.changes, ACTOR)
        raise ZeroDivisionError
    with reading_scope(engine) as session:
        assert session.scalars(select(func.count()).select_from(Account)).one() == 2
