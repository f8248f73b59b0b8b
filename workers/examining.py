"""A template that was handed in: gone through, filled with the example, drawn; what was found is kept with it."""

import json
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Protocol

import structlog
from sqlalchemy import Engine

from reports.answers import Answers
from reports.definition import Definition
from reports.loading import Definitions
from reports.reading import read_answers
from storage.files import DocumentFiles, FileDamaged
from storage.making import templates
from storage.making.recipes import template_of
from storage.making.templates import Example
from storage.session import session_scope
from storage.tables import TemplateVersion
from storage.tables.root import public_id
from workers.errors import DocumentFailed
from workers.fonts.record import as_json
from workers.pipeline import Made
from workers.stages import Begins
from workers.template.alone import flaws_of
from workers.template.lint import Flaw

EXAMPLE: Final = "example.json"
_TRIAL: Final = "用样例试排"

log = structlog.get_logger(__name__)


class Draws(Protocol):
    """What documents are made with."""

    def make(self, answers: Answers, folder: Path, begins: Begins, template: Path, /) -> Made:
        """The documents of these answers by this template."""


@dataclass(frozen=True, slots=True)
class Bench:
    """Where a template is examined."""

    engine: Engine
    files: DocumentFiles
    definitions: Definitions
    work_dir: Path
    actor: str


def examine(bench: Bench, id: int, press: Draws, begins: Begins) -> None:
    """Examine a template that waits for it, once; a machine that is not able to leaves it for another."""
    with session_scope(bench.engine) as session:
        row = templates.begin_examination(session, id)
    if row is None:
        return
    with _folder(bench.work_dir) as folder:
        try:
            told = _looked_at(bench, row, folder, press, begins)
        except (FileDamaged, OSError, DocumentFailed) as error:
            log.exception("template_not_examined", template=row.public_id)
            if templates.attempts(row) < templates.MOST_ATTEMPTS:
                return
            told = _report(Flaw(_TRIAL, _in_words(error), "请管理员检查生成文件的服务器，再点“重新检查”"))
    _end(bench, row, told)


def _looked_at(bench: Bench, row: TemplateVersion, folder: Path, press: Draws, begins: Begins) -> Mapping[str, Any]:
    definition = bench.definitions[f"{row.definition}/{row.edition}"]
    file = folder / "template.docx"
    with bench.files.open(row.storage_key, row.bytes, row.sha256) as kept, file.open("xb") as copy:
        shutil.copyfileobj(kept, copy)
    if templates.attempts(row) > templates.MOST_ATTEMPTS:
        return _report(Flaw("整个文件", "多次使检查程序中断", "请用 Word 或 WPS 另存一份后再上传"))
    if flaws := flaws_of(bench.definitions, definition, file, folder):
        return _report(*flaws)
    return _drawn(bench, definition, file, folder, press, begins)


def _drawn(
    bench: Bench, definition: Definition, file: Path, folder: Path, press: Draws, begins: Begins
) -> Mapping[str, Any]:
    """The example filled in and drawn, as a report would be; by the template that came along as well, to compare."""
    example = bench.definitions.folder_of(definition) / EXAMPLE
    answers = read_answers(example.read_bytes(), bench.definitions)
    began = time.monotonic()
    try:
        made = press.make(answers, folder, begins, file)
    except DocumentFailed as error:
        if error.retry:
            raise
        return _report(Flaw(_TRIAL, _in_words(error), "请改正模板后再上传"))
    seconds = time.monotonic() - began
    told = {
        "names": len(definition.cells) + len(definition.texts),
        "seconds": round(seconds, 2),
        "typefaces": json.loads(as_json(made.proof.typefaces)),
        "example": _kept(bench, made).told(),
    }
    bundled = press.make(answers, folder, begins, template_of(bench.definitions, definition))
    return {**_report(), **told, "bundled": _kept(bench, bundled).told()}


def _kept(bench: Bench, made: Made) -> Example:
    kept = bench.files.keep_as(made.pdf, f"templates/{public_id()}.pdf")
    return Example(kept.storage_key, kept.sha256, kept.size, made.pages)


def _report(*flaws: Flaw) -> dict[str, Any]:
    return {"at": datetime.now(UTC).isoformat(timespec="seconds"), "flaws": [asdict(one) for one in flaws]}


def _end(bench: Bench, row: TemplateVersion, told: Mapping[str, Any]) -> None:
    with session_scope(bench.engine) as session:
        was_first = templates.end_examination(session, row.id, told, sound=not told["flaws"], actor=bench.actor)
    if was_first:
        log.info("template_examined", template=row.public_id, flaws=len(told["flaws"]))
    else:
        for which in ("example", "bundled"):
            if which in told:
                bench.files.remove(told[which]["storage_key"])


def _in_words(error: Exception) -> str:
    return str(getattr(error, "for_person", None) or f"没有完成（{type(error).__name__}）").rstrip("。")


@contextmanager
def _folder(work_dir: Path) -> Iterator[Path]:
    work_dir.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="template-", dir=work_dir) as folder:
        yield Path(folder)
