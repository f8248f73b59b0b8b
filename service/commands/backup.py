"""`nianbao backup`: everything in one file, while everything runs."""

from pathlib import Path

import click
from sqlalchemy.exc import SQLAlchemyError

from service.commands.inputs import database_trouble, settings
from storage.safekeeping.backup import Backup, BackupRunning, NothingToBackUp, copy_secret, make_backup
from storage.safekeeping.dumps import DumpFailed
from storage.safekeeping.restoring import BackupRefused, examined


@click.command()
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="备份放在哪个文件夹")
@click.option("--keep", type=click.IntRange(1), default=14, show_default=True, help="保留最近几份，更早的删除")
@click.option("--key-to", type=click.Path(dir_okay=False, path_type=Path), help="把会话密钥另存为这个文件")
@click.option("--check", is_flag=True, help="做好以后逐字节读一遍")
def backup(out: Path, keep: int, key_to: Path | None, check: bool) -> None:
    """备份数据库、文档和上传的模板，服务照常运行。完好退出状态为 0；备份做成、但有文档早已损坏的，为 1。

    会话密钥不在备份里，另行保管；丢了只是所有人要重新登录。
    """
    told = settings()
    try:
        made = make_backup(told, out.absolute(), keep)
        if check:
            examined(made.file)
    except (NothingToBackUp, BackupRunning, DumpFailed, BackupRefused) as error:
        raise click.ClickException(error.for_person) from error
    except SQLAlchemyError as error:
        raise database_trouble(error) from error
    _tell(made, checked=check)
    if key_to and not copy_secret(told, key_to):
        click.echo("会话密钥由设置给出，或还没有生成，没有另存。", err=True)
    if made.manifest.troubles:
        raise SystemExit(1)


def _tell(made: Backup, *, checked: bool) -> None:
    click.echo(f"{made.file}")
    files = len(made.manifest.files) - 1
    words = "，已逐字节核对" if checked else ""
    click.secho(f"备份完成：{files} 份文件，{made.bytes / 1e6:.1f} MB，{made.seconds:g} 秒{words}。", fg="green")
    for name, why in made.manifest.troubles.items():
        click.echo(f"  {name} 没有备份：{why}", err=True)
    if made.manifest.troubles:
        click.secho("这些文件在备份以前就已损坏或丢失，请执行 nianbao scan --again。", fg="red", err=True)
