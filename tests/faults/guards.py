"""Guards that an experiment takes away to see whether it would notice: each is one patch in one worker process."""

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

from sqlalchemy import ColumnElement

from storage import files, jobs
from storage.files import DocumentFiles, Kept
from storage.tables import Job
from workers import children


def _no_fence() -> None:
    def this_job(job_id: int, fence: int = 0) -> ColumnElement[bool]:
        return Job.id == job_id

    replace(jobs, "_free", this_job)
    replace(jobs, "_running", this_job)


def _no_death_signal() -> None:
    replace(children, "DIES_WITH_PARENT", ("env",))


def _no_side_names() -> None:
    def keep(self: DocumentFiles, sources: Sequence[Path], job_id: int, fence: int) -> list[Kept]:
        kept = []
        for source in sources:
            path = self._folder(job_id) / f"job-{job_id}-fence-{fence}{source.suffix}"
            path.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, path)
            key = path.relative_to(self.root).as_posix()
            kept.append(Kept(key, files.hashlib.sha256(source.read_bytes()).hexdigest(), path.stat().st_size))
        return kept

    replace(DocumentFiles, "keep", keep)


_GUARDS: dict[str, Callable[[], None]] = {
    "fence": _no_fence,
    "death_signal": _no_death_signal,
    "side_names": _no_side_names,
}


def take_away(guard: str) -> None:
    """Do without a guard from now on."""
    _GUARDS[guard]()


def replace(owner: object, name: str, value: object) -> None:
    """Put something else in the place of what must be there."""
    if not hasattr(owner, name):
        raise AttributeError(f"{owner} has no {name} any more: mend the experiment")
    setattr(owner, name, value)
