"""How pages say things: states, severities, moments, sizes."""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from typing import Final

from flask import Flask, url_for
from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

from reports.definition import Severity
from reports.findings import WEIGHTS
from reports.wording import N_
from storage.tables import Format, JobState

# China has one time and no summer time; the machine's own zone is not asked.
_CHINA: Final = timezone(timedelta(hours=8))
# 0000-6620018: browsers would break it at its hyphen.
_TELEPHONE: Final = re.compile(r"(\+?\d[\d-]{4,}\d)")
_WHOLE: Final = Markup('<span class="whole">{}</span>')


@dataclass(frozen=True, slots=True)
class State:
    """The word for a state, and the look that repeats it."""

    word: str
    look: str


STATES: Final = {
    JobState.QUEUED: State(N_("排队中"), "now"),
    JobState.RUNNING: State(N_("生成中"), "now"),
    JobState.DONE: State(N_("已生成"), "ok"),
    JobState.FAILED: State(N_("未生成"), "bad"),
    JobState.CANCELLED: State(N_("已取消"), ""),
}
FORMATS: Final = {Format.PDF: "PDF", Format.DOCX: "Word"}


# The look that repeats a severity's word.
LOOKS: Final = {Severity.ERROR: "bad", Severity.EXPLAIN: "ask", Severity.HINT: "hint"}


def set_up(app: Flask) -> None:
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.add_template_filter(moment)
    app.add_template_filter(size)
    app.add_template_filter(unbroken)
    app.add_template_filter(json_in_page)
    app.add_template_global(static_file)
    app.jinja_env.globals.update(STATES=STATES, FORMATS=FORMATS, WEIGHTS=WEIGHTS, LOOKS=LOOKS)


def moment(when: datetime) -> str:
    """2025-01-17 14:39, by the clocks of China."""
    return in_china(when).strftime("%Y-%m-%d %H:%M")


def in_china(when: datetime) -> datetime:
    """The same moment as China's clocks have it."""
    return when.astimezone(_CHINA)


def size(number: int) -> str:
    """412 KB, 1.3 MB."""
    if number < 1024 * 1024:
        return f"{max(1, round(number / 1024))} KB"
    return f"{number / 1024 / 1024:.1f} MB"


def unbroken(text: str) -> Markup:
    """A text in which telephone numbers stay on one line."""
    pieces = _TELEPHONE.split(text)
    return Markup("").join(_WHOLE.format(piece) if at % 2 else piece for at, piece in enumerate(pieces))


def json_in_page(value: object) -> Markup:
    """JSON for a script to read from the page; no `<` in it can end the element that holds it."""
    return htmlsafe_json_dumps(value, ensure_ascii=False, separators=(",", ":"))


def static_file(name: str) -> str:
    """The address of a file of ours; it changes with the contents, so that browsers may keep the file."""
    return url_for("static", filename=name, v=_fingerprint(Path(__file__).parent / "static" / name))


@cache
def _fingerprint(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()[:12]
