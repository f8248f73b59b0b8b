"""What a Word template asks for, and where: the tags in its paragraphs, as a person reading the page finds them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from workers.wordml import Element, qualified

_DOTTED: Final = r"[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)*"
_ANY: Final = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}|\{\{|\{%|\{#|\}\}|%\}|#\}")
_VALUE: Final = re.compile(rf"\{{\{{ *({_DOTTED}) *\}}\}}")
_LOOP: Final = re.compile(rf"\{{%p +for +([a-z][a-z0-9_]*) +in +({_DOTTED}) *%\}}")
_END: Final = re.compile(r"\{%p +endfor *%\}")


class Kind(StrEnum):
    """What a tag does. Nothing else has a place in a template."""

    VALUE = "value"
    LOOP = "loop"
    END = "end"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Tag:
    """One tag: where it stands, as it is written, what it does, the name it asks for (a loop's variable beside it)."""

    where: str
    text: str
    kind: Kind
    name: str = ""
    variable: str = ""
    alone: bool = True
    in_table: bool = False


def tags(root: Element, part: str = "") -> Iterator[Tag]:
    """Every tag of a part of the template, in reading order."""
    for where, in_table, paragraph in _paragraphs(root):
        text = _text(paragraph)
        for match in _ANY.finditer(text):
            alone = text.strip() == match.group()
            yield _tag(part + where, match.group(), alone=alone, in_table=in_table)


def _tag(where: str, text: str, *, alone: bool, in_table: bool) -> Tag:
    if match := _VALUE.fullmatch(text):
        return Tag(where, text, Kind.VALUE, match[1], alone=alone, in_table=in_table)
    if match := _LOOP.fullmatch(text):
        return Tag(where, text, Kind.LOOP, match[2], match[1], alone=alone, in_table=in_table)
    kind = Kind.END if _END.fullmatch(text) else Kind.OTHER
    return Tag(where, text, kind, alone=alone, in_table=in_table)


def _paragraphs(root: Element) -> Iterator[tuple[str, bool, Element]]:
    body = root.find(qualified("body"))
    blocks = root if body is None else body
    paragraphs, tables = 0, 0
    for block in blocks:
        if block.tag == qualified("tbl"):
            tables += 1
            yield from ((f"第{tables}个表格{where}", True, one) for where, one in _cells(block))
        else:
            for one in block.iter(qualified("p")):
                paragraphs += 1
                yield f"第{paragraphs}段", False, one


def _cells(table: Element) -> Iterator[tuple[str, Element]]:
    for row_number, row in enumerate(table.iter(qualified("tr")), 1):
        for cell_number, cell in enumerate(row.iter(qualified("tc")), 1):
            for paragraph in cell.iter(qualified("p")):
                yield f"第{row_number}行第{cell_number}格", paragraph


def _text(paragraph: Element) -> str:
    # Word cuts a tag into runs as it likes; docxtpl joins them again within a paragraph, and no further.
    pieces = {qualified("br"): "\n", qualified("tab"): "\t"}
    return "".join(pieces.get(piece.tag, piece.text or "") for piece in paragraph.iter(qualified("t"), *pieces))
