"""`nianbao names`: the dotted names of a report's figures or texts, one a line."""

import click

from reports.definition import Definition
from service.commands.inputs import definition_argument


@click.command()
@definition_argument
@click.option("--texts", is_flag=True, help="列出各段文字的名称，而不是各数的")
def names(definition: Definition, texts: bool) -> None:
    """按表中次序列出 DEFINITION（例如 open-government-annual/2021）各数的名称，一行一个。"""
    for name in definition.texts if texts else definition.cells:
        click.echo(name)
