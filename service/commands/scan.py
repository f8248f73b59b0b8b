"""`nianbao scan`: whether every kept document is there and as it was written, and what lies about unnamed."""

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict

import click
from sqlalchemy import Engine

from service.commands.inputs import actor, open_database, settings
from storage.files import DocumentFiles
from storage.making import remaking
from storage.safekeeping import scan as integrity
from storage.safekeeping.scan import Found, Trouble
from storage.session import reading_scope, session_scope

_WORDS = {
    Trouble.MISSING: "缺失：数据库有记录，文件不在",
    Trouble.DAMAGED: "损坏：内容与写入时不同",
    Trouble.UNREADABLE: "打不开",
    Trouble.ORPHAN: "无主：没有记录提到它",
}


@click.command()
@click.option("--grace-hours", type=click.FloatRange(0), default=24, show_default=True, help="多久以内的无主文件不算")
@click.option("--remove-orphans", is_flag=True, help="删除无主的文件")
@click.option("--again", is_flag=True, help="重新制作缺失和损坏的文件")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出")
def scan(grace_hours: float, remove_orphans: bool, again: bool, as_json: bool) -> None:
    """逐个读取全部文档，与数据库核对。全部完好退出状态为 0，有问题为 1；已删除的无主文件不算问题。"""
    told = settings()
    files = DocumentFiles(told)
    with open_database(told) as engine:
        found = list(integrity.scan(engine, files, grace_hours * 3600))
        ordered = _make_again(engine, files, found) if again else 0
    if remove_orphans:
        integrity.remove_orphans(files, found)
    _tell(found, remove_orphans, as_json)
    if again:
        click.echo(f"重新制作 {ordered} 份报告的文件，完成后请再核对一次。", err=True)
    sys.exit(any(one.trouble is not Trouble.ORPHAN or not remove_orphans for one in found))


def in_words(trouble: Trouble) -> str:
    """What is wrong with a file, for a person."""
    return _WORDS[trouble]


def _make_again(engine: Engine, files: DocumentFiles, found: Sequence[Found]) -> int:
    """How many jobs begin anew. The sweeper tells the workers."""
    with reading_scope(engine) as session:
        spoilt = remaking.spoilt_jobs(session, found)
    ordered = 0
    for job_id in spoilt:
        # One transaction each: the history's lock is held to its end.
        with session_scope(engine) as session:
            ordered += remaking.make_again(session, files, job_id, actor())
    return ordered


def _tell(found: Sequence[Found], removed: bool, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps([asdict(one) for one in found], ensure_ascii=False, indent=2))
        return
    for one in found:
        gone = "，已删除" if removed and one.trouble is Trouble.ORPHAN else ""
        click.echo(f"  {one.storage_key}  {_WORDS[one.trouble]}（{one.detail}）{gone}")
    if any(one.trouble in (Trouble.MISSING, Trouble.DAMAGED, Trouble.UNREADABLE) for one in found):
        click.secho("请从备份恢复这些文件，或用 nianbao scan --again 重新制作。", fg="red")
    if not found:
        click.secho("全部完好。", fg="green")
