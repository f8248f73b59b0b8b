"""What a PDF shows has one number, whenever and wherever it was made, and another as soon as anything in it is else."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from tests.paper import Paper, a_report
from tests.printing import an_office
from workers.libreoffice import Offices
from workers.office.alone import to_pdf
from workers.office.installed import Office, find_python
from workers.proof.content import content_sha256
from workers.proof.pdf_text import read_pdf

Change = Callable[[Any], None]


@pytest.fixture(scope="module")
def libreoffice(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return an_office(tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="module")
def report(libreoffice: Office, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A PDF made by an office for it alone."""
    folder = tmp_path_factory.mktemp("report")
    return to_pdf(a_report().save(folder / "report.docx"), folder, office=libreoffice)


@pytest.fixture
def used(libreoffice: Office, tmp_path: Path) -> Iterator[Offices]:
    """A warm office that has met other fonts first."""
    with closing(Offices(libreoffice, find_python(libreoffice.program, libreoffice.data_dir))) as offices:
        other = (
            Paper().write("另一份", font="黑体").write("文件 1024", font="楷体_GB2312").save(tmp_path / "other.docx")
        )
        offices.to_pdf(other, tmp_path)
        yield offices


def number(pdf: Path) -> str:
    data = pdf.read_bytes()
    with pikepdf.open(pdf) as opened:
        return content_sha256(opened, read_pdf(opened, data))


def test_in_a_used_office_and_alone_the_bytes_are_else_and_the_number_is_the_same(
    report: Path, used: Offices, tmp_path: Path
) -> None:
    again = used.to_pdf(a_report().save(tmp_path / "report.docx"), tmp_path)
    assert again.read_bytes() != report.read_bytes()
    assert number(again) == number(report)


def test_another_figure_is_another_number(report: Path, libreoffice: Office, tmp_path: Path) -> None:
    paper = a_report()
    cell = paper.document.tables[0].cell(1, 2).paragraphs[0]
    assert cell.runs[0].text == "1024"
    cell.runs[0].text = "1042"
    assert number(to_pdf(paper.save(tmp_path / "report.docx"), tmp_path, office=libreoffice)) != number(report)


def a_line(pdf: Any) -> None:
    page = pdf.pages[0].obj
    page.Contents = pdf.make_stream(page.Contents.read_bytes() + b"\n0 0 m 100 100 l S\n")


def a_width(pdf: Any) -> None:
    font = next(iter(pdf.pages[0].obj.Resources.Font.values()))
    font.Widths = pikepdf.Array([500, *list(font.Widths)[1:]])


def a_program(pdf: Any) -> None:
    descriptors = [font.FontDescriptor for page in pdf.pages for font in page.obj.Resources.Font.values()]
    descriptor = next(one for one in descriptors if "/FontFile2" in one)
    descriptor.FontFile2 = pdf.make_stream(descriptor.FontFile2.read_bytes() + b" ")


def a_title(pdf: Any) -> None:
    pdf.docinfo["/Title"] = "另一份报告"


def a_bookmark(pdf: Any) -> None:
    pdf.Root.Outlines.First.Title = "另一章"


def a_size(pdf: Any) -> None:
    pdf.pages[0].obj.MediaBox = pikepdf.Array([0, 0, 600, 800])


@pytest.mark.parametrize("change", [a_line, a_width, a_program, a_title, a_bookmark, a_size])
def test_whatever_is_changed_in_what_it_shows_changes_the_number(report: Path, change: Change, tmp_path: Path) -> None:
    with pikepdf.open(report) as pdf:
        change(pdf)
        pdf.save(tmp_path / "changed.pdf")
    assert number(tmp_path / "changed.pdf") != number(report)


def test_a_date_and_the_order_of_objects_do_not(report: Path, tmp_path: Path) -> None:
    with pikepdf.open(report) as pdf:
        pdf.docinfo["/CreationDate"] = "D:20200101000000Z"
        pdf.save(tmp_path / "later.pdf", object_stream_mode=pikepdf.ObjectStreamMode.generate)
    assert number(tmp_path / "later.pdf") == number(report)
