"""to_pdf(): one Word file through LibreOffice, with its limits and its death."""

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
from workers.errors import DocumentFailed
from workers.fonts import Fonts

_PLACES: Final = (
    "/usr/lib/libreoffice/program/soffice.bin",
    "/usr/lib64/libreoffice/program/soffice.bin",
    "/opt/libreoffice*/program/soffice.bin",
)
# No window, no splash, no wizard, no crash reporter, no attempt to recover what another run left.
_QUIET: Final = (
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


class OfficeMissing(DocumentFailed):
    """LibreOffice is not where it should be."""

    code = "office_missing"
    retry = True

    def __init__(self, sought: object) -> None:
        super().__init__(
            for_person="服务器没有安装 LibreOffice，暂时无法生成 PDF。请与管理员联系。",
            for_operator=f"no soffice.bin at {sought}; install libreoffice-writer-nogui or set NIANBAO_SOFFICE",
        )


class OfficeTimedOut(DocumentFailed):
    """LibreOffice did not finish in its time and was killed."""

    code = "office_timed_out"
    retry = True

    def __init__(self, seconds: float, finished: children.Finished) -> None:
        super().__init__(
            for_person="转换 PDF 超时，稍后会自动重试。",
            for_operator=f"LibreOffice was killed after {seconds:g} s: it {finished}",
        )


class OfficeCrashed(DocumentFailed):
    """LibreOffice ended badly and left no PDF."""

    code = "office_crashed"
    retry = True

    def __init__(self, finished: children.Finished) -> None:
        super().__init__(
            for_person="转换 PDF 的程序意外退出，稍后会自动重试。",
            for_operator=f"LibreOffice {finished}; repeated for one document, keep its Word file and look at it",
        )


class OfficeWroteNothing(DocumentFailed):
    """LibreOffice said that all is well, and there is no PDF or an empty one."""

    code = "office_wrote_nothing"
    retry = True

    def __init__(self, finished: children.Finished) -> None:
        super().__init__(
            for_person="转换没有产生 PDF，稍后会自动重试。",
            for_operator=f"LibreOffice {finished}, and left no PDF; is the disk full, the profile damaged?",
        )


class OfficeWroteRubbish(DocumentFailed):
    """What LibreOffice left is not a whole PDF."""

    code = "office_wrote_rubbish"
    retry = True

    def __init__(self, finished: children.Finished, size: int) -> None:
        super().__init__(
            for_person="转换产生的 PDF 不完整，稍后会自动重试。",
            for_operator=f"{size} bytes that do not begin with %PDF- and end with %%EOF; LibreOffice {finished}",
        )


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
        shutil.copytree(_prepared_profile(office), place / "profile")
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
        _refuse_unless_written(place / "report.pdf", finished, office)
        pdf = folder / f"{docx.stem}.pdf"
        (place / "report.pdf").replace(pdf)
    return pdf


def _refuse_unless_written(pdf: Path, finished: children.Finished, office: Office) -> None:
    """Look at what is there. Exit codes are not believed: 0 has come with no file, 81 with nothing wrong."""
    if finished.timed_out:
        raise OfficeTimedOut(office.seconds, finished)
    size = pdf.stat().st_size if pdf.is_file() else 0
    if size == 0:
        raise OfficeWroteNothing(finished) if finished.code == 0 else OfficeCrashed(finished)
    with pdf.open("rb") as file:
        begins = file.read(5) == b"%PDF-"
        file.seek(max(0, size - 32))
        if not begins or b"%%EOF" not in file.read():
            raise OfficeWroteRubbish(finished, size)


def _run(office: Office, place: Path, seconds: float, *arguments: str) -> children.Finished:
    """Run LibreOffice with the profile in `place`: in a box with that folder alone, or in a session of its own."""
    inside = bubblewrap.INSIDE if office.boxed else place
    office.fonts.write(place)
    env = {
        "PATH": "/usr/bin:/bin",
        "HOME": str(inside),
        "LANG": "C.UTF-8",
        "TZ": "Asia/Shanghai",
        "FONTCONFIG_FILE": str(inside / "fonts.conf"),
    }
    profile = f"-env:UserInstallation={(inside / 'profile').as_uri()}"
    argv = [str(office.program), *_QUIET, profile, *arguments]
    if office.boxed:
        readable = (office.home, *office.fonts.readable)
        argv = bubblewrap.boxed(argv, writable=place, readable=readable, env=env)
    return children.run(argv, cwd=place, env=env, limits=children.Limits(seconds, memory=office.memory))


def _prepared_profile(office: Office) -> Path:
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
