"""`nianbao sweep`: hands out what waits and takes back what was lost, for all workers."""

import click

from service.commands.inputs import database_trouble, settings
from service.journal import start_logging


@click.command()
@click.option("--once", is_flag=True, help="只做一遍")
def sweep(once: bool) -> None:
    """派发等候的任务，收回失联进程手里的任务；全部机器只需一个，多开无害。Ctrl+C 停止。"""
    # Loaded here: the message library takes a moment, and only this command needs it.
    from kombu.exceptions import OperationalError
    from sqlalchemy.exc import SQLAlchemyError

    from workers import sweeper

    start_logging()
    try:
        (sweeper.run_once if once else sweeper.run_forever)(settings())
    except OperationalError as error:
        raise click.ClickException(f"Redis 连不上（{error}）。请检查 NIANBAO_REDIS_URL，或先启动 Redis") from error
    except SQLAlchemyError as error:
        raise database_trouble(error) from error
