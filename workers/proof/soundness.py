"""What makes a PDF sound: archivable, tagged, drawn with known fonts only, and nothing in it that acts."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from threading import Lock
from typing import Final

import pikepdf
import pypdfium2
from lxml import etree

from workers.fonts.chosen import Embeddable
from workers.proof.pdf_fonts import UNKNOWN, PdfFont
from workers.proof.word_text import WordText
from workers.visible import visible

MOST_PAGES: Final = 300
_A4: Final = (595.28, 841.89)
_PDFA: Final = "{http://www.aiim.org/pdfa/ns/id/}"
# PDFium keeps state that is not made for threads.
_pdfium: Final = Lock()


def is_whole(data: bytes) -> bool:
    """Whether a PDF is there from its beginning to its end."""
    return data.startswith(b"%PDF-") and b"%%EOF" in data[-32:]


def frame(data: bytes, pdf: pikepdf.Pdf, word: WordText) -> Iterator[str]:
    """What is wrong with the file as a whole."""
    if not is_whole(data):
        yield "it does not begin with %PDF- and end with %%EOF"
    if pdf.is_encrypted:
        yield "it is encrypted"
    yield from _archivable(pdf)
    yield from _accessible(pdf)
    if (said := str(pdf.docinfo.get("/Title", ""))) != word.title or not said:
        yield f"its title is {said!r}, the Word file's {word.title!r}"
    if (said := str(pdf.docinfo.get("/Author", ""))) != word.author or not said:
        yield f"its author is {said!r}, the Word file's {word.author!r}"
    yield from _acting(pdf)


def _archivable(pdf: pikepdf.Pdf) -> Iterator[str]:
    if "/Metadata" not in pdf.Root or "/OutputIntents" not in pdf.Root:
        yield "it has no metadata or no output intent"
        return
    metadata = etree.fromstring(pdf.Root.Metadata.read_bytes())
    said = metadata.findtext(f".//{_PDFA}part", ""), metadata.findtext(f".//{_PDFA}conformance", "")
    if said != ("2", "B"):
        yield f"it is PDF/A-{''.join(said).lower() or '?'}, not PDF/A-2b"


def _accessible(pdf: pikepdf.Pdf) -> Iterator[str]:
    root = pdf.Root
    if "/StructTreeRoot" not in root or not root.get("/MarkInfo", {}).get("/Marked", False):
        yield "it is not tagged"
    if str(root.get("/Lang", "")) != "zh-CN":
        yield f"its language is {root.get('/Lang', '')!s}, not zh-CN"
    if int(root.get("/Outlines", {}).get("/Count", 0)) == 0:
        yield "it has no bookmarks"


def _acting(pdf: pikepdf.Pdf) -> Iterator[str]:
    """Programs, files and forms in the PDF; a jump to a page and a link to an address are no harm."""
    root = pdf.Root
    for key in ("/AA", "/AcroForm", "/Collection"):
        if key in root:
            yield f"it has {key}"
    for key in ("/JavaScript", "/EmbeddedFiles"):
        if key in root.get("/Names", {}):
            yield f"it has {key}"
    annotations = [one for page in pdf.pages for one in page.obj.get("/Annots", ())]
    actions = [one["/A"] for one in annotations if "/A" in one]
    if isinstance(opening := root.get("/OpenAction"), pikepdf.Dictionary):
        actions.append(opening)
    if any("/AA" in page.obj for page in pdf.pages) or any("/AA" in one for one in annotations):
        yield "something in it acts by itself"
    yield from (f"it holds a {one.Subtype!s}" for one in annotations if one.Subtype != "/Link")
    yield from (f"it holds a {one.S!s} action" for one in actions if one.S not in ("/GoTo", "/URI"))


def second_reading(path: Path, pages: int) -> Iterator[str]:
    """What a second, independent reader does not agree with."""
    try:
        with _pdfium:
            pdf = pypdfium2.PdfDocument(path)
            sizes = [pdf.get_page_size(number) for number in range(len(pdf))]
            pdf.close()
    except pypdfium2.PdfiumError as error:
        yield f"PDFium does not open it: {error}"
        return
    if not 1 <= len(sizes) == pages <= MOST_PAGES:
        yield f"it has {pages} pages for one reader, {len(sizes)} for the other; at most {MOST_PAGES} are in order"
    for number, (width, height) in enumerate(sizes, 1):
        if abs(width - _A4[0]) > 1 or abs(height - _A4[1]) > 1:
            yield f"page {number} is {width:.0f} × {height:.0f} points, not A4"


def typefaces(used: Iterable[PdfFont], allowed: Sequence[Embeddable]) -> Iterator[str]:
    """Fonts that are not embedded, or are not ours."""
    for font in used:
        if not font.embedded:
            yield f"the font {font.name} is not embedded"
        elif _source(font, allowed) is None:
            yield f"the font {font.name} is none of the accepted ones"


def boxes(used: Iterable[PdfFont], allowed: Sequence[Embeddable]) -> tuple[str, ...]:
    """Characters that were asked of a font that does not have them: an empty box is printed for each."""
    missing: set[str] = set()
    for font in used:
        if source := _source(font, allowed):
            shown = {visible(text) for text in font.characters.values() if text != UNKNOWN}
            missing |= {text[0] for text in shown if text and not source.coverage.draws(text)}
    return tuple(sorted(missing))


def drawn_by(used: Iterable[PdfFont], allowed: Sequence[Embeddable]) -> dict[str, set[str]]:
    """Family → the characters that it draws in this PDF."""
    drawn: dict[str, set[str]] = {}
    for font in used:
        if source := _source(font, allowed):
            shown = (visible(text) for text in font.characters.values() if text != UNKNOWN)
            drawn.setdefault(source.family, set()).update(*shown)
    return drawn


def _source(font: PdfFont, allowed: Sequence[Embeddable]) -> Embeddable | None:
    # LibreOffice names a part of a collection after the outlines inside: NotoSerifCJKjp-Regular-VKana.
    return next(
        (one for one in allowed for name in one.names if font.name == name or font.name.startswith(f"{name}-")),
        None,
    )
