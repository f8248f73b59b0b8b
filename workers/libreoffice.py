"""The installed LibreOffice, and to_pdf(): one Word file through one that is started for it alone."""

import hashlib
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from storage.settings import Settings
from workers import bubblewrap, children, office_profile
from workers.fonts import Fonts
from workers.office_failures import OfficeCrashed, OfficeMissing, OfficeTimedOut, refuse_unless_whole

_PLACES: Final = (
    "/usr/lib/libreoffice/program/soffice.bin",
    "/usr/lib64/libreoffice/program/soffice.bin",
    "/opt/libreoffice*/program/soffice.bin",
)
# No window, no splash, no wizard, no crash reporter, no attempt to recover what another run left.
QUIET: Final = (
    "--headless",
    "--invisible",
    "--nocrashreport",
    "--nodefault",
    "--nologo",
    "--nofirststartwizard",
    "--norestore",
)
_PREPARE_SECONDS: Final = 60
# What it exits with when it has set up a profile and wants to be started again.
_STARTS_ANEW: Final = 81


@dataclass(frozen=True)
class Office:
    """One installed LibreOffice and how it is to be used."""

    program: Path
    data_dir: Path
    fonts: Fonts
    # In a bubblewrap box; without one, nothing keeps it from the network.
    boxed: bool
    seconds: float
    memory: int = 2048 * children.MEBIBYTE

    @classmethod
    def from_settings(cls, settings: Settings, *, seconds: float) -> "Office":
        """The LibreOffice that the settings name, or the one found where it usually lies."""
        return cls(
            program=find_program(settings.soffice),
            data_dir=settings.data_dir,
            fonts=Fonts(settings.data_dir, settings.operator_fonts_dir),
            boxed=bubblewrap.works(settings.data_dir),
            seconds=seconds,
        )

    @property
    def home(self) -> Path:
        """The folder that the program and all that it needs lie in."""
        folder = self.program.parent
        return folder.parent if folder.name == "program" else folder

    @property
    def readable(self) -> tuple[Path, ...]:
        """What it must be able to read, beside the system."""
        return (self.home, *self.fonts.readable)


def find_program(given: Path | None = None) -> Path:
    """soffice.bin itself: the launcher beside it forks, and killing a launcher kills nothing."""
    for place in _PLACES if given is None else (str(given),):
        for found in sorted(Path("/").glob(place.lstrip("/")), reverse=True):
            beside = found.resolve().with_name("soffice.bin")
            return beside if beside.is_file() else found
    raise OfficeMissing(given or ", ".join(_PLACES))


def to_pdf(docx: Path, folder: Path, *, office: Office) -> Path:
    """Convert a Word file; the PDF lies in `folder` under the same name. Whether it is good is for verify to say."""
    with _workplace(folder) as place:
        shutil.copyfile(docx, place / "report.docx")
        shutil.copytree(prepared_profile(office), place / "profile")
        seen_from_inside = bubblewrap.INSIDE if office.boxed else place
        finished = _run(
            office,
            place,
            office.seconds,
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


def _run(office: Office, place: Path, seconds: float, *arguments: str) -> children.Finished:
    """Run LibreOffice with the profile in `place`: in a box with that folder alone, or in a session of its own."""
    inside = bubblewrap.INSIDE if office.boxed else place
    office.fonts.write(place)
    env = environment(inside)
    argv = [str(office.program), *QUIET, f"-env:UserInstallation={(inside / 'profile').as_uri()}", *arguments]
    if office.boxed:
        argv = bubblewrap.boxed(argv, writable=place, readable=office.readable, env=env)
    return children.run(argv, cwd=place, env=env, limits=children.Limits(seconds, memory=office.memory))


def environment(home: Path) -> dict[str, str]:
    """All that an office knows of the world: its home, with its fonts in it."""
    return {
        "PATH": "/usr/bin:/bin",
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "TZ": "Asia/Shanghai",
        "FONTCONFIG_FILE": str(home / "fonts.conf"),
    }


def prepared_profile(office: Office) -> Path:
    """A profile that LibreOffice has started with once: at its first start it sets one up and exits, no more."""
    program = office.program.stat()
    what = f"{office_profile.registry()}|{office.program}|{program.st_mtime_ns}|{program.st_size}"
    prepared = office.data_dir / "office" / hashlib.sha256(what.encode()).hexdigest()[:16]
    if not prepared.is_dir():
        with _workplace(office.data_dir) as place:
            office_profile.write(place / "profile")
            finished = _run(office, place, _PREPARE_SECONDS, "--terminate_after_init")
            if finished.timed_out:
                raise OfficeTimedOut(_PREPARE_SECONDS, finished)
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
