"""Where one worker process sits: what it needs to make a document, and how it records what became of it."""

import os
import time
import uuid
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol, TypeVar

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import Session

from reports.answers import Answers
from reports.definition import Definition
from reports.loading import Definitions
from reports.reading import read_answers
from storage.files import DocumentFiles, Kept
from storage.filing.reports import answers_of
from storage.making import documents, jobs
from storage.making.jobs import Claim
from storage.making.presence import Badge
from storage.making.template_files import KEPT_TEMPLATES, TemplateNowhere, template_file
from storage.session import make_engine, reading_scope, session_scope
from storage.settings import Settings
from storage.tables import Document, Format, Lane, Stage
from workers.errors import DocumentFailed, TemplateMissing
from workers.examining import Bench, examine
from workers.fonts.record import as_json
from workers.heartbeat import Heart
from workers.pipeline import Made
from workers.queue import SERVED_BY
from workers.stages import Begins, Stopwatch

Outcome = TypeVar("Outcome")
Scope = Callable[[Engine], AbstractContextManager[Session]]

AWAY = (OperationalError, InterfaceError)
# A database that restarts is back within this; after it, the sweeper takes over.
WAITS = (0.5, 1, 2, 4, 8, 15)

log = structlog.get_logger(__name__)


class Maker(Protocol):
    """What documents are made with."""

    def make(self, answers: Answers, folder: Path, begins: Begins, template: Path, /) -> Made:
        """The documents of these answers by this template, in this folder; told of each stage that begins."""

    def close(self) -> None:
        """Leave nothing running."""


class Desk:
    """Opened in a pool process when it starts, closed when it ends."""

    def __init__(self, settings: Settings, lane: Lane, maker: Maker) -> None:
        self.badge = Badge(uuid.uuid4().hex, lane, settings.host, os.getpid(), getattr(maker, "about", ""))
        self.work_dir = settings.data_dir / "work"
        self._templates = settings.data_dir / KEPT_TEMPLATES
        self._definitions = Definitions(settings.template_dir)
        self._maker = maker
        self._retry_seconds = settings.retry_seconds
        self._engine = make_engine(settings)
        self._files = DocumentFiles(settings)
        self._watch = Stopwatch()
        # Whether something may be held in this process's name, as far as it knows.
        self._may_hold = True
        self._heart = Heart(self._engine, self.badge, settings.heartbeat_seconds, self._watch)
        self._heart.start()

    def close(self) -> None:
        """Leave in good order."""
        self._maker.close()
        self._heart.stop()
        self._engine.dispose()

    def claim(self, job_id: int) -> Claim | None:
        """Take a job, if it is still to be had."""
        left_over, self._may_hold = self._may_hold, True
        with session_scope(self._engine) as session:
            if left_over:
                # A process makes one document at a time: what it still holds is from a commit whose answer was lost.
                jobs.release_all(session, self.badge.boot_id)
            claim = jobs.claim(session, job_id, self.badge.boot_id, SERVED_BY[self.badge.lane])
        self._may_hold = claim is not None
        return claim

    def answers(self, claim: Claim) -> Answers:
        """What the document is to say."""
        # Read as a reader, who waits for nobody: on SQLite the others may be writing.
        kept = self._insist(lambda session: answers_of(session, claim.revision_id), reading_scope)
        return read_answers(kept, self._definitions)

    def make(self, claim: Claim, answers: Answers, folder: Path) -> Made:
        """The documents."""
        return self._maker.make(answers, folder, self._watch.begin, self._template(claim, answers.definition))

    def examine(self, template_id: int) -> None:
        """Look at a template that was handed in."""
        bench = Bench(self._engine, self._files, self._definitions, self.work_dir, f"worker:{self.badge.host}")
        examine(bench, template_id, self._maker, self._watch.begin)

    def hand_in(self, claim: Claim, made: Made) -> None:
        """Keep the files and make them visible, unless the job has passed to somebody else meanwhile."""
        self._watch.begin(Stage.STORE)
        kept = self._files.keep([made.docx, made.pdf], claim.job_id, claim.fence)
        seconds = self._watch.seconds()
        if self._insist(lambda session: jobs.finish(session, claim, _rows(claim, kept, made), seconds)):
            self._files.discard_earlier(claim.job_id, claim.fence)
            log.info("job_done", job_id=claim.job_id, fence=claim.fence, pages=made.pages)
        else:
            self._files.discard(kept)
            log.warning("job_passed_on", job_id=claim.job_id, fence=claim.fence)
        self._may_hold = False

    def give_up(self, claim: Claim, error: DocumentFailed) -> None:
        """Record why there is no document."""
        waits = self._retry_seconds
        log.error("job_failed", job_id=claim.job_id, code=error.code, reason=error.for_operator, exc_info=True)
        self._insist(lambda session: jobs.fail(session, claim, error.failure, waits))
        self._may_hold = False

    def rest(self) -> None:
        """Nothing is being made any more."""
        self._watch.reset()

    def _template(self, claim: Claim, definition: Definition) -> Path:
        def find(session: Session) -> Path:
            version = claim.template_version
            return template_file(session, self._files, self._templates, self._definitions, definition, version)

        try:
            return self._insist(find, reading_scope)
        except TemplateNowhere as error:
            raise TemplateMissing(error) from error

    def _insist(self, act: Callable[[Session], Outcome], scope: Scope = session_scope) -> Outcome:
        """Do what may be done twice, again and again, while the database is away."""
        for wait in WAITS:
            try:
                with scope(self._engine) as session:
                    return act(session)
            except AWAY as error:
                log.warning("database_away", again_in=wait, error=repr(error))
                time.sleep(wait)
        with scope(self._engine) as session:
            return act(session)


def _rows(claim: Claim, kept: Sequence[Kept], made: Made) -> list[Document]:
    docx, pdf = kept
    # The same answers always give the same bytes of a Word file; what a PDF shows has to be told apart from its bytes.
    files = ((Format.DOCX, docx, docx.sha256), (Format.PDF, pdf, made.proof.content_sha256))
    drawn = as_json(made.proof.typefaces)
    return [documents.document(claim, format, file, made.pages, shows, drawn) for format, file, shows in files]
