"""Private folders that documents are made in: one for each claim, gone when it is settled."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.orm import Session

from storage.making.jobs import Claim, is_held

NAME = re.compile(r"job-(\d+)-fence-(\d+)")


@contextmanager
def job_folder(root: Path, claim: Claim) -> Iterator[Path]:
    """An empty folder for one claim; what an earlier holder of the job left behind is removed."""
    for left in root.glob(f"job-{claim.job_id}-fence-*"):
        shutil.rmtree(left, ignore_errors=True)
    folder = root / f"job-{claim.job_id}-fence-{claim.fence}"
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def clear_folders(root: Path, session: Session) -> None:
    """Remove the folders whose claim nobody holds any more."""
    for folder in root.glob("job-*"):
        name = NAME.fullmatch(folder.name)
        if name and not is_held(session, job_id=int(name[1]), fence=int(name[2])):
            shutil.rmtree(folder, ignore_errors=True)
