"""A real worker process whose documents are made by a stand-in, which does what the unit's name asks for.

    python -m tests.fakes.worker LANE CONCURRENCY

Settings come from the environment. What is replaced is the pipeline alone: queue, pool, database, files are real.
"""

import errno
import os
import signal
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from reports.answers import Answers
from reports.loading import Definitions
from service.journal import start_logging
from storage.settings import Settings, load_settings
from storage.tables import Lane, Stage
from tests.printing import SOME_PROOF
from workers.app import run_worker
from workers.errors import DocumentFailed
from workers.stages import Begins
from workers.verify import Proof

PATIENT = "慢工审计局"
POISONOUS = "致命气象局"
BROKEN = "出错统计局"
CRAMPED = "拥挤档案馆"
STEADY = "从容文旅局"
GATE = "gate"
MENDED = "mended"


@dataclass(frozen=True)
class Made:
    """A pair of documents."""

    docx: Path
    pdf: Path
    pages: int
    proof: Proof = SOME_PROOF


class Broken(DocumentFailed):
    """A document that cannot be made."""

    code = "broken"
    retry = False


class StandIn:
    """Quick as a rule; PATIENT waits at the gate, POISONOUS kills its process, CRAMPED fails, BROKEN until mended."""

    def __init__(self, settings: Settings, _definitions: Definitions, _lane: Lane) -> None:
        self._data_dir = settings.data_dir

    def make(self, answers: Answers, folder: Path, begins: Begins, _template: Path) -> Made:
        begins(Stage.CONVERT)
        (self._data_dir / "began" / folder.name).touch()
        if answers.unit.name.startswith(POISONOUS):
            os.kill(os.getpid(), signal.SIGKILL)
        if answers.unit.name.startswith(BROKEN) and not (self._data_dir / MENDED).exists():
            raise Broken("不能制作。", "as asked for")
        if answers.unit.name.startswith(CRAMPED) and folder.name.endswith("fence-1"):
            raise OSError(errno.ENOSPC, "No space left on device")
        while answers.unit.name.startswith(PATIENT) and (self._data_dir / GATE).exists():
            time.sleep(0.01)
        if answers.unit.name.startswith(STEADY):
            time.sleep(0.2)
        made = Made(folder / "report.docx", folder / "report.pdf", pages=8)
        made.docx.write_text(f"{folder.name} {answers.unit.name}")
        made.pdf.write_text(f"%PDF {folder.name} {answers.unit.name}")
        return made

    def close(self) -> None:
        """There is nothing to close."""


if __name__ == "__main__":
    start_logging()
    run_worker(load_settings(), Lane(sys.argv[1]), int(sys.argv[2]), StandIn)
