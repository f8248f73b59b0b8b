"""The service at work, as it is delivered: its own Redis, SQLite, sweeper and worker, in a folder of its own."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from reports.loading import Definitions
from reports.reading import read_answers
from storage.migrations import upgrade
from storage.recipes import recipe_for
from storage.session import make_engine, reading_scope, session_scope
from storage.settings import Settings
from storage.submissions import submit
from storage.tables import Document, Format, Job, JobState, Lane, Worker
from tests.bench.spent import Spent, spending
from tests.people import as_json
from tests.servers import RedisServer
from workers.sweeper import Sweeper

PROJECT = Path(__file__).parents[2]
PATIENCE = 600


class Shop:
    """Takes answers in, and has made documents of them when it says so."""

    def __init__(self, settings: Settings, processes: int) -> None:
        self._redis = RedisServer()
        self.settings = settings.model_copy(update={"redis_url": self._redis.url})
        upgrade(self.settings)
        self._definitions = Definitions(self.settings.template_dir)
        self._engine = make_engine(self.settings)
        self._sweeper = Sweeper(self.settings)
        self._programs = [
            self._start("sweep"),
            self._start("worker", "--lane", Lane.BATCH.value, "--concurrency", str(processes)),
        ]
        self._until(lambda: self._crew() == processes)

    def make(self, documents: Sequence[dict[str, Any]], meanwhile: Callable[[int], None] = lambda done: None) -> Spent:
        """What it costs from answers, as they are sent, to stored documents."""
        sent = [as_json(document) for document in documents]
        before = self._count(JobState.DONE)
        with spending(len(sent)) as spent:
            self._take_in(sent)
            self._until(lambda: self._is_through(before, len(sent), meanwhile))
        return spent

    def _take_in(self, sent: Sequence[bytes]) -> None:
        with session_scope(self._engine) as session:
            for one in sent:
                answers = read_answers(one, self._definitions)
                recipe = recipe_for(self._definitions, answers.definition)
                submit(session, answers, "bench", recipe, Lane.BATCH)
        # As a submission nudges; the sweeper that is running would do it within a second.
        self._sweeper.dispatch()

    def _is_through(self, before: int, wanted: int, meanwhile: Callable[[int], None]) -> bool:
        if failed := self._count(JobState.FAILED):
            raise RuntimeError(f"{failed} failed\n{self._last_words()}")
        done = self._count(JobState.DONE) - before
        meanwhile(done)
        return done == wanted

    def word_files(self, last: int) -> list[Path]:
        """The Word files made last."""
        newest = select(Document.storage_key).where(Document.format == Format.DOCX).order_by(Document.job_id.desc())
        with reading_scope(self._engine) as session:
            return [self.settings.data_dir / "documents" / key for key in session.scalars(newest.limit(last))]

    def pids(self) -> list[int]:
        """The processes that make documents."""
        with reading_scope(self._engine) as session:
            return list(session.scalars(select(Worker.pid)))

    def _crew(self) -> int:
        return len(self.pids())

    def _count(self, state: JobState) -> int:
        with reading_scope(self._engine) as session:
            return session.scalars(select(func.count()).where(Job.state == state)).one()

    def _start(self, *words: str) -> subprocess.Popen[bytes]:
        told = self.settings.model_dump(mode="json", exclude={"bind", "secret_key"})
        given = {f"NIANBAO_{name.upper()}": str(value) for name, value in told.items() if value is not None}
        command = ["setpriv", "--pdeathsig=KILL", "--", sys.executable, "-P", "-m", "service.cli", *words]
        with self._log.open("ab") as log:
            environment = {**os.environ, **given, "PYTHONPATH": str(PROJECT)}
            return subprocess.Popen(command, env=environment, stdout=log, stderr=log)

    @property
    def _log(self) -> Path:
        return self.settings.data_dir / "programs.log"

    def _last_words(self) -> str:
        return self._log.read_text(errors="replace")[-3000:]

    def _until(self, ready: Callable[[], bool]) -> None:
        given_up = time.monotonic() + PATIENCE
        while not ready():
            ended = any(program.poll() is not None for program in self._programs)
            if ended or time.monotonic() > given_up:
                raise RuntimeError(self._last_words())
            time.sleep(0.05)

    def close(self) -> None:
        for program in reversed(self._programs):
            program.terminate()
        for program in self._programs:
            program.wait()
        with closing(self._redis):
            self._sweeper.close()
            self._engine.dispose()
