"""How the files of an archive are called: as people would call them, and as every system can take them."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

from storage.roster.facts import KINDS
from storage.tables import Format, UnitKind

MANIFEST_CSV, MANIFEST_XLSX, SUMS = "manifest.csv", "manifest.xlsx", "SHA256SUMS"
# Windows takes none of these, and no name that ends with a dot or a blank.
_FORBIDDEN: Final = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]')
# With its folder and its number a name stays beneath the 255 bytes that systems allow.
_LONGEST: Final = 70


class Names:
    """The names that an archive has given away; no two differ only in what some systems overlook."""

    def __init__(self, kinds: Iterable[UnitKind]) -> None:
        """Folders are numbered in the order in which kinds are first seen, which is the office's."""
        seen = dict.fromkeys(kinds)
        self._folders = {kind: f"{at}-{KINDS[kind]}" for at, kind in enumerate(seen, 1)}
        self._taken: set[str] = set()

    def take(self, kind: UnitKind, title: str) -> str:
        """Folder and name without ending; a second of the same name gets a number."""
        base = f"{self._folders[kind]}/{clean(title)}"
        name, number = base, 1
        while name.casefold() in self._taken:
            number += 1
            name = f"{base}（{number}）"
        self._taken.add(name.casefold())
        return name


def clean(title: str) -> str:
    """A title as a name that any system takes."""
    name = _FORBIDDEN.sub("_", unicodedata.normalize("NFC", title)).strip(" .")
    if len(name) > _LONGEST:
        # What it is stands at the end and stays; what is cut is told.
        name = f"{name[: _LONGEST - 26]}…{name[-25:]}"
    return name or "_"


def archive_name(title: str, scope: str, missing: int) -> str:
    """What the ZIP is called: one that is not complete says so, and how many are missing."""
    told = f"（不完整，缺 {missing}）" if missing else ""
    return f"{clean(title)}{scope}{told}.zip"


SCOPES: Final = {"all": "", "pdf": "（PDF）", "word": "（Word）"}
FORMATS: Final = {"all": (Format.PDF, Format.DOCX), "pdf": (Format.PDF,), "word": (Format.DOCX,)}
