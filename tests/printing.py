"""LibreOffice and its fonts as tests use them: the real ones, in a data folder of the test's own."""

import io
import shutil
from pathlib import Path

import pikepdf
import pypdfium2

from workers.fonts.chosen import Fonts
from workers.office.bubblewrap import works
from workers.office.installed import Office, find_program
from workers.verify import Proof

FETCHED = Path(__file__).parents[1] / "var" / "fonts"
FAKES = Path(__file__).parent / "fakes" / "offices"


# What a stand-in for the printing press says of its documents.
SOME_PROOF = Proof(pages=8, sha256="", size=0, fonts=(), content_sha256="c0" * 32, typefaces=())


def an_office(data_dir: Path) -> Office:
    """This machine's LibreOffice, with the fonts that script/bootstrap fetched, if it has."""
    if FETCHED.is_dir():
        shutil.copytree(FETCHED, data_dir / "fonts")
    return Office(find_program(), data_dir, Fonts(data_dir), boxed=works(data_dir), seconds=120)


def text_of(pdf: Path) -> str:
    """What PDFium reads on all pages."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return "".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()


def pdf_with(*headings: str, colour: str = "0.5 g") -> bytes:
    """A PDF of one page for each heading, with a bookmark that leads there and a square to be seen."""
    written = io.BytesIO()
    with pikepdf.new() as pdf:
        for _ in headings:
            page = pdf.add_blank_page(page_size=(595.3, 841.9))
            page.Contents = pdf.make_stream(f"{colour} 100 100 200 200 re f".encode())
        with pdf.open_outline() as outline:
            outline.root += [pikepdf.OutlineItem(heading, number) for number, heading in enumerate(headings)]
        pdf.save(written)
    return written.getvalue()
