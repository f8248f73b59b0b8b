"""The door to LibreOffice: a warm office for each thread, replaced in good time and after anything that goes wrong."""

import os
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Final

import structlog

from storage.settings import Settings
from workers.children import MEBIBYTE
from workers.errors import DocumentFailed
from workers.fonts.chosen import Fonts
from workers.office.about import about
from workers.office.alone import to_pdf
from workers.office.installed import Office, find_python
from workers.office.warm import WarmOffice

# Of the time that a document has; the rest is for trying it once more.
_WARM_SHARE: Final = 1 / 3
# After so many offices in a row that did not even start, none is waited for any more.
_VAIN_STARTS: Final = 3

log = structlog.get_logger(__name__)


class Offices:
    """The offices of a process. Threads have one each, and a forked process none of its parent's."""

    def __init__(
        self, office: Office, python: Path | None, *, documents: int = 200, memory: int = 600 * MEBIBYTE
    ) -> None:
        self._office = office
        self._python = python
        self._documents, self._memory = documents, memory
        self._warm: dict[tuple[int, int], WarmOffice] = {}
        self._vain_starts = 0

    @classmethod
    def from_settings(cls, settings: Settings, *, seconds: float) -> "Offices":
        """The offices of this machine; OfficeMissing when it has no LibreOffice."""
        office = Office.from_settings(settings, seconds=seconds)
        return cls(office, find_python(office.program, office.data_dir))

    @property
    def fonts(self) -> Fonts:
        """The fonts that they draw with."""
        return self._office.fonts

    def about(self) -> str:
        """What documents are drawn with here, to be told to whoever looks after it."""
        return about(self._office, warm=self._python is not None)

    @property
    def seconds(self) -> float:
        """How long a document may take, both tries together."""
        return self._office.seconds

    def to_pdf(self, docx: Path, folder: Path) -> Path:
        """Convert a Word file; the PDF lies in `folder` under the same name. Whether it is good, verify will say."""
        deadline = time.monotonic() + self.seconds
        if self._python is not None and self._vain_starts < _VAIN_STARTS:
            try:
                return self._warmly(docx, folder, self._python)
            except (DocumentFailed, OSError) as failure:
                log.warning("office_replaced", reason=getattr(failure, "for_operator", repr(failure)))
        # Alone, in an office that is started for it and knows of nothing else.
        left = max(1.0, deadline - time.monotonic())
        return to_pdf(docx, folder, office=replace(self._office, seconds=left))

    def _warmly(self, docx: Path, folder: Path, python: Path) -> Path:
        deadline = time.monotonic() + self.seconds * _WARM_SHARE
        office = None
        try:
            office = self._mine(python, deadline)
            made = office.pdf_of(docx.read_bytes(), deadline)
        finally:
            self._vain_starts = 0 if office and office.is_ready else self._vain_starts + 1
        if office.made >= self._documents or office.memory > self._memory:
            office.end()
        pdf = folder / f"{docx.stem}.pdf"
        pdf.write_bytes(made)
        return pdf

    def _mine(self, python: Path, deadline: float) -> WarmOffice:
        me = os.getpid(), threading.get_ident()
        office = self._warm.get(me)
        if office is None or office.is_gone:
            if office is not None:
                office.end()
            office = self._warm[me] = WarmOffice(self._office, python, deadline)
        return office

    def close(self) -> None:
        """End the offices of this process."""
        for (process, thread), office in list(self._warm.items()):
            if process == os.getpid():
                office.end()
                del self._warm[process, thread]
