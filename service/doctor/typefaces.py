"""With which typefaces a Word file is drawn on this machine, and what a PDF was drawn with."""

from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

import click
import pikepdf
from docx import Document
from docx.oxml.ns import qn

from storage.settings import Settings
from workers.errors import DocumentFailed
from workers.fonts.record import Typeface, record
from workers.fonts.roles import ROLES
from workers.office.alone import to_pdf
from workers.office.installed import Office
from workers.proof import soundness
from workers.proof.pdf_fonts import PdfFont
from workers.proof.pdf_text import fonts_of
from workers.proof.word_fonts import asked_for
from workers.proof.word_text import NotWord, read_word

# The first conversion of an installation prepares a profile.
SECONDS = 90
WESTERN = "Times New Roman"
# Every kind of character a report has, and two that are in people's names and in few fonts.
SAMPLE = "政府信息公开工作年度报告（2024年）1,024 件，R&D “依申请”①㎡；委员王䶮、杨𬭊"


class NotDrawn(click.ClickException):
    """The file cannot be drawn or read."""

    exit_code = 2


def of_sample(settings: Settings) -> tuple[Typeface, ...]:
    """The record of a page that has every typeface of official documents."""
    with TemporaryDirectory(prefix="nianbao-") as folder:
        document = Document()
        for role in (one for one in ROLES if WESTERN not in one.declared):
            run = document.add_paragraph().add_run(f"{role.name}：{SAMPLE}")
            run.font.name = WESTERN
            run._r.get_or_add_rPr().rFonts.set(qn("w:eastAsia"), role.declared[0])
        document.save(str(docx := Path(folder) / "sample.docx"))
        return of_word(docx, settings)


def of_word(docx: Path, settings: Settings) -> tuple[Typeface, ...]:
    """The record of a Word file, had it been made here."""
    try:
        word = read_word(docx)
        office = Office.from_settings(settings, seconds=SECONDS)
        with TemporaryDirectory(prefix="doctor-", dir=settings.data_dir) as folder:
            used = _fonts_in(to_pdf(docx, Path(folder), office=office))
    except NotWord as error:
        raise NotDrawn(f"{docx} 不是完整的 Word 文件（{error}）") from error
    except DocumentFailed as error:
        raise NotDrawn(f"{error.for_person}（{error.for_operator}）") from error
    drawn = soundness.drawn_by(used, office.fonts.embeddable)
    return record(asked_for(word), drawn, office.fonts)


def of_pdf(pdf: Path) -> Iterable[PdfFont]:
    """The fonts in a PDF, whoever made it."""
    try:
        return _fonts_in(pdf)
    except (pikepdf.PdfError, AttributeError, LookupError, ValueError, TypeError) as error:
        raise NotDrawn(f"{pdf} 读不了（{error}）") from error


def _fonts_in(path: Path) -> list[PdfFont]:
    with pikepdf.open(path) as pdf:
        return fonts_of(pdf)
