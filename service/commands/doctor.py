"""`nianbao doctor`: how every part is on which the service rests, and the command that mends what is not well."""

import json
import sys
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

import click

from service.commands.inputs import settings
from service.doctor import Check, Health, examine
from storage.settings import SettingsRefused, load_settings
from workers.fonts.record import Typeface
from workers.proof.pdf_fonts import UNKNOWN, PdfFont

_MARKS = {Health.GOOD: ("✓", "green"), Health.DOUBTFUL: ("!", "yellow"), Health.BROKEN: ("✗", "red")}


@click.group(invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出")
@click.pass_context
def doctor(context: click.Context, as_json: bool) -> None:
    """检查运行环境，缺什么就给出补救的命令。有 ✗ 时退出状态为 1；! 不妨碍运行。"""
    if context.invoked_subcommand:
        return
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


@doctor.command()
@click.argument("file", required=False, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出")
def fonts(file: Path | None, as_json: bool) -> None:
    """说明文档里的字体在本机由哪种字体代绘，哪些字由别的字体补上。

    FILE 是 Word 文件（在本机试印一遍）或 PDF（列出其中的字体）；不指定时试印一页样张。
    """
    # Loaded here: reading PDFs takes a moment, and only this command needs it.
    from service.doctor import typefaces

    if file and file.suffix.lower() == ".pdf":
        told, shown = _of_pdf(typefaces.of_pdf(file))
    else:
        record = typefaces.of_word(file, settings()) if file else typefaces.of_sample(settings())
        told, shown = [asdict(one) for one in record], [line for one in record for line in _lines(one)]
    click.echo(json.dumps(told, ensure_ascii=False, indent=2) if as_json else "\n".join(shown))


def _lines(one: Typeface) -> Iterable[str]:
    how = f"由 {one.drawn_with} 代绘" if one.stand_in else f"就是 {one.drawn_with}"
    yield f"{one.declared} {how}"
    for family, characters in one.fallback.items():
        yield f"    缺字“{characters}”由 {family} 补上"


def _of_pdf(used: Iterable[PdfFont]) -> tuple[list[dict[str, object]], list[str]]:
    told: list[dict[str, object]] = [
        {"name": font.name, "embedded": font.embedded, "characters": _characters(font)} for font in used
    ]
    shown = [f"{one['name']}  {'已嵌入' if one['embedded'] else '没有嵌入'}  {one['characters']}" for one in told]
    return told, shown


def _characters(font: PdfFont) -> str:
    return "".join(sorted(set("".join(font.characters.values())) - {UNKNOWN}))
