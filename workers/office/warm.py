"""One LibreOffice that stays for many documents, with the bridge that drives it, from its start to its end."""

import json
import math
import tempfile
import time
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, Field, ValidationError

from workers import children
from workers.errors import DocumentFailed
from workers.fonts.chosen import Fonts
from workers.office import bubblewrap
from workers.office.alone import prepared_profile
from workers.office.failures import OfficeCrashed, OfficeTimedOut, refuse_unless_whole
from workers.office.homes import Home
from workers.office.installed import QUIET, Office, environment
from workers.proof.soundness import is_whole

BRIDGE: Final = Path(__file__).with_name("bridge.py")
_MOST_BYTES: Final = children.Limits(0).file_size


class Answer(BaseModel, extra="forbid", strict=True):
    """What the bridge says before a PDF."""

    number: int
    memory: int
    size: int = Field(0, ge=0, le=_MOST_BYTES)


class OfficeNotUnderstood(DocumentFailed):
    """The bridge to LibreOffice says something else than was agreed upon."""

    code = "office_not_understood"
    retry = True

    def __init__(self, line: bytes) -> None:
        super().__init__(
            for_person="转换 PDF 的程序工作异常。",
            for_operator=f"the bridge to LibreOffice said {line[:200]!r}; is another version's bridge running?",
        )


class WarmOffice:
    """An office in a box with its bridge.

    Documents come and go through pipes: it has no folder in common with us, so there is nothing in which it could see
    another document, change one that was checked, or leave something lying.
    """

    def __init__(self, office: Office, python: Path, deadline: float) -> None:
        self.made = 0
        self.memory = 0
        self._office = office
        self.is_ready = False
        self._finished: children.Finished | None = None
        profile = prepared_profile(office, deadline)
        self._order = {
            "profile": str(profile),
            "fonts": _configuration(office.fonts),
            # The bridge is its parent: when that is killed, the office must not stay.
            "command": [*children.DIES_WITH_PARENT, str(office.program), *QUIET],
        }
        # A box has a folder of its own, which goes with it.
        self._home = None if office.boxed else Home()
        try:
            self._talk = self._begin([str(python), "-I", "-B", str(BRIDGE)], profile)
        except BaseException:
            if self._home is not None:
                self._home.close()
            raise

    def _begin(self, argv: list[str], profile: Path) -> children.Conversation:
        limits = children.Limits(math.inf, memory=self._office.memory)
        if self._home is None:
            env = environment(bubblewrap.INSIDE)
            readable = (*self._office.readable, profile, BRIDGE)
            argv = bubblewrap.boxed(argv, writable=None, readable=readable, env=env)
            return children.Conversation(argv, cwd=Path("/"), env=env, limits=limits)
        folder = self._home.folder
        return children.Conversation(argv, cwd=folder, env=environment(folder), limits=limits)

    @property
    def is_gone(self) -> bool:
        """Whether it has ended, by itself or by us."""
        return self._finished is not None or self._talk.is_over

    def pdf_of(self, docx: bytes, deadline: float) -> bytes:
        """The PDF of a Word file; after any failure the office is ended."""
        begun = time.monotonic()
        try:
            pdf = self._answer(docx, deadline)
            if not is_whole(pdf):
                refuse_unless_whole(pdf, self.end())
        except children.Unanswered as error:
            finished = self.end(timed_out=error.timed_out)
            took = round(time.monotonic() - begun, 1)
            raise OfficeTimedOut(took, finished) if error.timed_out else OfficeCrashed(finished) from None
        except BaseException:
            # Whatever it still says would be taken for the answer to another document.
            self.end()
            raise
        return pdf

    def _answer(self, docx: bytes, deadline: float) -> bytes:
        if not self.is_ready:
            self._talk.say(_line(self._order), deadline)
            _understood(self._talk.hear_line(deadline), self.made)
            self.is_ready = True
        self.made += 1
        self._talk.say(_line({"number": self.made, "size": len(docx)}) + docx, deadline)
        told = _understood(self._talk.hear_line(deadline), self.made)
        self.memory = told.memory
        return self._talk.hear(told.size, deadline)

    def end(self, *, timed_out: bool = False) -> children.Finished:
        """End it with all that it started; once is enough."""
        if self._finished is None:
            self._finished = self._talk.end(timed_out=timed_out)
            if self._home is not None:
                self._home.close()
        return self._finished


def _understood(line: bytes, number: int) -> Answer:
    try:
        answer = Answer.model_validate_json(line)
    except ValidationError as error:
        raise OfficeNotUnderstood(line) from error
    if answer.number != number:
        raise OfficeNotUnderstood(line)
    return answer


def _line(said: dict[str, Any]) -> bytes:
    return json.dumps(said).encode() + b"\n"


def _configuration(fonts: Fonts) -> str:
    with tempfile.TemporaryDirectory(prefix="nianbao-") as folder:
        return fonts.write(Path(folder)).read_text(encoding="utf-8")
