"""Pages of PDFs as pictures: drawn here when somebody looks, kept in memory as long as there is room."""

import io
from collections import OrderedDict
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from threading import Lock
from typing import BinaryIO, Final

import pypdfium2
from PIL import Image, ImageChops

from storage.tables import Document

# A page takes some 100 KB: room for the reports of a whole office.
ROOM: Final = 32 * 1024 * 1024
_POINTS_PER_INCH: Final = 72
# Enough for letters with smooth edges; half the bytes of 256.
_GREYS: Final = 16


class Size(StrEnum):
    """How large a page is drawn."""

    PAGE = "page"
    SMALL = "small"


# Dots per inch: 800 pixels of a style sheet are 1,200 of a good screen; a thumbnail is a tenth.
_DENSITY: Final = {Size.PAGE: 144, Size.SMALL: 24}


class NoSuchPage(LookupError):
    """The document has fewer pages."""


@dataclass(frozen=True, slots=True)
class Bookmark:
    """A heading of the document, and the page on which it stands, counted from 1."""

    title: str
    page: int


class PageImages:
    """The pictures of one web process. PDFium cannot be called twice at a time, so that one draws and others wait."""

    def __init__(self, room: int = ROOM) -> None:
        self._room = room
        self._drawing, self._keeping = Lock(), Lock()
        self._kept: OrderedDict[tuple[str, int, Size], bytes] = OrderedDict()
        self._bytes = 0

    def png(self, document: Document, number: int, size: Size, file: Callable[[], BinaryIO]) -> bytes:
        """One page as PNG; `file` is called when it has to be drawn. NoSuchPage when there is none."""
        if not 1 <= number <= document.pages:
            raise NoSuchPage(number)
        key = (document.sha256, number, size)
        if (found := self._find(key)) is not None:
            return found
        with self._drawing:
            # Whoever waited for the first to draw it finds it now.
            if (found := self._find(key)) is None:
                found = _draw(file, number, size)
                self._keep(key, found)
        return found

    def bookmarks(self, file: Callable[[], BinaryIO]) -> tuple[Bookmark, ...]:
        """The headings of a PDF with their pages, in reading order."""
        with self._drawing, file() as opened, closing(pypdfium2.PdfDocument(opened)) as pdf:
            return tuple(
                Bookmark(entry.get_title(), destination.get_index() + 1)
                for entry in pdf.get_toc()
                if (destination := entry.get_dest()) is not None
            )

    @property
    def size(self) -> int:
        """How many bytes of pictures are kept."""
        return self._bytes

    def _find(self, key: tuple[str, int, Size]) -> bytes | None:
        with self._keeping:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
            return found

    def _keep(self, key: tuple[str, int, Size], drawn: bytes) -> None:
        with self._keeping:
            self._kept[key] = drawn
            self._bytes += len(drawn)
            while self._bytes > self._room and len(self._kept) > 1:
                _, oldest = self._kept.popitem(last=False)
                self._bytes -= len(oldest)


def _draw(file: Callable[[], BinaryIO], number: int, size: Size) -> bytes:
    with file() as opened, closing(pypdfium2.PdfDocument(opened)) as pdf:
        if number > len(pdf):
            raise NoSuchPage(number)
        with closing(pdf[number - 1]) as page:
            bitmap = page.render(scale=_DENSITY[size] / _POINTS_PER_INCH)
        # Copied: what to_pil() returns lies in the memory of the bitmap.
        image = bitmap.to_pil().convert("RGB")
        bitmap.close()
    written = io.BytesIO()
    _with_few_colours(image).save(written, "PNG")
    return written.getvalue()


def _with_few_colours(image: Image.Image) -> Image.Image:
    """Greys in 16 steps where there are only greys; a red seal stays red."""
    red, green, blue = image.split()
    if ImageChops.difference(red, green).getbbox() or ImageChops.difference(green, blue).getbbox():
        return image
    grey = green.point([round(level / 255 * (_GREYS - 1)) for level in range(256)])
    grey.putpalette([round(level * 255 / (_GREYS - 1)) for level in range(_GREYS) for _ in range(3)])
    return grey
