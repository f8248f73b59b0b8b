"""`nianbao unit import`: a roster from a spreadsheet, shown before it is written."""

from pathlib import Path

import click
from sqlalchemy import select

from service.commands.inputs import Unreadable, actor, open_database, settings
from service.rosters.package import RosterRefused
from service.rosters.reading import all_refused, read_roster
from storage.roster.importing import COLUMNS, Plan, Refused, Row, Scope, plan_of
from storage.roster.units import find_unit
from storage.roster.writing import RosterMoved, apply
from storage.session import reading_scope, session_scope
from storage.tables import Unit


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--supervisor", metavar="单位", help="没有写主管单位的新单位归它主管，全称")
@click.option("--apply", "write", is_flag=True, help="写入；不加时只显示对照")
def import_(file: Path, supervisor: str | None, write: bool) -> None:
    """从 FILE（.xlsx）导入单位名单：先逐行对照；有一行不对，整份都不写入。"""
    try:
        rows, unread = read_roster(file.read_bytes(), file.name)
    except RosterRefused as error:
        raise Unreadable(error.for_person) from error
    with open_database(settings()) as engine:
        with reading_scope(engine) as session:
            home = find_unit(session, supervisor) if supervisor else None
            if supervisor and home is None:
                raise Unreadable(f"没有名为“{supervisor}”的单位。查看全部：nianbao unit list")
            scope = Scope(select(Unit.id), home)
            plan = plan_of(session, rows, scope)
        _tell(plan, all_refused(unread, plan.refused))
        if not write:
            click.echo("什么都没有写入；加 --apply 写入。")
            return
        try:
            with session_scope(engine) as session:
                apply(session, rows, scope, plan.digest, actor())
        except RosterMoved as error:
            raise click.ClickException("刚才有人改动了单位，什么都没有写入；请再运行一次。") from error
    click.echo("已写入。")


def _tell(plan: Plan, refused: list[Refused]) -> None:
    for line in plan.new:
        click.echo(f"+ {line.facts.name}（{_row(line.row)}）")
    for line in plan.changed:
        changes = "；".join(
            f"{COLUMNS[name]}：{was or '（空）'} → {now or '（空）'}" for name, (was, now) in line.changes.items()
        )
        click.echo(f"~ {line.unit.name if line.unit else ''}（{_row(line.row)}）：{changes}")
    for one in refused:
        click.echo(f"! 第 {one.number} 行，{one.column}：{one.wrong}{one.remedy}", err=True)
    click.echo(
        f"新增 {len(plan.new)}，更改 {len(plan.changed)}，不变 {len(plan.unchanged)}，"
        f"不在表里 {len(plan.absent)}，不对 {len(refused)}。"
    )
    if refused:
        raise Unreadable("有不对的地方，什么都没有写入。请在文件里改正，再运行一次")


def _row(row: Row) -> str:
    return f"第 {row.number} 行"
