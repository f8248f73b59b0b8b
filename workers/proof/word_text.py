"""What a Word file says: paragraphs and cells in reading order, the margins, the table heads that repeat."""

import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from lxml import etree

from workers.visible import CELL, visible
from workers.wordml import qualified

# Stands in a margin where the number of the page is printed.
PAGE_NUMBER: Final = "\x02"

_P, _RUN, _TABLE, _ROW, _CELL, _STRUCTURED = (qualified(tag) for tag in ("p", "r", "tbl", "tr", "tc", "sdt"))
_TEXT, _FIELD_CODE, _FIELD_CHAR, _SIMPLE_FIELD = (qualified(tag) for tag in ("t", "instrText", "fldChar", "fldSimple"))
_SIGNS: Final = {
    qualified("tab"): "\t",
    qualified("br"): "\n",
    qualified("cr"): "\n",
    qualified("noBreakHyphen"): "\u2011",
    qualified("softHyphen"): "\u00ad",
}
_PIECES: Final = frozenset((_TEXT, *_SIGNS))
_MERGED: Final = etree.XPath(
    ".//w:tc[w:tcPr/w:vMerge[not(@w:val) or @w:val = 'continue']]", namespaces={"w": qualified("")[1:-1]}
)
_HEAD: Final = f"{qualified('trPr')}/{qualified('tblHeader')}"
_SOFT_HYPHEN: Final = "\u00ad"
_MARGIN: Final = re.compile(r"word/(header|footer)\d*\.xml")
_ACTIVE: Final = re.compile(r"vbaProject|activeX|oleObject|embeddings/|afchunk|attachedTemplate", re.IGNORECASE)
_XML: Final = re.compile(r".*\.(xml|rels)")
_PARSER: Final = {"resolve_entities": False, "no_network": True, "huge_tree": False}


class NotWord(Exception):
    """The file is not a whole Word file; the message is for the operator."""


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph outside tables, or a whole cell."""

    text: str
    in_cell: bool


@dataclass(frozen=True, slots=True)
class WordText:
    """A Word file's text, and its XML parts for whoever wants to look closer."""

    blocks: tuple[Block, ...]
    margins: tuple[str, ...]
    repeated: tuple[str, ...]
    title: str
    author: str
    parts: Mapping[str, Any]

    @property
    def document(self) -> str:
        """All visible text in reading order, a CELL mark at either end of every cell that is not empty."""
        return self._document("")

    def is_said_by(self, other: str) -> bool:
        """Whether `other` is this document's visible text; a soft hyphen may have become a hyphen at a line's end."""
        if other == self.document:
            return True
        pattern = re.escape(self._document(_SOFT_HYPHEN)).replace(_SOFT_HYPHEN, "-?")
        return re.fullmatch(pattern, other) is not None

    def _document(self, soft_hyphen: str) -> str:
        said: list[str] = []
        for block in self.blocks:
            if text := soft_hyphen.join(map(visible, block.text.split(_SOFT_HYPHEN))):
                said += [CELL, text, CELL] if block.in_cell else [text]
        return "".join(said).replace(CELL + CELL, CELL)

    @property
    def text(self) -> str:
        """Everything that is printed."""
        return "\n".join([*(block.text for block in self.blocks), *self.margins]).replace(PAGE_NUMBER, "")

    def dangers(self) -> Iterator[str]:
        """What a report has no use for and others have misused."""
        for name, part in self.parts.items():
            if _ACTIVE.search(name):
                yield f"it contains {name}"
            if not isinstance(part, bytes) and part.getroottree().docinfo.doctype:
                yield f"{name} has a document type"
            if name.endswith(".rels"):
                for one in part:
                    if one.get("TargetMode") == "External" and not one.get("Type", "").endswith("/hyperlink"):
                        yield f"{name} leads out of the document to {one.get('Target')}"


def read_word(path: Path) -> WordText:
    """Unpack a Word file, parse every part strictly, and read it."""
    parts = _parts(path)
    try:
        body = parts["word/document.xml"].find(qualified("body"))
        core = parts["docProps/core.xml"]
    except KeyError as missing:
        raise NotWord(f"it has no part {missing}") from None
    return WordText(
        blocks=tuple(_blocks(body)),
        margins=tuple(_margin(part) for name, part in parts.items() if _MARGIN.fullmatch(name)),
        repeated=tuple(_repeated(table) for table in body.iter(_TABLE)),
        title=core.findtext("{*}title") or "",
        author=core.findtext("{*}creator") or "",
        parts=parts,
    )


def _parts(path: Path) -> dict[str, Any]:
    parser = etree.XMLParser(**_PARSER)
    try:
        with zipfile.ZipFile(path) as package:
            # Reading a member compares its checksum.
            whole = {name: package.read(name) for name in package.namelist()}
            return {
                name: etree.fromstring(data, parser) if _XML.fullmatch(name) else data for name, data in whole.items()
            }
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, etree.XMLSyntaxError) as error:
        raise NotWord(str(error)) from error


def _blocks(body: Any) -> Iterator[Block]:
    for child in body:
        if child.tag == _P:
            yield Block(_paragraph(child), in_cell=False)
        elif child.tag == _TABLE:
            for cell in _cells(child):
                yield Block(_cell(cell), in_cell=True)
        elif child.tag == _STRUCTURED:
            yield from _blocks(child.find(qualified("sdtContent")))


def _cell(cell: Any) -> str:
    return "\n".join(_paragraph(paragraph) for paragraph in cell.iter(_P))


def _cells(within: Any) -> Iterator[Any]:
    """The cells of a table or a row, but not what continues the cell above."""
    # Asked for once: a question for each cell costs more than all its text.
    merged = set(_MERGED(within))
    return (cell for cell in within.iter(_CELL) if cell not in merged)


def _paragraph(paragraph: Any) -> str:
    return "".join(
        piece.text or "" if piece.tag == _TEXT else _SIGNS[piece.tag]
        for run in paragraph.iter(_RUN)
        for piece in run
        if piece.tag in _PIECES
    )


def _repeated(table: Any) -> str:
    """The visible text of the rows that a table repeats on every page."""
    rows = (row for row in table.iter(_ROW) if row.find(_HEAD) is not None)
    return visible("".join(_cell(cell) for row in rows for cell in _cells(row)))


def _margin(part: Any) -> str:
    """The visible text of a header or footer, PAGE_NUMBER where its field is."""
    said: list[str] = []
    in_result = False
    for piece in part.iter(_TEXT, _FIELD_CODE, _FIELD_CHAR):
        if piece.tag == _FIELD_CHAR:
            in_result = piece.get(qualified("fldCharType")) == "separate"
        elif piece.tag == _FIELD_CODE:
            said.append(PAGE_NUMBER if (piece.text or "").split()[:1] == ["PAGE"] else "")
        elif not in_result:
            said.append(piece.text or "")
    return visible("".join(said))
