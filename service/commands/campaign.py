"""`nianbao campaign`: one year's collection by one office: begun, listed, closed."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

import click
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from reports.definition import Definition
from service.commands.inputs import DefinitionType, Unreadable, actor, open_database, settings
from storage.roster import campaigns
from storage.roster.entries import contradictions
from storage.session import session_scope
from storage.tables import Campaign, RosterEntry, Unit

_DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def campaign() -> None:
    """年度填报：建立、列出、结束。"""


@campaign.command("open")
@click.argument("office")
@click.argument("definition", type=DefinitionType())
@click.argument("year", type=int)
@click.option("--due", required=True, type=_DAY, help="报送截止日（含当日），例如 2026-01-26")
@click.option("--publish-by", required=True, type=_DAY, help="公布截止日（含当日），例如 2026-01-31")
@click.option("--exempt", multiple=True, metavar="单位", help="不列入的下属单位；可写多次")
def open_(
    office: str, definition: Definition, year: int, due: datetime, publish_by: datetime, exempt: Sequence[str]
) -> None:
    """为主管单位 OFFICE 建立 YEAR 年度的填报，它的全部下属单位都列入，--exempt 的除外。"""
    if wrong := contradictions(year, due.date(), publish_by.date()):
        raise Unreadable("".join(wrong.values()))
    if not definition.first_year <= year <= 2099:
        raise Unreadable(f"年度应在 {definition.first_year} 至 2099 之间，请核对")
    with _database() as session:
        here = _unit(session, office)
        units = _expected(session, here, exempt)
        opened = campaigns.open_campaign(session, here, definition, year, due.date(), publish_by.date(), units, actor())
    click.echo(f"已建立：{here.name}，{year}年度，{len(units)} 个单位，{opened.due_on} 前报送。编号 {opened.public_id}")


@campaign.command("list")
def list_campaigns() -> None:
    """列出全部年度填报，最近的在前。"""
    many = select(func.count()).where(RosterEntry.campaign_id == Campaign.id).scalar_subquery()
    wanted = select(Campaign, Unit.name, many).join(Unit, Unit.id == Campaign.supervisor_id)
    with _database() as session:
        found = session.execute(wanted.order_by(Campaign.year.desc(), Campaign.id)).all()
    for one, office, units in found:
        state = "已结束" if one.closed_at else "进行中"
        told = (one.public_id, office, f"{one.year}年度", f"{units} 个单位", f"{one.due_on} 截止", state)
        click.echo("\t".join(told))
    if not found:
        click.echo("还没有年度填报。建立：nianbao campaign open 主管单位 报告定义 年度 --due 日期 --publish-by 日期")


@campaign.command()
@click.argument("public_id")
def close(public_id: str) -> None:
    """结束编号为 PUBLIC_ID 的年度填报：不能再开始新的报告，已经开始的可以填完。"""
    with _database() as session:
        found = campaigns.find_campaign(session, public_id)
        if found is None:
            raise Unreadable(f"没有编号为“{public_id}”的年度填报。查看全部：nianbao campaign list")
        if not campaigns.close_campaign(session, found, actor()):
            raise Unreadable("这一年度填报已经结束。")
    click.echo("已结束。")


def _expected(session: Session, office: Unit, exempt: Sequence[str]) -> Sequence[Unit]:
    units = session.scalars(
        select(Unit).where(Unit.supervisor_id == office.id, Unit.ended_on.is_(None)).order_by(Unit.id)
    ).all()
    if strange := set(exempt) - {unit.name for unit in units}:
        raise Unreadable(f"下属单位里没有：{'、'.join(sorted(strange))}。请核对名称")
    expected = [unit for unit in units if unit.name not in exempt]
    if not expected:
        raise Unreadable(f"“{office.name}”还没有下属单位，请先建立单位")
    return expected


def _unit(session: Session, name: str) -> Unit:
    found = session.scalar(select(Unit).where(Unit.name == name))
    if found is None:
        raise Unreadable(f"没有名为“{name}”的单位，请核对名称")
    return found


@contextmanager
def _database() -> Iterator[Session]:
    try:
        with open_database(settings()) as engine, session_scope(engine) as session:
            yield session
    except campaigns.CampaignExists as error:
        raise Unreadable(error.for_person) from error
