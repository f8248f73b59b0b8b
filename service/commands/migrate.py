"""`nianbao migrate`: the database as today's code wants it."""

import click
from sqlalchemy.exc import SQLAlchemyError

from service.commands.inputs import settings
from storage.migrations import upgrade


@click.command()
def migrate() -> None:
    """建立数据库，或升级到当前版本；已是当前版本的不变。原有数据保留。"""
    try:
        upgrade(settings())
    except SQLAlchemyError as error:
        raise click.ClickException(f"数据库没有升级成功（{error}）。请检查 NIANBAO_DATABASE_URL 和权限") from error
    click.echo("数据库已是当前版本。")
