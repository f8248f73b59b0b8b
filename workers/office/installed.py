"""The installed LibreOffice: where it lies, what it may read, what it knows of the world."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from storage.settings import Settings
from workers import children
from workers.fonts.chosen import Fonts
from workers.office import bubblewrap
from workers.office.failures import OfficeMissing

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
_ASK_SECONDS: Final = 20
# Debian's Redis brings it along.
_ALLOCATORS: Final = ("/usr/lib/*/libjemalloc.so.2", "/usr/lib64/libjemalloc.so.2", "/usr/lib/libjemalloc.so.2")
# An office has one document at a time, and needs for the next what it has given back for the last.
_KEEP_MEMORY: Final = "narenas:1,dirty_decay_ms:-1,muzzy_decay_ms:0"


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


def find_python(program: Path, folder: Path) -> Path | None:
    """A Python that can load `uno`, asked in `folder`: the system's, or one that this LibreOffice brings along."""
    for python in (Path("/usr/bin/python3"), program.with_name("python")):
        if python.is_file():
            argv: list[str | Path] = [python, "-I", "-B", "-c", "import uno"]
            if children.run(argv, cwd=folder, env=environment(folder), limits=children.Limits(_ASK_SECONDS)).code == 0:
                return python
    return None


def environment(home: Path) -> dict[str, str]:
    """All that an office knows of the world: its home, with its fonts in it."""
    return {
        "PATH": "/usr/bin:/bin",
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "TZ": "Asia/Shanghai",
        "FONTCONFIG_FILE": str(home / "fonts.conf"),
        **allocator(),
    }


@cache
def allocator() -> dict[str, str]:
    """Memory from jemalloc, where it is: with glibc's, the longer an office lives, the longer it seeks a free piece."""
    for place in _ALLOCATORS:
        for library in sorted(Path("/").glob(place.lstrip("/"))):
            return {"LD_PRELOAD": str(library), "MALLOC_CONF": _KEEP_MEMORY}
    return {}
