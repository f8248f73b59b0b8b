"""`nianbao audit`: whether the record of who did what is as it was written."""

import sys

import click
from sqlalchemy import func, select

from service.commands.inputs import open_database, settings
from storage.audit import verify_chain
from storage.session import reading_scope
from storage.tables import AuditEvent


@click.group()
def audit() -> None:
    """操作记录。"""


@audit.command()
def check() -> None:
    """逐条核对操作记录是否被改动、删除或插入。完好退出状态为 0，否则为 1。"""
    with open_database(settings()) as engine, reading_scope(engine) as session:
        breach = verify_chain(session)
        events = session.scalar(select(func.count()).select_from(AuditEvent))
    if breach:
        click.secho(f"{breach}。请保留现场，与备份核对。", fg="red")
    else:
        click.secho(f"完好，共 {events} 条。", fg="green")
    sys.exit(breach is not None)
