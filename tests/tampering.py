"""PDFs that somebody has been at: each change, and what the refusal says of it."""

from collections.abc import Callable
from typing import Any

import pikepdf

Change = Callable[[pikepdf.Pdf], None]


def delete(holder: Any, key: str) -> None:
    del holder[key]


def call_itself(pdf: pikepdf.Pdf, part: str) -> None:
    metadata = pdf.Root.Metadata.read_bytes()
    pdf.Root.Metadata.write(metadata.replace(b"<pdfaid:part>2", b"<pdfaid:part>" + part.encode()))


def resize(page: pikepdf.Page, width: int, height: int) -> None:
    page.mediabox = [0, 0, width, height]


def reorder(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Pages.Kids = pikepdf.Array(reversed(list(pdf.Root.Pages.Kids)))


def action(kind: str) -> pikepdf.Dictionary:
    return pikepdf.Dictionary(S=pikepdf.Name(kind), JS="app.alert(1)")


def script(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Names = pikepdf.Dictionary(JavaScript=pikepdf.Dictionary(Names=["x", action("/JavaScript")]))


def at_the_opening(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OpenAction = action("/JavaScript")


def annotate(pdf: pikepdf.Pdf, subtype: str, does: str) -> None:
    link = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name(subtype), Rect=[0, 0, 9, 9], A=action(does))
    pdf.pages[0].obj.Annots = pikepdf.Array([pdf.make_indirect(link)])


def attach(pdf: pikepdf.Pdf) -> None:
    pdf.attachments["x.txt"] = b"x"


def font_of(pdf: pikepdf.Pdf, name: str) -> pikepdf.Object:
    return next(font for font in pdf.pages[0].resources.Font.values() if name in str(font.BaseFont))


def leave_out(pdf: pikepdf.Pdf, name: str) -> None:
    descriptor = font_of(pdf, name).FontDescriptor
    for key in [key for key in descriptor if key.startswith("/FontFile")]:
        del descriptor[key]


def rename(pdf: pikepdf.Pdf, old: str, new: str) -> None:
    font_of(pdf, old).BaseFont = pikepdf.Name(f"/BAAAAA+{new}")


def draw(pdf: pikepdf.Pdf, mark: bytes, shown: bytes = b"<0102>Tj") -> None:
    name = next(iter(pdf.pages[0].resources.Font.keys())).encode()
    pdf.pages[0].contents_add(mark + b"\nq\nBT\n80 20 Td " + name + b" 9 Tf" + shown + b"\nET\nQ\nEMC\n")
    pdf.pages[0].contents_coalesce()


CHANGES: dict[str, tuple[str, Change]] = {
    "no language": ("its language is , not zh-CN", lambda pdf: delete(pdf.Root, "/Lang")),
    "no title": ("its title is ''", lambda pdf: delete(pdf.docinfo, "/Title")),
    "no author": ("its author is ''", lambda pdf: delete(pdf.docinfo, "/Author")),
    "no tags": ("it is not tagged", lambda pdf: delete(pdf.Root, "/MarkInfo")),
    "no structure": ("StructTreeRoot", lambda pdf: delete(pdf.Root, "/StructTreeRoot")),
    "no bookmarks": ("it has no bookmarks", lambda pdf: delete(pdf.Root, "/Outlines")),
    "no metadata": ("no metadata", lambda pdf: delete(pdf.Root, "/Metadata")),
    "another kind of PDF/A": ("it is PDF/A-3b, not PDF/A-2b", lambda pdf: call_itself(pdf, part="3")),
    "a page on letter paper": ("page 2 is 612 × 792 points", lambda pdf: resize(pdf.pages[1], 612, 792)),
    "a script": ("/JavaScript", script),
    "a script at the opening": ("/JavaScript action", at_the_opening),
    "a program to start": ("/Launch action", lambda pdf: annotate(pdf, "/Link", "/Launch")),
    "a file pinned to a page": ("/FileAttachment", lambda pdf: annotate(pdf, "/FileAttachment", "/GoTo")),
    "a file inside": ("/EmbeddedFiles", attach),
    "a form": ("/AcroForm", lambda pdf: pdf.Root.__setitem__("/AcroForm", pikepdf.Dictionary(Fields=[]))),
    "a font left out": ("GBZenKai-Medium is not embedded", lambda pdf: leave_out(pdf, "GBZenKai")),
    "a foreign font": (
        "FZXiaoBiaoSong is none of the accepted",
        lambda pdf: rename(pdf, "GBZenKai", "FZXiaoBiaoSong"),
    ),
    "a page too few": ("first difference on page 1", lambda pdf: pdf.pages.__delitem__(1)),
    "a page too many": ("first difference on page 3", lambda pdf: pdf.pages.append(pdf.pages[0])),
    "pages in another order": ("not in the order", reorder),
    "a sentence under no tag": (
        "Word says '', the PDF says '",
        lambda pdf: draw(pdf, b"/Span<</MCID 999>>BDC"),
    ),
    "a sentence in the margin": ("page 1: Word says '-1-", lambda pdf: draw(pdf, b"/Artifact BMC")),
    "text drawn in a strange way": (
        "LibreOffice is not known for",
        lambda pdf: draw(pdf, b"/Artifact BMC", b"(x) Tj"),
    ),
}
