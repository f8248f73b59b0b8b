"""`nianbao serve`: the web, in gunicorn, one process and eight threads."""

import click

from service.commands.inputs import settings


@click.command()
@click.option("--https", is_flag=True, envvar="NIANBAO_HTTPS", help="前面有 HTTPS：登录状态只经 HTTPS 传送")
def serve(https: bool) -> None:
    """启动网页服务，地址由 NIANBAO_BIND 决定（默认 127.0.0.1:8000）。Ctrl+C 停止。"""
    # Loaded here: only the server itself needs gunicorn.
    from service.server import Server

    Server(settings(), https=https).run()
