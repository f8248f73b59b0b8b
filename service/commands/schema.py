"""`nianbao schema`: the JSON Schema of a report's answers."""

import json

import click

from reports.definition import Definition
from reports.faces.json_schema import json_schema
from service.commands.inputs import definition_argument


@click.command()
@definition_argument
def schema(definition: Definition) -> None:
    """输出 DEFINITION（例如 open-government-annual/2021）填报数据的 JSON Schema。"""
    click.echo(json.dumps(json_schema(definition), ensure_ascii=False, indent=2))
