"""A box around a program: no network, a read-only system, one writable folder, and nothing survives its end."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final

from workers import children

# Where the writable folder is seen inside; always the same, so that no path of the host gets into a document.
INSIDE: Final = Path("/job")
_SYSTEM: Final = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64")
# What LibreOffice and the loader read outside /usr, where it exists.
_SETTINGS: Final = (
    "/etc/ld.so.cache",
    "/etc/alternatives",
    "/etc/libreoffice",
    "/var/lib/libreoffice",
    "/var/spool/libreoffice",
)
_PATH: Final = {"PATH": "/usr/bin:/bin"}


def boxed(
    argv: Sequence[str | Path], *, writable: Path | None, readable: Iterable[Path], env: Mapping[str, str]
) -> list[str]:
    """The command that runs `argv` in a box where `writable` is /job and `readable` are where they are.

    Without a `writable`, /job is empty and goes with the box.
    """
    return [
        "bwrap",
        "--unshare-all",
        "--die-with-parent",
        "--cap-drop", "ALL",
        *_system(),
        "--proc", "/proc",
        "--dev", "/dev",
        "--tmpfs", "/tmp",  # noqa: S108 - the box's own
        *(word for path in _SETTINGS for word in ("--ro-bind-try", path, path)),
        *(word for path in readable for word in ("--ro-bind", str(path), str(path))),
        *(("--bind", str(writable)) if writable else ("--tmpfs",)), str(INSIDE),
        "--remount-ro", "/",
        "--chdir", str(INSIDE),
        "--clearenv",
        *(word for name, value in env.items() for word in ("--setenv", name, value)),
        "--",
        *map(str, argv),
    ]  # fmt: skip


def _system() -> list[str]:
    words: list[str] = []
    for path in map(Path, _SYSTEM):
        if path.is_symlink():
            words += ["--symlink", str(path.readlink()), str(path)]
        elif path.is_dir():
            words += ["--ro-bind", str(path), str(path)]
    # Data folders may lie there, and with them the secret key; what is needed of it is named by the caller.
    if Path("/usr/local").is_dir():
        words += ["--tmpfs", "/usr/local"]
    return words


@lru_cache
def works(folder: Path) -> bool:
    """Whether this machine lets us build boxes around folders in `folder`; tried once, not guessed."""
    try:
        argv = boxed(["test", "-w", INSIDE], writable=folder, readable=[], env=_PATH)
        finished = children.run(argv, cwd=folder, env=_PATH, limits=children.Limits(seconds=10))
    except FileNotFoundError:
        return False
    return finished.code == 0
