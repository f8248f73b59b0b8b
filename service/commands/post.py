"""`nianbao post`: hands reminders that are due to the mail server."""

import click

from service.commands.inputs import database_trouble, settings
from service.journal import start_logging


@click.command()
@click.option("--once", is_flag=True, help="只发现在该发的，发完即止")
def post(once: bool) -> None:
    """发送催报邮件；全部机器只需一个，多开无害。Ctrl+C 停止。"""
    from sqlalchemy.exc import SQLAlchemyError

    from workers import post as office

    told = settings()
    if not told.smtp_host:
        raise click.ClickException(
            "还没有设置邮件服务器。请设置 NIANBAO_SMTP_HOST 和 NIANBAO_SMTP_FROM，见 docs/operating.md"
        )
    start_logging()
    try:
        if once:
            click.echo(f"已处理 {office.run_once(told)} 封。")
        else:
            office.run_forever(told)
    except SQLAlchemyError as error:
        raise database_trouble(error) from error
