"""`nianbao make`: files of answers into Word and PDF, on all cores, without server or database."""

import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from reports.checks import check
from reports.definition import Severity
from reports.findings import blocks
from reports.reading import AnswersRefused
from service.commands.inputs import answers_in, definitions, settings
from workers.errors import DocumentFailed
from workers.pipeline import Made, Press, make_documents


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file: its documents, or the sentences that say why there are none."""

    source: Path
    made: Made | None = None
    reasons: tuple[str, ...] = ()


@click.command()
@click.argument("answers", nargs=-1, required=True, type=click.Path(path_type=Path, dir_okay=False))
@click.option("--out", required=True, type=click.Path(path_type=Path, file_okay=False), help="放文档的文件夹")
@click.option("--draft", is_flag=True, help="有错误也照做，文件名加“草稿”，供内部核对")
@click.option("--jobs", type=click.IntRange(1), default=os.cpu_count() or 1, help="同时做几份，默认用全部核心")
def make(answers: tuple[Path, ...], out: Path, draft: bool, jobs: int) -> None:
    """为每份填报数据 X.json 做出 X.docx 和 X.pdf，放到 --out 文件夹；一份有误不影响其他。"""
    out.mkdir(parents=True, exist_ok=True)
    try:
        press = Press.from_settings(settings(), definitions())
    except DocumentFailed as error:
        raise click.ClickException(f"{error.for_person}（{error.for_operator}）") from error

    def one(source: Path) -> Outcome:
        return _make_one(press, source, out, draft)

    twice = _same_names(answers)
    outcomes = [Outcome(source, reasons=("与另一份文件同名，文档会互相覆盖；请改名",)) for source in twice]
    with closing(press):
        outcomes += _on_all_cores(one, [source for source in answers if source not in twice], jobs)
    sys.exit(_report(outcomes, out))


def _same_names(sources: tuple[Path, ...]) -> list[Path]:
    first: dict[str, Path] = {}
    return [source for source in sources if first.setdefault(source.stem, source) is not source]


def _on_all_cores(one: Callable[[Path], Outcome], sources: list[Path], jobs: int) -> Iterator[Outcome]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        task = progress.add_task("生成文档", total=len(sources))
        with ThreadPoolExecutor(jobs) as pool:
            futures: list[Future[Outcome]] = [pool.submit(one, source) for source in sources]
            for future in as_completed(futures):
                progress.advance(task)
                yield future.result()


def _make_one(press: Press, source: Path, out: Path, draft: bool) -> Outcome:
    try:
        answers = answers_in(source)
        findings = check(answers)
        if blocks(findings) and not draft:
            errors = [f"{one.rule} {one.message}" for one in findings if one.severity is Severity.ERROR]
            return Outcome(source, reasons=(*errors, "请改正后再做；仅供内部核对的，可加 --draft"))
        with tempfile.TemporaryDirectory(prefix="nianbao-") as folder:
            made = make_documents(answers, Path(folder), press)
            return Outcome(source, _keep(made, out, source.stem + ("（草稿）" if blocks(findings) else "")))
    except AnswersRefused as error:
        return Outcome(source, reasons=tuple(str(problem) for problem in error.problems))
    except DocumentFailed as error:
        return Outcome(source, reasons=(f"{error.for_person}（{error.code}）",))
    except OSError as error:
        return Outcome(
            source, reasons=(f"{error.filename or source} 读写失败（{error.strerror}）；请检查文件、权限和磁盘",)
        )


def _keep(made: Made, out: Path, stem: str) -> Made:
    """The documents moved under their names; half a file is never seen under one."""
    kept = []
    for path in (made.docx, made.pdf):
        side = out / f".{stem}{path.suffix}.part"
        shutil.copyfile(path, side)
        kept.append(side.replace(out / f"{stem}{path.suffix}"))
    return replace(made, docx=kept[0], pdf=kept[1])


def _report(outcomes: list[Outcome], out: Path) -> int:
    made = sum(outcome.made is not None for outcome in outcomes)
    for outcome in outcomes:
        if outcome.made is None:
            click.secho(f"✗ {outcome.source}", fg="red", err=True)
            for reason in outcome.reasons:
                click.echo(f"    {reason}", err=True)
    failed = len(outcomes) - made
    click.echo(f"做好 {made} 份，放在 {out}" + (f"；没有做成 {failed} 份，原因见上" if failed else "。"))
    return 1 if failed else 0
