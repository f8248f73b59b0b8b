"""fill(): one report's answers in a Word template. docxtpl is called here and nowhere else."""

import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final
from xml.sax.saxutils import escape

from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, Template, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from workers.errors import DocumentFailed

_FILLED_PARTS: Final = re.compile(r"word/(document|header\d*|footer\d*|footnotes)\.xml")
_PROPERTIES_PART: Final = "docProps/core.xml"
# What a template can provoke without a mistake in our own code: {{ 1 + "a" }}, {% include "x" %}, {{ 1 / 0 }}.
_ASKED_TOO_MUCH: Final = (TemplateError, TypeError, ValueError, ArithmeticError, LookupError)
# A file made twice from the same answers is the same file: the ZIP says no time of its own.
_NO_TIME: Final = (1980, 1, 1, 0, 0, 0)


class TemplateBroken(DocumentFailed):
    """The Word template cannot be filled, whatever the answers are."""

    code = "template_broken"
    retry = False

    def __init__(self, path: Path, reason: object) -> None:
        super().__init__(
            for_person="Word 模板有误，请管理员用 nianbao template lint 检查后再生成",
            for_operator=f"{path}: {reason}",
        )


@dataclass(frozen=True, slots=True)
class Properties:
    """What a document says of itself; LibreOffice carries it into the PDF."""

    title: str
    author: str
    subject: str
    keywords: str

    def to_xml(self) -> str:
        """docProps/core.xml, written here because docxtpl escapes properties twice."""
        said = {
            "dc:title": self.title,
            "dc:creator": self.author,
            "dc:subject": self.subject,
            "cp:keywords": self.keywords,
            "dc:language": "zh-CN",
        }
        inside = "".join(f"<{tag}>{escape(text)}</{tag}>" for tag, text in said.items())
        return f"{_DECLARATION}<cp:coreProperties {_CORE}>{inside}</cp:coreProperties>"


_DECLARATION: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_CORE: Final = (
    'xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"'
)


class WordTemplate:
    """A Word template, patched by docxtpl and compiled by Jinja once, filled many times."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._still: dict[str, bytes] = {}
        self._filled: dict[str, Template] = {}
        try:
            self._read()
        except (zipfile.BadZipFile, KeyError, TemplateError, UnicodeDecodeError) as error:
            raise TemplateBroken(path, error) from error

    def _read(self) -> None:
        patcher, environment = DocxTemplate(self.path), _environment()
        with zipfile.ZipFile(self.path) as package:
            package.getinfo(_PROPERTIES_PART)
            for name in package.namelist():
                part = package.read(name)
                if _FILLED_PARTS.fullmatch(name):
                    self._filled[name] = environment.from_string(patcher.patch_xml(part.decode("utf-8")))
                elif name != _PROPERTIES_PART:
                    self._still[name] = part

    def fill(self, context: Mapping[str, Any], properties: Properties) -> bytes:
        """The filled document; the same context and properties give the same bytes."""
        try:
            parts = {name: _with_tabs(template.render(context)) for name, template in self._filled.items()}
        except _ASKED_TOO_MUCH as error:
            raise TemplateBroken(self.path, error) from error
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as package:
            for name, part in (self._still | {_PROPERTIES_PART: properties.to_xml()} | parts).items():
                _write(package, name, part)
        return packed.getvalue()


def word_template(path: Path) -> WordTemplate:
    """The template at `path`, kept until the file changes: reading one costs as much as filling four."""
    return _kept(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=32)
def _kept(path: Path, _changed: int) -> WordTemplate:
    return WordTemplate(path)


def _environment() -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
    environment.globals.clear()
    environment.filters.clear()
    environment.tests.clear()
    return environment


def _with_tabs(xml: str) -> str:
    # In w:t a tab is a space; the patched template itself has none.
    return xml.replace("\t", '</w:t><w:tab/><w:t xml:space="preserve">')


def _write(package: zipfile.ZipFile, name: str, part: bytes | str) -> None:
    entry = zipfile.ZipInfo(name, _NO_TIME)
    entry.compress_type = zipfile.ZIP_DEFLATED
    package.writestr(entry, part)
