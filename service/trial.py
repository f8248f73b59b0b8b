"""The example report through a running service, as a program would do it: hand in, wait, download, look."""

import hashlib
import io
import json
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

import pypdfium2
from docx import Document

from service.machine import reachable
from storage.people.keys import create_key, revoke_key
from storage.session import make_engine, session_scope
from storage.settings import Settings

EXAMPLE = Path("open-government-annual/2021/example.json")
# The first document of a new installation prepares LibreOffice's profile as well.
WAIT_SECONDS = 240
ACTOR = "operator:nianbao up"

Json = dict[str, Any]
Watch = Callable[[Callable[[], bool], float], bool]


class TrialFailed(Exception):
    """The example did not become two good files; `program` is whose log tells more."""

    code = "trial_failed"

    def __init__(self, for_person: str, program: str = "web") -> None:
        self.for_person = self.for_operator = for_person
        self.program = program
        super().__init__(for_person)


@dataclass(frozen=True)
class Visitor:
    """A program that signs in with a key."""

    address: str
    key: str

    def get(self, path: str) -> bytes:
        return self._ask("GET", path, None)

    def post(self, path: str, body: bytes) -> bytes:
        return self._ask("POST", path, body)

    def _ask(self, method: str, path: str, body: bytes | None) -> bytes:
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
        try:
            with closing(HTTPConnection(*reachable(self.address), timeout=30)) as connection:
                connection.request(method, path, body, headers)
                answer = connection.getresponse()
                told = answer.read()
        except (OSError, HTTPException) as error:
            raise TrialFailed(f"网页服务没有应答 {method} {path}（{error}）") from error
        if answer.status >= 400:
            raise TrialFailed(f"{method} {path} 得到 {answer.status}：{told.decode(errors='replace')}")
        return told


@contextmanager
def passing_key(settings: Settings) -> Iterator[str]:
    """A key for this moment only."""
    name = f"试运行 {datetime.now():%Y-%m-%d %H:%M:%S.%f}"
    engine = make_engine(settings)
    try:
        with session_scope(engine) as session:
            key = create_key(session, name, ACTOR)
        try:
            yield key
        finally:
            with session_scope(engine) as session:
                revoke_key(session, name, ACTOR)
    finally:
        engine.dispose()


class Trial:
    """The example on its way, as a clerk's program sees it."""

    def __init__(self, visitor: Visitor, settings: Settings) -> None:
        self._visitor = visitor
        self._example = (settings.template_dir / EXAMPLE).read_bytes()
        self._job: Json = {}

    def hand_in(self) -> str:
        """The address of the report, as the API has it."""
        taken = json.loads(self._visitor.post("/api/v1/reports", self._example))
        self._job = taken["job"]
        return str(taken["report"])

    def wait(self, watch: Watch) -> None:
        """Until its files are made; a failure is told in the words the clerk would read."""
        watch(self._is_settled, WAIT_SECONDS)
        if error := self._job["error"]:
            raise TrialFailed(f"文件没有生成：{error['message']}（{error['code']}）", "preview")
        if self._job["state"] != "done":
            waiting = self._job["state_in_words"]
            raise TrialFailed(f"等了 {WAIT_SECONDS} 秒，文件还没有生成（{waiting}）", "preview")

    def _is_settled(self) -> bool:
        self._job = json.loads(self._visitor.get(self._job["url"]))
        return self._job["state"] in ("done", "failed") or self._job["error"] is not None

    def look(self) -> int:
        """The pages of the PDF, when both files are whole and speak of the unit."""
        unit = json.loads(self._example)["unit"]["name"]
        contents = {one["format"]: self._download(one) for one in self._job["documents"]}
        if contents.keys() != {"docx", "pdf"}:
            raise TrialFailed(f"应有 Word 和 PDF 两份文件，只有：{'、'.join(contents) or '没有'}")
        if unit not in _words_of_word(contents["docx"]):
            raise TrialFailed(f"Word 文件中没有“{unit}”")
        words, pages = _words_of_pdf(contents["pdf"])
        if unit not in words:
            raise TrialFailed(f"PDF 文件中没有“{unit}”")
        return pages

    def _download(self, document: Json) -> bytes:
        content = self._visitor.get(document["url"])
        if hashlib.sha256(content).hexdigest() != document["sha256"]:
            raise TrialFailed(f"下载的 {document['format']} 与登记的 SHA-256 不符")
        return content


def _words_of_word(docx: bytes) -> str:
    return "".join(paragraph.text for paragraph in Document(io.BytesIO(docx)).paragraphs)


def _words_of_pdf(pdf: bytes) -> tuple[str, int]:
    if not pdf.startswith(b"%PDF"):
        raise TrialFailed("PDF 文件的开头不是 %PDF")
    with closing(pypdfium2.PdfDocument(pdf)) as document:
        text = "".join(page.get_textpage().get_text_range() for page in document)
        return "".join(text.split()), len(document)
