"""What a good Word file and a good PDF are: nothing lost, nothing added, and readable by anybody for years."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, permutations
from pathlib import Path
from typing import Final

import pikepdf
from lxml import etree

from workers.errors import DocumentFailed
from workers.fonts.chosen import Fonts, UndrawableCharacter
from workers.fonts.record import Typeface, record
from workers.proof import soundness
from workers.proof.content import content_sha256
from workers.proof.pdf_pages import NotUnderstood
from workers.proof.pdf_text import PdfText, read_pdf
from workers.proof.word_fonts import asked_for
from workers.proof.word_text import PAGE_NUMBER, Block, NotWord, WordText, read_word
from workers.visible import CELL

_LEFT_OVER: Final = ("{{", "{%", "{#")
_CONTEXT: Final = 12
# What reading a file meets that is no PDF of LibreOffice, or no longer whole.
_BROKEN: Final = (
    pikepdf.PdfError,
    pikepdf.DataDecodingError,
    etree.XMLSyntaxError,
    NotUnderstood,
    LookupError,
    AttributeError,
    ValueError,
    TypeError,
)


class WordUnsound(DocumentFailed):
    """The filled Word file is not one that may leave the house."""

    code = "word_unsound"
    retry = False

    def __init__(self, reason: str) -> None:
        super().__init__(
            for_person="生成的 Word 文件未通过检查，没有发布。请管理员用 nianbao template lint 检查模板。",
            for_operator=f"the filled Word file is unsound: {reason}",
        )


class WordLacksValue(DocumentFailed):
    """Something that was filled in is not in the Word file, or not where it belongs."""

    code = "word_lacks_value"
    retry = False

    def __init__(self, value: str, before: str) -> None:
        place = f"（应在“{_short(before)}”之后）" if before else ""
        super().__init__(
            for_person=f"生成的 Word 文件里少了“{_short(value)}”{place}，没有发布。请管理员检查模板。",
            for_operator=f"{value!r} is no whole paragraph or cell after {before!r}; does the template show it there?",
        )


class PdfUnsound(DocumentFailed):
    """The PDF is not one that everybody can read for years."""

    code = "pdf_unsound"
    retry = True

    def __init__(self, reasons: Sequence[str]) -> None:
        super().__init__(
            for_person="生成的 PDF 未通过检查，没有发布。请与管理员联系。",
            for_operator=f"the PDF is unsound: {'; '.join(reasons)}",
        )


class PdfDiffers(DocumentFailed):
    """The PDF does not say what the Word file says."""

    code = "pdf_differs"
    retry = True

    def __init__(self, page: int, word: str, pdf: str) -> None:
        super().__init__(
            for_person=f"生成的 PDF 与 Word 文件不一致，没有发布。第 {page} 页：Word 文件是“{word}”，PDF 是“{pdf}”。",
            for_operator=f"first difference on page {page}: Word says {word!r}, the PDF says {pdf!r}; "
            "is a row too low for its text, or a text hidden?",
        )


@dataclass(frozen=True, slots=True)
class Proof:
    """What was found out about a good PDF."""

    pages: int
    sha256: str
    size: int
    fonts: tuple[str, ...]
    # Equal for equal reports, while the bytes never are.
    content_sha256: str
    typefaces: tuple[Typeface, ...]


def check_word(path: Path, expected: Sequence[str]) -> WordText:
    """Refuse a Word file that is damaged, dangerous, unfinished, or lacks a value; return what it says.

    `expected` are whole paragraphs and whole cells, in the order of the document.
    """
    try:
        word = read_word(path)
    except NotWord as error:
        raise WordUnsound(str(error)) from error
    for reason in word.dangers():
        raise WordUnsound(reason)
    for text in (*_not_expected(word, expected), *word.margins):
        if any(tag in text for tag in _LEFT_OVER):
            raise WordUnsound(f"a tag of the template was not filled: {_short(text)!r}")
    return word


def _not_expected(word: WordText, expected: Sequence[str]) -> list[str]:
    """The blocks that are the template's own. Braces in the others were typed by people."""
    blocks = iter(word.blocks)
    own: list[str] = []
    before = ""
    for value in expected:
        own += _skipped(blocks, value, before)
        before = value or before
    return own + [block.text for block in blocks]


def _skipped(blocks: Iterator[Block], value: str, before: str) -> Iterator[str]:
    for block in blocks:
        if block.text == value:
            return
        yield block.text
    raise WordLacksValue(value, before)


def check_pdf(path: Path, word: WordText, fonts: Fonts) -> Proof:
    """Refuse a PDF that is unsound, or says anything else than the Word file it was made from."""
    data = path.read_bytes()
    try:
        with pikepdf.open(path, inherit_page_attributes=False) as pdf:
            text = read_pdf(pdf, data)
            reasons = [
                *soundness.frame(data, pdf, word),
                *soundness.second_reading(path, len(text.margins)),
                *soundness.typefaces(text.fonts, fonts.embeddable),
            ]
            content = content_sha256(pdf, text)
    except _BROKEN as error:
        raise PdfUnsound([f"{type(error).__name__}: {error}"]) from error
    if reasons:
        raise PdfUnsound(reasons)
    if boxes := soundness.boxes(text.fonts, fonts.embeddable):
        raise UndrawableCharacter(boxes)
    _compare(word, text)
    return Proof(
        pages=len(text.margins),
        sha256=hashlib.sha256(data).hexdigest(),
        size=len(data),
        fonts=tuple(sorted({font.name for font in text.fonts})),
        content_sha256=content,
        typefaces=record(asked_for(word), soundness.drawn_by(text.fonts, fonts.embeddable), fonts),
    )


def _compare(word: WordText, text: PdfText) -> None:
    if not word.is_said_by(text.document):
        document = word.document
        place = _first_difference(document, text.document)
        raise PdfDiffers(text.page(place), _around(document, place), _around(text.document, place))
    if not text.pages_in_order:
        raise PdfUnsound(["its pages are not in the order of the document"])
    for page, (margin, stray) in enumerate(zip(text.margins, text.strays, strict=True), 1):
        if stray:
            raise PdfDiffers(page, "", _around(stray, 0))
        if margin not in (allowed := _allowed_margins(word, page)):
            nearest = max(allowed, key=lambda one: (_first_difference(one, margin), -len(one)))
            place = _first_difference(nearest, margin)
            raise PdfDiffers(page, _around(nearest, place), _around(margin, place))


def _first_difference(one: str, other: str) -> int:
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (a, b) in pairs if a != b), min(len(one), len(other)))


def _allowed_margins(word: WordText, page: int) -> set[str]:
    """What may stand on a page beside the document: headers, footers, and the head of a table drawn again."""
    printed = [margin.replace(PAGE_NUMBER, str(page)) for margin in word.margins]
    some = [*combinations(printed, 1), *combinations(printed, 2)] or [()]
    return {
        "".join(order) for head in ("", *word.repeated) for margins in some for order in permutations((head, *margins))
    }


def _around(text: str, place: int) -> str:
    start = max(0, place - _CONTEXT)
    cut = text[start : place + _CONTEXT].replace(CELL, "｜")
    return f"{'…' if start else ''}{cut}{'…' if place + _CONTEXT < len(text) else ''}"


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40]}…"
