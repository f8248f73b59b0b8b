"""The service at work, as it is delivered: its own Redis, SQLite, sweeper and worker, in a folder of its own."""

import os
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import make_url, select
from sqlalchemy.orm import Session

from reports.answers import Answers
from storage.filing.reports import report_for
from storage.filing.submissions import snapshot
from storage.making.jobs import order
from storage.making.recipes import recipe_for
from storage.migrations import upgrade
from storage.session import find_or_add, make_engine, reading_scope, session_scope
from storage.settings import Settings
from storage.tables import Document, Format, JobState, Lane, Revision, Unit, Worker
from tests.bench.spent import Spent, spending
from tests.people import DEFINITIONS, annual, read
from tests.servers import RedisServer
from workers.sweeper import Sweeper

PROJECT = Path(__file__).parents[2]
PATIENCE = 600


class Shop:
    """Takes answers in, and has made documents of them when it says so."""

    def __init__(self, settings: Settings, processes: int, previews: int = 0) -> None:
        self._redis = RedisServer()
        self.settings = settings.model_copy(update={"redis_url": self._redis.url})
        upgrade(self.settings)
        self._engine = make_engine(self.settings)
        self._sweeper = Sweeper(self.settings)
        self._looking = sqlite3.connect(str(make_url(self.settings.database_url).database), isolation_level=None)
        self._programs = [
            self._start("sweep"),
            self._start("worker", "--lane", Lane.BATCH.value, "--concurrency", str(processes)),
        ]
        if previews:
            self._programs.append(self._start("worker", "--lane", Lane.PREVIEW.value, "--concurrency", str(previews)))
        self._until(lambda: self._crew() == processes + previews)

    def make(self, documents: Sequence[dict[str, Any]], meanwhile: Callable[[int], None] = lambda done: None) -> Spent:
        """What it costs from answers, as clerks have sent them in, to stored documents."""
        revisions = self._taken_in(documents)
        before = self._counted()[JobState.DONE]
        with spending(len(revisions)) as spent:
            self._order(revisions)
            self._until(lambda: self._is_through(before, len(revisions), meanwhile))
        return spent

    def _taken_in(self, documents: Sequence[dict[str, Any]]) -> list[Revision]:
        with session_scope(self._engine) as session:
            return [self._revision(session, read(document)) for document in documents]

    def _revision(self, session: Session, answers: Answers) -> Revision:
        name = answers.unit.name
        unit = find_or_add(session, select(Unit).where(Unit.name == name), Unit(name=name))
        report = report_for(session, unit, answers.definition, answers.year)
        return snapshot(session, report, answers, "bench")

    def _order(self, revisions: Sequence[Revision]) -> None:
        recipe = recipe_for(DEFINITIONS, annual())
        with session_scope(self._engine) as session:
            for revision in revisions:
                order(session, revision, recipe, Lane.BATCH)
        # As an order nudges; the sweeper that is running would do it within a second.
        self._sweeper.dispatch()

    def _is_through(self, before: int, wanted: int, meanwhile: Callable[[int], None]) -> bool:
        counted = self._counted()
        if failed := counted[JobState.FAILED]:
            raise RuntimeError(f"{failed} failed\n{self._last_words()}")
        done = counted[JobState.DONE] - before
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

    def _counted(self) -> Counter[str]:
        # Asked for twenty times a second: by way of SQLAlchemy it would cost a noticeable part of what it measures.
        return Counter(dict(self._looking.execute("SELECT state, count(*) FROM job GROUP BY state")))

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
            self._looking.close()
            self._engine.dispose()
