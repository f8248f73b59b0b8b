"""`nianbao check`: what does not add up in a file of answers, and where."""

import json
import sys
from pathlib import Path

import click

from reports.checks import NotComparable
from reports.checks import check as findings_of
from reports.definition import Severity
from reports.findings import WEIGHTS, Finding, blocks
from service.commands.inputs import Unreadable, must_read

_file = click.Path(path_type=Path, dir_okay=False)
_COLOURS = {Severity.ERROR: "red", Severity.EXPLAIN: "yellow", Severity.HINT: "blue"}


@click.command()
@click.argument("answers", type=_file)
@click.option("--previous", type=_file, help="上年的填报数据，用来核对年度之间的衔接")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出")
def check(answers: Path, previous: Path | None, as_json: bool) -> None:
    """核对填报数据 ANSWERS。没有错误时退出状态为 0，有错误为 1，读不懂为 2。"""
    this_year, last_year = must_read(answers), must_read(previous) if previous else None
    try:
        findings = findings_of(this_year, last_year)
    except NotComparable as error:
        raise Unreadable(str(error)) from error
    if as_json:
        click.echo(json.dumps([finding.to_json() for finding in findings], ensure_ascii=False, indent=2))
    else:
        click.echo(this_year.title)
        _print(findings)
    sys.exit(1 if blocks(findings) else 0)


def _print(findings: list[Finding]) -> None:
    if not findings:
        click.secho("全部相符。", fg="green")
    for severity, weight in WEIGHTS.items():
        of_kind = [finding for finding in findings if finding.severity is severity]
        if of_kind:
            heading = f"\n{weight.word} {len(of_kind)} 处（{weight.advice}）"
            click.secho(heading, fg=_COLOURS[severity], bold=True)
        for finding in of_kind:
            click.echo(f"  {finding.rule}  {finding.message}")
            click.secho(f"      {finding.cells[0]}", dim=True)
