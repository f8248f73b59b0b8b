"""`nianbao doctor`: how every part is on which the service rests, and the command that mends what is not well."""

import json
import sys

import click

from service.doctor import Check, Health, examine
from storage.settings import SettingsRefused, load_settings

_MARKS = {Health.GOOD: ("✓", "green"), Health.DOUBTFUL: ("!", "yellow"), Health.BROKEN: ("✗", "red")}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出")
def doctor(as_json: bool) -> None:
    """检查运行环境，缺什么就给出补救的命令。有 ✗ 时退出状态为 1；! 不妨碍运行。"""
    try:
        checks = examine(load_settings())
    except SettingsRefused as error:
        raise click.ClickException(error.for_person) from error
    if as_json:
        click.echo(json.dumps([check.to_json() for check in checks], ensure_ascii=False, indent=2))
    else:
        for check in checks:
            _print(check)
    sys.exit(any(check.health is Health.BROKEN for check in checks))


def _print(check: Check) -> None:
    mark, colour = _MARKS[check.health]
    click.echo(f"{click.style(mark, fg=colour)} {check.part}  {check.found}")
    if check.remedy:
        click.echo(f"    → {check.remedy}")
