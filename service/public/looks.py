"""How somebody likes to read: larger letters, stronger contrast. Nothing is kept of whoever has not chosen."""

from dataclasses import dataclass
from typing import Final

from flask import has_request_context, request

from reports.wording import N_

COOKIE: Final = "reading"
SIZES: Final = {"standard": N_("标准"), "large": N_("大"), "larger": N_("特大")}
CONTRASTS: Final = {"standard": N_("标准"), "high": N_("高对比")}


@dataclass(frozen=True, slots=True)
class Look:
    """One choice of each."""

    size: str = "standard"
    contrast: str = "standard"

    @property
    def classes(self) -> str:
        """For the page's root element."""
        return f"size-{self.size} contrast-{self.contrast}"

    def __str__(self) -> str:
        return f"{self.size}.{self.contrast}"


def look_of(said: str) -> Look:
    """The look that a cookie tells of; the ordinary one when it tells of none."""
    size, _, contrast = said.partition(".")
    return Look(size if size in SIZES else "standard", contrast if contrast in CONTRASTS else "standard")


def choices() -> Look:
    """How this visitor likes to read."""
    return look_of(request.cookies.get(COOKIE, "")) if has_request_context() else Look()
