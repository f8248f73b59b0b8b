"""The structure tree as it stands in the file says what it says when asked for object by object."""

import io
import re

import pikepdf
import pytest

from tests.paper import Paper
from tests.printing import an_office
from workers.office.alone import to_pdf
from workers.proof.pdf_tree import CELL_EDGE, marks_in_order

Places = list[tuple[int, int] | None]
KIDS = re.compile(rb"\d+ 0 obj\n<</Type/StructElem\n/S/Document\n[^[]*/K\[(\d+) 0 R (\d+) 0 R ")


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Text and a table, on more than one page."""
    folder = tmp_path_factory.mktemp("data")
    paper = Paper()
    for number in range(60):
        paper.write(f"第{number}段")
    paper.draw([["项目", "数"], ["一", "1"], ["二", "23"]], heads=1)
    pdf = to_pdf(paper.save(folder / "report.docx"), folder, office=an_office(folder / "office"))
    return pdf.read_bytes()


def places(data: bytes, asked: bytes = b"") -> Places:
    """Page by its number, and mark; None at the edge of a cell. Another file may be the one that is asked."""
    with pikepdf.open(io.BytesIO(asked or data)) as pdf:
        pages = [page.obj.objgen for page in pdf.pages]
        marks = marks_in_order(data, pdf.Root.StructTreeRoot)
    return [None if mark == CELL_EDGE else (pages.index(mark[0]), mark[1]) for mark in marks]


def written_by_another(data: bytes) -> bytes:
    """The same PDF in another hand."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        pdf.save(written := io.BytesIO())
    return written.getvalue()


def with_an_element_written_anew(data: bytes, element: bytes) -> bytes:
    """The PDF with a later version of one object after its end, as other programs change PDFs."""
    older = re.search(rb"startxref\n(\d+)\n", data)
    root = re.search(rb"/Size \d+/Root \d+ 0 R", data)
    number = re.match(rb"\d+", element)
    assert older
    assert root
    assert number
    table = b"xref\n%s 1\n%010d 00000 n \ntrailer\n<<%s/Prev %s>>\n" % (number[0], len(data), root[0], older[1])
    return data + element + table + b"startxref\n%d\n%%%%EOF\n" % (len(data) + len(element))


def swapped(document: bytes) -> bytes:
    """The element of the document with its first two kids the other way round."""
    found = KIDS.search(document)
    assert found
    both, others = b"[%s 0 R %s 0 R " % found.groups(), b"[%s 0 R %s 0 R " % (found[2], found[1])
    return document.replace(both, others)


def test_both_ways_of_reading_find_the_same(printed: bytes) -> None:
    found = places(printed)
    assert {page for page, _ in filter(None, found)} >= {0, 1}
    assert found.count(None) == 12
    assert found == places(written_by_another(printed))


def test_elements_that_are_not_where_the_table_says_are_asked_for(printed: bytes) -> None:
    # As long as before, so that the table of objects stays right.
    other = printed.replace(b"<</Type/StructElem\n/S/Document\n", b"<</S/Document\n/Type/StructElem\n")
    assert other != printed
    assert places(other) == places(printed)


def test_what_libreoffice_wrote_is_read_and_not_asked_for(printed: bytes) -> None:
    assert places(swapped(printed), asked=printed) == places(swapped(printed))


def test_kids_in_another_order_are_found_in_that_order(printed: bytes) -> None:
    assert places(swapped(printed))[0] == places(printed)[1]


def test_of_an_element_that_was_written_anew_the_later_one_counts(printed: bytes) -> None:
    element = re.search(rb"\d+ 0 obj\n<</Type/StructElem\n/S/Document\n.*?endobj\n", printed, re.DOTALL)
    assert element
    assert places(with_an_element_written_anew(printed, swapped(element[0])))[0] == places(printed)[1]
