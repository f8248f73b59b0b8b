"""`nianbao post`: hands reminders that are due to the mail server."""

from datetime import UTC, datetime

import click

from service.commands.inputs import database_trouble, settings
from service.journal import start_logging
from storage.settings import Settings


@click.command()
@click.option("--once", is_flag=True, help="只发现在该发的，发完即止")
@click.option("--try", "address", metavar="邮箱", help="给这个邮箱试发一封，看邮件设置对不对")
def post(once: bool, address: str | None) -> None:
    """发送催报邮件；全部机器只需一个，多开无害。Ctrl+C 停止。"""
    from sqlalchemy.exc import SQLAlchemyError

    from workers import post as office

    told = settings()
    if not told.smtp_host:
        raise click.ClickException(
            "还没有设置邮件服务器。请设置 NIANBAO_SMTP_HOST 和 NIANBAO_SMTP_FROM，见 docs/operating.md"
        )
    if address:
        _try(told, address)
        return
    start_logging()
    try:
        if once:
            click.echo(f"已处理 {office.run_once(told)} 封。")
        else:
            office.run_forever(told)
    except SQLAlchemyError as error:
        raise database_trouble(error) from error


def _try(told: Settings, address: str) -> None:
    from storage.roster.facts import is_address
    from storage.tables import Reminder
    from workers.mail import NotDelivered, deliver, message

    if not is_address(address):
        raise click.UsageError(f"“{address}”不是电子邮件地址")
    words = {"subject": "年报服务试发", "body": "收到这封邮件，说明催报邮件可以发出。\n"}
    one = Reminder(public_id=f"try-{datetime.now(UTC):%Y%m%d%H%M%S}", to=address, made_at=datetime.now(UTC), **words)
    try:
        deliver(message(one, told), [address], told)
    except NotDelivered as error:
        raise click.ClickException(f"{error.for_person}（{error.for_operator}）") from error
    click.echo(f"邮件服务器已收下，请到 {address} 查收。")
