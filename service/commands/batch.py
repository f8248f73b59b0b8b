"""`nianbao batch`: all documents of a year, started here and watched as on the page; or the batches there were."""

import sys
import time

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from sqlalchemy import Engine, select

from service.batches.words import scope_in_words, seconds_in_words, state_in_words, took, why_left_out
from service.commands.collected import campaign_of
from service.commands.inputs import Unreadable, actor, definitions, open_database, settings
from service.words import moment
from storage.batches import batches, items, moves
from storage.batches.batches import BatchOpen
from storage.batches.items import Outcome
from storage.batches.progress import Progress as Counted
from storage.batches.progress import progress as counted
from storage.making.recipes import recipe_for
from storage.session import reading_scope, session_scope
from storage.settings import Settings
from storage.tables import Batch, BatchState, Campaign, Scope, Unit

LOOK_SECONDS = 1.0
INTERRUPTED = 130
_SHOWN = 20


@click.group(invoke_without_command=True)
@click.option("--year", type=int, help="年度，例如 2024")
@click.option("--office", help="主管单位；只有一个时可以不写")
@click.option(
    "--scope",
    type=click.Choice([one.value for one in Scope]),
    default=Scope.APPROVED.value,
    help="approved：审核通过的（默认）；sent：已报送的，含尚未审核的",
)
@click.pass_context
def batch(ctx: click.Context, year: int | None, office: str | None, scope: str) -> None:
    """生成一个年度全部单位的 Word 和 PDF，并看着它做完；没有变化的直接沿用。

    Ctrl+C 只是不再看，生成照常进行。有没有做成的，退出状态为 1。
    """
    if ctx.invoked_subcommand is not None:
        return
    if year is None:
        raise Unreadable("请写明年度，例如 nianbao batch --year 2024；查看已有的：nianbao batch list")
    told = settings()
    with open_database(told) as engine:
        number = _started(engine, year, office, Scope(scope))
        sys.exit(_watched(engine, told, number))


@batch.command("list")
def list_batches() -> None:
    """列出全部批次，最近的在前。"""
    wanted = select(Batch, Campaign.year, Unit.name).join(Campaign, Campaign.id == Batch.campaign_id)
    named = wanted.join(Unit, Unit.id == Campaign.supervisor_id).order_by(Batch.id.desc())
    with open_database(settings()) as engine, reading_scope(engine) as session:
        lines = [(one, year, office, counted(session, one)) for one, year, office in session.execute(named)]
    for one, year, office, so_far in lines:
        outcome = f"生成 {so_far.done}，失败 {so_far.failed}"
        told = (
            office,
            f"{year}年度",
            f"第 {one.number} 批",
            moment(one.started_at),
            state_in_words(one.state)[0],
            outcome,
        )
        click.echo("\t".join(told))
    if not lines:
        click.echo("还没有生成过。开始：nianbao batch --year 年度")


def _started(engine: Engine, year: int, office: str | None, scope: Scope) -> int:
    with reading_scope(engine) as session:
        campaign = campaign_of(session, year, office)
        known = definitions()
        recipe = recipe_for(known, known[f"{campaign.definition}/{campaign.edition}"], session)
        lines = batches.lines_of(session, campaign, scope)
    try:
        with session_scope(engine) as session:
            new = batches.start(session, campaign, scope, recipe, actor(), lines)
            click.echo(f"第 {new.number} 批开始：{scope_in_words(scope)}，{len(lines)} 个单位。", err=True)
            return new.id
    except BatchOpen as other:
        click.echo(f"第 {other.number} 批还没有完成，没有另开一批，接着看它的进展。", err=True)
        with reading_scope(engine) as session:
            return session.scalars(select(Batch.id).where(Batch.public_id == other.public_id)).one()


def _watched(engine: Engine, told: Settings, number: int) -> int:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    console = Console(stderr=True)
    try:
        with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
            _follow(engine, told, number, bar, bar.add_task("生成文件"))
    except KeyboardInterrupt:
        click.echo("不再看了；这一批照常在后台生成。再看：运行同样的命令，或打开网页的“批次”。", err=True)
        return INTERRUPTED
    return _summed_up(engine, number)


def _follow(engine: Engine, told: Settings, number: int, bar: Progress, task: TaskID) -> None:
    """Until the batch is through, pauses, or was cancelled."""
    alone = False
    while True:
        with reading_scope(engine) as session:
            one = session.get_one(Batch, number)
            so_far, workers = counted(session, one), len(items.crew(session, told.stale_seconds))
        bar.update(task, total=so_far.total, completed=so_far.done + so_far.failed, description=_line(so_far))
        if one.state is not BatchState.RUNNING:
            return
        if not so_far.to_do:
            with session_scope(engine) as session:
                moves.close_if_through(session, session.get_one(Batch, number))
            continue
        if not workers and not alone:
            bar.console.print("没有生成进程在运行，任务都已保存。启动：nianbao up，或 nianbao worker --lane batch")
        alone = not workers
        time.sleep(LOOK_SECONDS)


def _line(so_far: Counted) -> str:
    left = f"，约 {seconds_in_words(so_far.seconds_left)}" if so_far.seconds_left else ""
    return f"生成文件（失败 {so_far.failed}{left}）" if so_far.failed else f"生成文件{left}"


def _summed_up(engine: Engine, number: int) -> int:
    with reading_scope(engine) as session:
        one = session.get_one(Batch, number)
        so_far, missing = counted(session, one), items.left_out(session, one)
        failed = items.lines(session, one, _SHOWN, outcome=Outcome.FAILED)
    for line in failed:
        click.secho(f"✗ {line.unit.name}", fg="red", err=True)
        click.echo(f"    {line.job.error_for_person if line.job else ''}（任务编号 {line.item.job_id}）", err=True)
    if so_far.failed > len(failed):
        click.echo(f"    还有 {so_far.failed - len(failed)} 个，见网页的“批次”", err=True)
    reasons = "".join(f"；{why_left_out(reason)} {number}" for reason, number in missing.items())
    ended = f"，用时 {took((one.finished_at - one.started_at).total_seconds())}" if one.finished_at else ""
    made = f"生成 {so_far.done} 份（沿用 {so_far.reused}），没有生成 {so_far.failed + so_far.cancelled} 份"
    click.echo(f"第 {one.number} 批{state_in_words(one.state)[0]}：{made}{reasons}{ended}。")
    return 1 if so_far.failed or one.state is not BatchState.FINISHED else 0
