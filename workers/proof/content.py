"""What a PDF shows, as one number: equal for equal reports, whenever and in whichever office they were made.

LibreOffice never writes the same bytes twice. What differs is the time (in /Info, the XMP, the colour profile and so in
/ID and the checksum), the order in which an office has met its fonts, and how manieth font a Type 1 program says it is,
which its encryption spreads over all of it. Everything else is in this number: each page to the last instruction, the
fonts with their widths and maps, what the structure says in its order, the title and its like.
"""

import hashlib
from collections.abc import Iterator
from typing import Any

import pikepdf

from workers.proof.pdf_text import PdfText

_WIDTHS = ("/FirstChar", "/LastChar", "/Widths", "/ToUnicode", "/Encoding")
_PROGRAMS = ("/FontFile", "/FontFile2", "/FontFile3")


def content_sha256(pdf: pikepdf.Pdf, text: PdfText) -> str:
    """The SHA-256 of what the PDF shows."""
    seen = hashlib.sha256()
    for part in _parts(pdf, text):
        # Its length goes first, so that no part can flow into the next.
        seen.update(b"%d\n" % len(part))
        seen.update(part)
    return seen.hexdigest()


def _parts(pdf: pikepdf.Pdf, text: PdfText) -> Iterator[bytes]:
    fonts: dict[Any, bytes] = {}
    for page, instructions in zip(pdf.pages, text.contents, strict=True):
        yield bytes(page.obj.MediaBox.unparse())
        yield instructions
        for name, font in sorted(page.obj.Resources.get("/Font", {}).items()):
            yield name.encode()
            if font.objgen not in fonts:
                fonts[font.objgen] = b"\n".join(_font(font))
            yield fonts[font.objgen]
    yield text.document.encode()
    for name in ("/Title", "/Author", "/Subject", "/Keywords"):
        yield str(pdf.docinfo.get(name, "")).encode()
    yield from _bookmarks(pdf.Root.get("/Outlines", {}).get("/First"))


def _font(font: Any) -> Iterator[bytes]:
    yield str(font.get("/BaseFont", "")).rpartition("+")[2].encode()
    described = font if "/FontDescriptor" in font else font.get("/DescendantFonts", [font])[0]
    for key in _WIDTHS:
        yield _written(font.get(key))
    yield _written(described.get("/W"))
    descriptor = described.get("/FontDescriptor", {})
    for key in _PROGRAMS:
        program = descriptor.get(key)
        if program is not None and "/Length2" in program:
            yield " ".join(str(program[length]) for length in ("/Length1", "/Length2", "/Length3")).encode()
        else:
            yield _written(program)


def _written(one: Any) -> bytes:
    if one is None:
        return b""
    if isinstance(one, pikepdf.Stream):
        return bytes(one.read_bytes())
    return bytes(one.unparse(resolved=True)) if isinstance(one, pikepdf.Object) else str(one).encode()


def _bookmarks(first: Any) -> Iterator[bytes]:
    while first is not None:
        yield str(first.get("/Title", "")).encode()
        yield from _bookmarks(first.get("/First"))
        first = first.get("/Next")
