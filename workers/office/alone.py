"""to_pdf(): one Word file through a LibreOffice that is started for it alone."""

import hashlib
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from workers import children
from workers.office import bubblewrap
from workers.office import profile as profiles
from workers.office.failures import OfficeCrashed, OfficeTimedOut, refuse_unless_whole
from workers.office.homes import Home
from workers.office.installed import QUIET, Office, environment

# What is left of the time when it is up: enough to be told apart from an office that fails at once.
_LEAST_SECONDS: Final = 1.0
# What it exits with when it has set up a profile and wants to be started again.
_STARTS_ANEW: Final = 81


def to_pdf(docx: Path, folder: Path, *, office: Office) -> Path:
    """Convert a Word file; the PDF lies in `folder` under the same name. Whether it is good is for verify to say."""
    deadline = time.monotonic() + office.seconds
    with _workplace(folder) as place:
        shutil.copyfile(docx, place / "report.docx")
        shutil.copytree(prepared_profile(office, deadline), place / "profile")
        seen_from_inside = bubblewrap.INSIDE if office.boxed else place
        finished = _run(
            office,
            place,
            deadline,
            "--convert-to",
            "pdf:writer_pdf_Export",
            "--outdir",
            str(seen_from_inside),
            str(seen_from_inside / "report.docx"),
        )
        if finished.timed_out:
            raise OfficeTimedOut(office.seconds, finished)
        made = place / "report.pdf"
        refuse_unless_whole(made.read_bytes() if made.is_file() else b"", finished)
        return made.replace(folder / f"{docx.stem}.pdf")


def _run(office: Office, place: Path, deadline: float, *arguments: str) -> children.Finished:
    """Run LibreOffice with the profile in `place`: in a box with that folder alone, or in a session of its own."""
    inside = bubblewrap.INSIDE if office.boxed else place
    office.fonts.write(place)
    argv = [str(office.program), *QUIET, f"-env:UserInstallation={(inside / 'profile').as_uri()}", *arguments]
    limits = children.Limits(max(_LEAST_SECONDS, deadline - time.monotonic()), memory=office.memory)
    env = environment(inside)
    if office.boxed:
        argv = bubblewrap.boxed(argv, writable=place, readable=office.readable, env=env)
        return children.run(argv, cwd=place, env=env, limits=limits)
    with closing(Home(place / "profile")):
        return children.run(argv, cwd=place, env=env, limits=limits)


def prepared_profile(office: Office, deadline: float) -> Path:
    """A profile that LibreOffice has started with once: at its first start it sets one up and exits, no more."""
    program = office.program.stat()
    what = f"{profiles.registry()}|{office.program}|{program.st_mtime_ns}|{program.st_size}"
    prepared = office.data_dir / "office" / hashlib.sha256(what.encode()).hexdigest()[:16]
    if not prepared.is_dir():
        with _workplace(office.data_dir) as place:
            profiles.write(place / "profile")
            finished = _run(office, place, deadline, "--terminate_after_init")
            if finished.timed_out:
                raise OfficeTimedOut(office.seconds, finished)
            if finished.code not in (0, _STARTS_ANEW):
                raise OfficeCrashed(finished)
            prepared.parent.mkdir(exist_ok=True)
            _put(place / "profile", prepared)
    return prepared


def _put(made: Path, place: Path) -> None:
    try:
        made.rename(place)
    except OSError:
        # Another process was faster; its profile is as good as ours.
        if not place.is_dir():
            raise


@contextmanager
def _workplace(folder: Path) -> Iterator[Path]:
    place = Path(tempfile.mkdtemp(prefix=".office-", dir=folder))
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)
