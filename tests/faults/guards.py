"""Guards that an experiment takes away to see whether it would notice: each is one patch in one worker process."""

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

from sqlalchemy import ColumnElement, Connection

from storage import session
from storage.files import DocumentFiles, Kept, storage_key
from storage.making import jobs
from storage.tables import Job
from workers import children, libreoffice


def _no_fence() -> None:
    def this_job(job_id: int, fence: int = 0) -> ColumnElement[bool]:
        return Job.id == job_id

    replace(jobs, "_free", this_job)
    replace(jobs, "_running", this_job)


def _no_death_signal() -> None:
    replace(children, "DIES_WITH_PARENT", ("env",))


def _no_warm_office() -> None:
    replace(libreoffice, "find_python", lambda *_: None)


def _row_before_files() -> None:
    keep, discard_earlier = DocumentFiles.keep, DocumentFiles.discard_earlier
    made: list[Path] = []

    def promise(self: DocumentFiles, sources: Sequence[Path], job_id: int, fence: int) -> list[Kept]:
        made[:] = sources
        return [Kept(storage_key(job_id, fence, one.suffix), _digest(one), one.stat().st_size) for one in made]

    def keep_afterwards(self: DocumentFiles, job_id: int, fence: int) -> None:
        keep(self, made, job_id, fence)
        discard_earlier(self, job_id, fence)

    replace(DocumentFiles, "keep", promise)
    replace(DocumentFiles, "discard_earlier", keep_afterwards)


def _no_immediate_begin() -> None:
    real = session._begin_sqlite

    def begin_deferred(connection: Connection) -> None:
        if connection.get_execution_options().get(session.READING):
            real(connection)
            return
        connection.exec_driver_sql("PRAGMA query_only = OFF")
        connection.exec_driver_sql("BEGIN DEFERRED")

    replace(session, "_begin_sqlite", begin_deferred)


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


_GUARDS: dict[str, Callable[[], None]] = {
    "fence": _no_fence,
    "death_signal": _no_death_signal,
    "warm_office": _no_warm_office,
    "files_first": _row_before_files,
    "immediate_begin": _no_immediate_begin,
}


def take_away(guard: str) -> None:
    """Do without a guard from now on."""
    _GUARDS[guard]()


def replace(owner: object, name: str, value: object) -> None:
    """Put something else in the place of what must be there."""
    if not hasattr(owner, name):
        raise AttributeError(f"{owner} has no {name} any more: mend the experiment")
    setattr(owner, name, value)
