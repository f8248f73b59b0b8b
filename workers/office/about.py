"""What a worker works with, told once when it starts, so that a page can show it: versions, and who draws for whom."""

import json
import platform
import tempfile
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final

from workers import children
from workers.errors import DocumentFailed
from workers.fonts.roles import ROLES
from workers.office.installed import Office

_ASK_SECONDS: Final = 20
_ENVIRONMENT: Final = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}


def about(office: Office, *, warm: bool) -> str:
    """As it is kept beside the worker, in JSON; what cannot be found out is left empty."""
    told: dict[str, Any] = {
        "libreoffice": _libreoffice(office.program),
        "boxed": office.boxed,
        "warm": warm,
        "python": platform.python_version(),
        "nianbao": our_version(),
        "fonts": _fonts(office),
    }
    return json.dumps(told, ensure_ascii=False)


def our_version() -> str:
    """Which nianbao is installed here."""
    try:
        return version("nianbao")
    except PackageNotFoundError:
        return ""


def _libreoffice(program: Path) -> str:
    with tempfile.TemporaryDirectory(prefix="nianbao-") as folder:
        limits = children.Limits(seconds=_ASK_SECONDS)
        told = children.run([program, "--version"], cwd=Path(folder), env=_ENVIRONMENT, limits=limits)
    words = told.out.strip().removeprefix("LibreOffice ").split()
    return words[0] if told.code == 0 and words else ""


def _fonts(office: Office) -> list[dict[str, Any]]:
    try:
        drawn = office.fonts.drawn_with([role.declared[0] for role in ROLES])
    except DocumentFailed:
        return []
    return [{"declared": one.declared, "family": one.family, "stand_in": one.stand_in} for one in drawn]
