"""`nianbao archive`: all documents of a campaign in one ZIP, and whether a ZIP is what it says."""

import errno
import json
import sys
from dataclasses import asdict
from pathlib import Path

import click
from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from reports.faces.manifest import COUNTS, COVERAGE, MADE_AT, MADE_BY, TITLE
from service.archives.checking import Fault, Verdict
from service.archives.checking import check as checked
from service.archives.issuing import ordered, record
from service.archives.keeping import NoRoom, keep
from service.archives.naming import FORMATS
from service.archives.opening import ArchiveRefused
from service.archives.packing import pack
from service.archives.proving import prove
from service.commands.collected import campaign_of
from service.commands.inputs import Unreadable, actor, definitions, open_database, settings
from storage.batches.batches import batches_of
from storage.files import DocumentFiles
from storage.session import make_engine, reading_scope, session_scope
from storage.settings import Settings
from storage.stores import StoreUnavailable
from storage.tables import Batch, Campaign

_WORDS = {
    Fault.MISSING: "缺少",
    Fault.EXTRA: "多出",
    Fault.RENAMED: "改名",
    Fault.DIFFERENT: "内容不同",
    Fault.UNREADABLE: "读不出",
    Fault.LIST: "清单不一致",
    Fault.DATABASE: "与数据库不符",
}
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@click.group()
def archive() -> None:
    """归档：把一个年度的文件打成一个 ZIP，附清单；核对一个 ZIP。"""


@archive.command()
@click.option("--year", type=int, required=True, help="年度，例如 2024")
@click.option("--office", help="主管单位；只有一个时可以不写")
@click.option("--batch", type=int, help="只收第几批做出的文件；不写则收审核通过的报告最后一次做出的文件")
@click.option("--only", type=click.Choice(["pdf", "word"]), help="只要一种格式")
@click.option("--out", required=True, type=click.Path(path_type=Path, file_okay=False), help="放在哪个文件夹")
def make(year: int, office: str | None, batch: int | None, only: str | None, out: Path) -> None:
    """做一个归档。不完整的照做，文件名和清单里写明缺什么。"""
    told = settings()
    files, scope = DocumentFiles(told), only or next(iter(FORMATS))
    with open_database(told) as engine:
        with reading_scope(engine) as session:
            campaign = campaign_of(session, year, office)
            chosen = _batch(session, campaign, batch) if batch else None
            order, holdings = ordered(session, definitions(), campaign, chosen, scope, actor())

        def note() -> None:
            with session_scope(engine) as session:
                record(session, order, packed, actor())

        try:
            packed = pack(files, order, holdings)
            path = keep(packed, files, out, note)
        except NoRoom as error:
            raise click.ClickException(error.for_person) from error
        except StoreUnavailable as error:
            raise click.ClickException(f"存放文件的地方没有回应（{error.strerror}），没有做成，请稍后再试") from error
        except OSError as error:
            if error.errno in _FULL:
                raise click.ClickException(NoRoom(out, packed.length).for_person) from error
            raise
    click.echo(f"已做好：{path}")
    click.echo(f"{packed.manifest.head[COUNTS]}；共 {len(packed.checked)} 个文件，{path.stat().st_size} 字节。")
    if packed.missing:
        click.secho(f"不完整，缺 {packed.missing} 个单位，原因见清单 manifest.xlsx。", fg="yellow")


@archive.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出")
def check(file: Path, as_json: bool) -> None:
    """核对归档 FILE：与它自己的清单，本机有数据库时也与数据库。

    相符退出状态为 0，有不符为 1，不是归档、打不开或不安全为 2。
    """
    told = settings()
    try:
        verdict = checked(file)
    except ArchiveRefused as error:
        raise Unreadable(f"{file}：{error.for_person}") from error
    _ask_database(told, verdict)
    _tell_json(verdict) if as_json else _tell(verdict)
    sys.exit(bool(verdict.differences))


def _batch(session: Session, campaign: Campaign, number: int) -> Batch:
    for batch in batches_of(session, campaign):
        if batch.number == number:
            return batch
    raise Unreadable(f"没有第 {number} 批。查看全部：nianbao batch list")


def _ask_database(told: Settings, verdict: Verdict) -> None:
    url = make_url(told.database_url)
    # Opening it would make one.
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
        verdict.notes.append("本机没有数据库，只与归档自己的清单作了核对。")
        return
    engine = make_engine(told)
    try:
        with reading_scope(engine) as session:
            prove(session, verdict)
    except SQLAlchemyError:
        verdict.notes.append("数据库用不了，只与归档自己的清单作了核对。")
    finally:
        engine.dispose()


def _tell_json(verdict: Verdict) -> None:
    told = {
        "head": dict(verdict.manifest.head),
        "manifest_sha256": verdict.manifest_sha256,
        "files": verdict.files,
        "complete": verdict.is_complete,
        "differences": [asdict(one) for one in verdict.differences],
        "notes": verdict.notes,
    }
    click.echo(json.dumps(told, ensure_ascii=False, indent=2))


def _tell(verdict: Verdict) -> None:
    head = verdict.manifest.head
    click.echo(
        f"{head[TITLE]}\n{head[MADE_AT]} 由 {head[MADE_BY]} 取得；{head[COUNTS]}；清单列有 {verdict.files} 个文件。"
    )
    for one in verdict.differences:
        detail = f"（{one.detail}）" if one.detail else ""
        click.secho(f"  ✗ {_WORDS[one.fault]}：{one.name}{detail}", fg="red")
    for note in verdict.notes:
        click.echo(f"  · {note}")
    if verdict.differences:
        click.secho(f"有 {len(verdict.differences)} 处不符，见上。", fg="red")
    elif verdict.is_complete:
        click.secho("全部相符，是完整的归档。", fg="green")
    else:
        click.secho(f"全部相符；这份归档本身{head[COVERAGE]} 个单位。", fg="yellow")
