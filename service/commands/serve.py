"""`nianbao serve`: the web, in gunicorn, one process and eight threads."""

import click

from service.commands.inputs import settings


@click.command()
def serve() -> None:
    """启动网页服务，地址由 NIANBAO_BIND 决定（默认 127.0.0.1:8000）。Ctrl+C 停止。"""
    # Loaded here: only the server itself needs gunicorn.
    from service.server import Server

    Server(settings()).run()
