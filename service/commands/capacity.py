"""`nianbao capacity`: how many worker processes so many units take, from what was measured here."""

import json
from pathlib import Path

import click
from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError

from service.capacity import DEFAULT_HOURS, STATED_BYTES, STATED_SECONDS, Measured, Plan, measured, plan
from service.commands.inputs import settings
from storage.session import make_engine, reading_scope
from storage.settings import Settings


@click.command()
@click.option("--units", type=click.IntRange(1, 1_000_000), required=True, help="应报单位数")
@click.option(
    "--hours", type=click.FloatRange(0.1, 1000), default=DEFAULT_HOURS, show_default=True, help="几小时内做完"
)
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出")
def capacity(units: int, hours: float, as_json: bool) -> None:
    """按本机已做文件的实际用时，算出需要几个生成进程、多少内存和磁盘。"""
    planned = plan(_measured(settings()), units, hours)
    click.echo(json.dumps(planned.to_json(), ensure_ascii=False, indent=2) if as_json else _told(planned))


def _measured(told: Settings) -> Measured:
    stated = Measured(STATED_SECONDS, STATED_BYTES, 0)
    url = make_url(told.database_url)
    # Opening it would make one.
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
        return stated
    engine = make_engine(told)
    try:
        with reading_scope(engine) as session:
            return measured(session)
    except SQLAlchemyError:
        return stated
    finally:
        engine.dispose()


def _told(planned: Plan) -> str:
    one = planned.measured
    source = f"最近 {one.documents} 份的中位数" if one.documents else "本机做过的文件还不到 20 份，先按保守的默认值"
    return "\n".join(
        (
            f"每份用时 {one.seconds:.2f} 秒（{source}）",
            f"{planned.units} 个单位，{planned.hours:g} 小时内做完，留一半余量：",
            f"  批量生成进程 {planned.batch_workers} 个，全力时约 {planned.batch_seconds / 60:.0f} 分钟做完",
            f"  预览生成进程 {planned.preview_workers} 个",
            f"  生成进程共用内存约 {planned.megabytes / 1024:.1f} GB，每个进程最好有一个空闲的核心",
            f"  一个年度的文件约 {planned.disk_bytes / 1e9:.1f} GB",
        )
    )
