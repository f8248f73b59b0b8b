"""`nianbao restore`: a backup brought back into an empty place, led to today's tables, and looked through."""

from datetime import datetime
from pathlib import Path

import click
from sqlalchemy.exc import SQLAlchemyError

from service.commands.inputs import Unreadable, actor, database_trouble, open_database
from service.commands.scan import in_words
from service.machine import only_one
from service.supervisor import NotStarted
from storage.audit import verify_chain
from storage.files import DocumentFiles
from storage.safekeeping import restoring
from storage.safekeeping.backup import Manifest
from storage.safekeeping.dumps import DumpFailed
from storage.safekeeping.restoring import BackupRefused, Restored
from storage.safekeeping.scan import scan
from storage.session import reading_scope
from storage.settings import Settings, SettingsRefused, load_settings


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--into", type=click.Path(file_okay=False, path_type=Path), required=True, help="恢复到哪个数据目录")
@click.option("--set-aside", is_flag=True, help="那里已有数据时，把它改名留在一旁，再恢复")
def restore(file: Path, into: Path, set_aside: bool) -> None:
    """从备份恢复：先查验备份，再恢复到空的地方，升级到当前版本，核对全部文档和操作记录。

    PostgreSQL 的，NIANBAO_DATABASE_URL 指向一个空库。先停下那里的全部服务。全部完好退出状态为 0，否则为 1。
    """
    told = _settings(into)
    try:
        with only_one(told.data_dir):
            done = restoring.restore(told, file.absolute(), actor(), make_room=set_aside)
            fine = _looked_through(told, done)
    except (BackupRefused, DumpFailed, NotStarted) as error:
        raise click.ClickException(error.for_person) from error
    except SQLAlchemyError as error:
        raise database_trouble(error) from error
    if not fine:
        raise SystemExit(1)


def _settings(into: Path) -> Settings:
    try:
        return load_settings(data_dir=into)
    except SettingsRefused as error:
        raise Unreadable(error.for_person) from error


def _looked_through(told: Settings, done: Restored) -> bool:
    """Say what came back, and what did not."""
    for place in done.aside:
        click.echo(f"原有的改名为：{place}")
    with open_database(told) as engine:
        found = list(scan(engine, DocumentFiles(told), 0))
        with reading_scope(engine) as session:
            breach = verify_chain(session)
    manifest = done.manifest
    click.echo(
        f"已恢复到 {told.data_dir}：{len(manifest.files) - 1} 份文件，未完成的任务 {manifest.unfinished_jobs} 个。"
    )
    newest = manifest.newest_event
    last = (
        f"其中最后一次操作在 {_moment(newest['at'])}（第 {newest['number']} 条记录）" if newest else "其中没有操作记录"
    )
    click.echo(f"备份做于 {_moment(manifest.at)}，{last}。这以后的操作不在备份里。")
    for one in found:
        click.echo(f"  {one.storage_key}  {in_words(one.trouble)}（{one.detail}）")
    if breach:
        click.secho(f"{breach}。请换一份备份核对。", fg="red")
    if found:
        click.secho("启动服务以后，请执行 nianbao scan --again 重新制作。", fg="red")
    if not found and breach is None:
        click.secho("文档和操作记录全部完好，可以启动服务。所有人需要重新登录。", fg="green")
    return not found and breach is None


def _newest(manifest: Manifest) -> str:
    event = manifest.newest_event
    return f"最后一次操作在 {_moment(event['at'])}（第 {event['number']} 条记录）" if event else "其中没有操作记录"


def _moment(told: str) -> str:
    return f"{datetime.fromisoformat(told).astimezone():%Y-%m-%d %H:%M:%S}"
