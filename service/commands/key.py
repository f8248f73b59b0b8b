"""`nianbao key`: API keys, which programs and, for now, people sign in with."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from service.commands.inputs import Unreadable, actor, open_database, settings
from storage.people import keys
from storage.session import session_scope
from storage.tables import ApiKey


@click.group()
def key() -> None:
    """接口密钥：新建、列出、停用。"""


@key.command()
@click.argument("name")
def create(name: str) -> None:
    """新建名为 NAME 的密钥。密钥只在这里显示一次，请立即保存。"""
    name = name.strip()
    if not name or len(name) > 100 or not name.isprintable():
        raise Unreadable("名称应是 1 至 100 个字，例如：教育局系统")
    with _database() as session:
        click.echo(keys.create_key(session, name, actor()))


@key.command("list")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出")
def list_keys(as_json: bool) -> None:
    """列出全部密钥（不显示密钥本身）。"""
    with _database() as session:
        found = session.scalars(select(ApiKey).order_by(ApiKey.id)).all()
    told = [
        {
            "name": one.name,
            "created_at": one.created_at.isoformat(timespec="seconds"),
            "revoked_at": one.revoked_at and one.revoked_at.isoformat(timespec="seconds"),
        }
        for one in found
    ]
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    for line in told:
        state = f"已停用（{line['revoked_at']}）" if line["revoked_at"] else "有效"
        click.echo(f"{line['name']}\t{line['created_at']}\t{state}")
    if not told:
        click.echo("还没有密钥。新建：nianbao key create 名称")


@key.command()
@click.argument("name")
def revoke(name: str) -> None:
    """停用名为 NAME 的密钥；立即生效，不能恢复。"""
    with _database() as session:
        if not keys.revoke_key(session, name, actor()):
            raise Unreadable(f"没有名为“{name}”的有效密钥。查看全部：nianbao key list")
    click.echo(f"“{name}”已停用。")


@contextmanager
def _database() -> Iterator[Session]:
    try:
        with open_database(settings()) as engine, session_scope(engine) as session:
            yield session
    except keys.KeyNameTaken as error:
        raise Unreadable(error.for_person) from error
