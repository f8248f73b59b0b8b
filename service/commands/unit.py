"""`nianbao unit`: the units whose reports are collected, and who supervises them."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

import click
from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from service.commands.inputs import Unreadable, actor, open_database, settings
from service.commands.unit_import import import_
from storage.roster import units
from storage.roster.units import UnitNotKept
from storage.session import session_scope
from storage.tables import Unit

_supervisor = click.option("--supervisor", metavar="单位", help="收集和审核它的报告的主管机关，全称")


@click.group()
def unit() -> None:
    """单位：新建、列出、更改、从 Excel 导入。"""


unit.add_command(import_)


@unit.command()
@click.argument("name")
@click.option("--code", default="", help="统一社会信用代码")
@_supervisor
@click.option("--contact", default="", help="填报人可以联系谁：姓名和电话")
def add(name: str, code: str, supervisor: str | None, contact: str) -> None:
    """新建名为 NAME 的单位。"""
    with _database() as session:
        units.add_unit(session, name, actor(), code, _find(session, supervisor), contact)
    click.echo(f"已新建“{name.strip()}”。")


@unit.command()
@click.argument("name")
@_supervisor
@click.option("--contact", help="填报人可以联系谁：姓名和电话")
def change(name: str, supervisor: str | None, contact: str | None) -> None:
    """更改名为 NAME 的单位的主管机关或联系人。"""
    with _database() as session:
        units.change_unit(session, _must_find(session, name), actor(), _find(session, supervisor), contact)
    click.echo("已更改。")


@unit.command("list")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出")
def list_all(as_json: bool) -> None:
    """列出全部单位。"""
    above = aliased(Unit)
    wanted = select(Unit, above.name).outerjoin(above, above.id == Unit.supervisor_id).order_by(Unit.id)
    with _database() as session:
        found = session.execute(wanted).all()
    told = [
        {"name": one.name, "code": one.code, "supervisor": supervisor, "contact": one.contact}
        for one, supervisor in found
    ]
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    for line in told:
        click.echo("\t".join(value or "" for value in line.values()))
    if not told:
        click.echo("还没有单位。新建：nianbao unit add 名称 --supervisor 主管机关")


def _find(session: Session, name: str | None) -> Unit | None:
    return None if name is None else _must_find(session, name)


def _must_find(session: Session, name: str) -> Unit:
    if (found := units.find_unit(session, name)) is None:
        raise Unreadable(f"没有名为“{name}”的单位。查看全部：nianbao unit list")
    return found


@contextmanager
def _database() -> Iterator[Session]:
    try:
        with open_database(settings()) as engine, session_scope(engine) as session:
            yield session
    except UnitNotKept as error:
        raise Unreadable(error.for_person) from error
