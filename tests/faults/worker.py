"""A real worker whose converter is a small program that may be told, by the unit's name, to misbehave.

    python -m tests.faults.worker LANE CONCURRENCY stub|real [GUARD]

Everything else is real: queue, pool, limits of children, files, database; LibreOffice as well, if asked for. A guard
that is named is taken away.
"""

import errno
import os
import signal
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pikepdf

from reports.answers import Answers
from reports.loading import Definitions
from service.journal import start_logging
from storage.settings import Settings, load_settings
from storage.tables import Lane
from tests.faults.guards import take_away
from tests.printing import SOME_PROOF
from workers import children
from workers.app import run_worker
from workers.errors import DocumentFailed
from workers.pipeline import Press
from workers.verify import Proof

CONVERTER = Path(__file__).with_name("converter.py")
PYTHON = "/usr/bin/python3"
CONVERTER_SECONDS = "FAULTS_CONVERTER_SECONDS"
HANGS, CRASHES, EATS, KILLS, LEAKS = "挂起局", "崩溃局", "耗存局", "致命局", "漏存局"
MODES = {HANGS: "hangs", CRASHES: "crashes", EATS: "eats"}
LEAKED_BYTES = 20 * 1024 * 1024


@dataclass(frozen=True)
class Made:
    """A pair of documents."""

    docx: Path
    pdf: Path
    pages: int = 1
    proof: Proof = SOME_PROOF


class ConverterFailed(DocumentFailed):
    """The converter came to a bad end."""

    code = "converter_failed"
    retry = False


class Stub:
    """Makes documents that say whose they are and under which fence they were made."""

    def __init__(self, settings: Settings, _definitions: Definitions, _lane: Lane) -> None:
        self._settings = settings
        self._leaked: list[bytes] = []

    def make(self, answers: Answers, folder: Path, _begins: object = None, _template: object = None) -> Made:
        unit = answers.unit.name
        (self._settings.data_dir / "began" / folder.name).touch()
        if unit.startswith(KILLS):
            os.kill(os.getpid(), signal.SIGKILL)
        if unit.startswith(LEAKS):
            self._leaked.append(os.urandom(LEAKED_BYTES))
        made = Made(folder / "report.docx", folder / "report.pdf")
        write_word(made.docx, unit, folder.name)
        write_pdf(folder / "source.pdf", unit, folder.name)
        mode = next((mode for name, mode in MODES.items() if unit.startswith(name)), "works")
        _convert(mode, folder, self._settings.batch_seconds)
        return made

    def close(self) -> None:
        """There is nothing to close."""


def _convert(mode: str, folder: Path, seconds: float) -> None:
    pause = os.environ.get(CONVERTER_SECONDS, "0.2")
    argv = [PYTHON, "-I", "-S", CONVERTER, mode, pause, folder / "source.pdf", folder / "report.pdf"]
    limits = children.Limits(seconds)
    finished = children.run(argv, cwd=folder, env={"PATH": "/usr/bin:/bin"}, limits=limits)
    if finished.code == errno.ENOSPC:
        raise OSError(errno.ENOSPC, "No space left on device")
    if not (folder / "report.pdf").is_file():
        raise ConverterFailed("转换失败。", f"the converter {finished}")


def write_word(path: Path, unit: str, claim: str) -> None:
    with zipfile.ZipFile(path, "w") as word:
        word.writestr("word/document.xml", f"<document>{unit} {claim}</document>")


def write_pdf(path: Path, unit: str, claim: str) -> None:
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.docinfo["/Title"] = unit
        pdf.docinfo["/Subject"] = claim
        pdf.save(path)


if __name__ == "__main__":
    start_logging()
    lane, concurrency, maker, *guards = sys.argv[1:]
    for guard in guards:
        take_away(guard)
    run_worker(load_settings(), Lane(lane), int(concurrency), Stub if maker == "stub" else Press.from_settings)
