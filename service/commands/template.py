"""`nianbao template`: draw a first Word template from a definition, or say what is wrong with one."""

import sys
from pathlib import Path

import click

from reports.definition import Definition
from service.commands.inputs import Unreadable, definition_argument, definitions
from workers.template.lint import lint as flaws_of
from workers.template.scaffold import scaffold as drawn

FILE = "report.docx"


@click.group()
def template() -> None:
    """Word 模板：起稿、检查。"""


@template.command()
@definition_argument
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help=f"存到哪里；不写则为当前文件夹的 {FILE}")
def scaffold(definition: Definition, out: Path | None) -> None:
    """按 DEFINITION（例如 open-government-annual/2021）画出 Word 模板的初稿，供在 Word 或 WPS 里修饰。"""
    file = out or Path(FILE)
    try:
        # Somebody has perhaps spent a day polishing the file that is there.
        with file.open("xb") as new:
            new.write(drawn(definition))
    except FileExistsError as error:
        raise Unreadable(f"{file} 已经存在，没有改动；请用 --out 另起一个文件名") from error
    except OSError as error:
        raise Unreadable(f"{file} 写不了（{error.strerror}）；请检查文件夹和权限") from error
    click.echo(f"已画好 {file}。修饰之后请运行 nianbao template lint {definition.reference} {file}")


@template.command()
@definition_argument
@click.argument("file", required=False, type=click.Path(path_type=Path, dir_okay=False))
def lint(definition: Definition, file: Path | None) -> None:
    """检查 DEFINITION 的 Word 模板 FILE（不写则为随它存放的那一个）。没有问题退出状态为 0，有问题为 1，打不开为 2。"""
    try:
        file = file or definitions().folder_of(definition) / FILE
        flaws = flaws_of(definition, file)
    except KeyError as error:
        raise Unreadable(f"{definition.reference} 不在模板文件夹里；请写明要检查哪个文件") from error
    except OSError as error:
        raise Unreadable(f"{file} 打不开（{error.strerror}）；请检查文件名和权限") from error
    for flaw in flaws:
        click.echo(f"  {flaw}")
    if flaws:
        click.secho(f"{file}：{len(flaws)} 处要改。", fg="red")
        sys.exit(1)
    click.secho(f"{file}：每个数、每段文字都恰好出现一次。", fg="green")
