"""`nianbao worker`: a process (or several) that makes documents for one lane."""

import click

from service.commands.inputs import settings
from service.journal import start_logging
from storage.tables import Lane
from workers.errors import DocumentFailed


@click.command()
@click.option("--lane", type=click.Choice([lane.value for lane in Lane]), required=True, help="预览、批量或隔离")
@click.option("--concurrency", type=click.IntRange(1), default=1, show_default=True, help="同时做几份")
def worker(lane: str, concurrency: int) -> None:
    """启动文档生成进程。预览（preview）有人在等；批量（batch）同时处理隔离的文档。Ctrl+C 停止。"""
    # Loaded here: Celery takes half a second, and only this command needs it.
    from workers.app import run_worker

    start_logging()
    try:
        run_worker(settings(), Lane(lane), concurrency)
    except DocumentFailed as error:
        raise click.ClickException(f"{error.for_person}（{error.for_operator}）") from error
