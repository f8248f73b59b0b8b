"""The annual report's Word template, judged from outside: filled, printed by LibreOffice, read as a reader would."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from reports.answers import Answers
from reports.definition import Line
from reports.faces.word import context
from storage.settings import Settings
from tests.people import DEFINITIONS, LANJIANG, annual, but, nil_return, ordinary_report, read
from tests.wordprocessing import W, out_of_order, parts, tables
from workers.office.alone import to_pdf
from workers.office.installed import Office
from workers.template.lint import lint
from workers.template.page import LEFT, RIGHT
from workers.word import Properties, WordTemplate

TEMPLATE = DEFINITIONS.folder_of(annual()) / "report.docx"
HEADINGS = [
    heading
    for section in annual().sections
    for heading in (section.heading, *(text.heading for text in section.texts if text.heading))
]
TABLE_A, TABLE_B, TABLE_C = (annual().sections[number].heading for number in (1, 2, 3))
REQUESTS = annual().tables[4]
FIGURES = dict.fromkeys(annual().cells, 0)
OF_REQUESTS = [name for name in annual().cells if name.startswith("requests.")]

# Twenty-eight characters twice, without a figure or a comma: what a full line holds.
PLAIN = "沿江各乡镇街道政务公开专区全部建成并由专人值守每日登记来访" * 40
YEARS = "其中（2024年）新增（2024年度）修订（20240131）" * 12
TEN_PAGES = "\n".join([PLAIN, YEARS] * 4)


def note(length: int) -> str:
    """A note in a cell."""
    return ("其中含街道办事处代为办理的事项" * 5)[:length]


ORDINARY = ordinary_report()
PREFECTURE = but(
    ordinary_report(LANJIANG),
    cells={
        "article_20_1.normative_documents.repealed": {"value": 55, "note": "含自然失效29件"},
        "article_20_6.penalties.handled": {"value": 11398889, "note": "含街道综合执法1472件"},
        "article_20_8.fees.charged": "316441.2578",
    },
)
SIX_DIGITS = {**nil_return(LANJIANG), "cells": dict.fromkeys(FIGURES, 999999)}
NOTED = but(ORDINARY, cells={name: {"value": 22, "note": note(12)} for name in OF_REQUESTS[::29]})
EXTREME = but(
    {
        **nil_return("中华人民共和国示范省示范市经济技术开发区管理委员会" * 8),
        "cells": dict.fromkeys(FIGURES, 12345678901),
    },
    cells={name: {"value": 12345678901, "note": note(60)} for name in list(FIGURES)[::20]},
    texts={"overview.proactive": TEN_PAGES},
)
EXTREME["unit"] = {"name": EXTREME["unit"]["name"][:200]}
REPORTS = {
    "nil": nil_return(),
    "ordinary": ORDINARY,
    "prefecture": PREFECTURE,
    "six digits": SIX_DIGITS,
    "noted": NOTED,
    "extreme": EXTREME,
}


@dataclass(frozen=True)
class Printed:
    """A report on paper."""

    answers: Answers
    pdf: pypdfium2.PdfDocument
    texts: list[str]

    @property
    def lines(self) -> list[list[str]]:
        """What each page says, line by line, the page number left out."""
        return [[flat(line) for line in text.splitlines() if flat(line)][:-1] for text in self.texts]

    @property
    def pages(self) -> list[str]:
        """What each page says, white space left out."""
        return ["".join(lines) for lines in self.lines]

    def page_of(self, text: str) -> int:
        """The page that says so; there is only one."""
        found = self.pages_of(text)
        assert len(found) == 1, f"{text}: {found}"
        return found[0]

    def pages_of(self, text: str) -> list[int]:
        """The pages that say so."""
        return [number for number, page in enumerate(self.pages) if flat(text) in page]


def flat(text: str) -> str:
    """Text without white space: line ends and gaps are the printer's."""
    return re.sub(r"\s", "", text)


Print = Callable[[str], Printed]


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Print]:
    """Any of the reports, printed once."""
    folder = tmp_path_factory.mktemp("printed")
    office = Office.from_settings(Settings(data_dir=folder), seconds=120)
    done: dict[str, Printed] = {}

    def once(name: str) -> Printed:
        if name not in done:
            done[name] = _print(REPORTS[name], folder / f"{name}.docx", office)
        return done[name]

    yield once
    for one in done.values():
        one.pdf.close()


def _print(document: dict[str, Any], docx: Path, office: Office) -> Printed:
    answers = read(document)
    docx.write_bytes(WordTemplate(TEMPLATE).fill(context(answers), Properties("年报", "甲", "乙", "丙")))
    pdf = pypdfium2.PdfDocument(to_pdf(docx, docx.parent, office=office))
    return Printed(answers, pdf, [page.get_textpage().get_text_range() for page in pdf])


every_report = pytest.mark.parametrize("name", REPORTS)


class TestTheFile:
    def test_asks_for_every_figure_and_text_exactly_once(self) -> None:
        assert lint(annual(), TEMPLATE) == []

    def test_has_its_children_in_the_order_that_word_wants(self) -> None:
        assert [line for root in parts(TEMPLATE).values() for line in out_of_order(root)] == []

    def test_has_the_three_tables_of_the_form(self) -> None:
        assert [(len(one), len(one[0])) for one in tables(TEMPLATE)] == [(14, 4), (28, 10), (4, 15)]

    def test_never_asks_the_reader_to_update_fields(self) -> None:
        assert parts(TEMPLATE)["word/settings.xml"].find(f"{W}updateFields") is None


@every_report
class TestEveryReport:
    def test_says_every_figure_and_every_paragraph(self, name: str, printed: Print) -> None:
        report = printed(name)
        said = "".join(report.pages)
        for text in annual().texts:
            for paragraph in report.answers.paragraphs(text):
                assert flat(paragraph) in said
        for cell in annual().cells:
            assert flat(report.answers.shown(cell)) in said

    def test_begins_with_its_title(self, name: str, printed: Print) -> None:
        report = printed(name)
        assert report.pages[0].startswith(flat(annual().heading(report.answers.unit.name, 2024)))

    def test_keeps_table_a_whole_and_with_its_heading(self, name: str, printed: Print) -> None:
        report = printed(name)
        page = report.page_of(TABLE_A)
        assert {report.page_of(table.caption) for table in annual().tables[:4]} == {page}
        assert report.page_of("行政事业性收费") == page

    def test_keeps_table_c_whole_and_with_its_heading(self, name: str, printed: Print) -> None:
        report = printed(name)
        page = report.page_of(TABLE_C)
        assert report.page_of("未经复议直接起诉") == page
        assert report.answers.shown("disputes.cases.litigation.after_review.total") in report.pages[page]

    def test_begins_table_b_on_a_page_of_its_own(self, name: str, printed: Print) -> None:
        report = printed(name)
        page = report.pages[report.page_of(TABLE_B)]
        assert page.startswith(flat(TABLE_B) + flat(REQUESTS.note)[:4])

    def test_repeats_the_head_of_table_b_wherever_it_goes_on(self, name: str, printed: Print) -> None:
        report = printed(name)
        labels = [leaf for line in REQUESTS.rows for leaf in _labels(line)]
        of_table = {number for label in labels for number in report.pages_of(label)}
        assert of_table == set(report.pages_of("申请人情况")) == set(report.pages_of("社会公益组织"))

    def test_leaves_no_heading_alone_at_the_foot_of_a_page(self, name: str, printed: Print) -> None:
        report = printed(name)
        for heading in HEADINGS:
            assert not report.pages[report.page_of(heading)].endswith(flat(heading))

    def test_numbers_its_pages_outside(self, name: str, printed: Print) -> None:
        report = printed(name)
        for number, page in enumerate(report.pdf, 1):
            middle = page.get_width() / 2
            sides = {"left": 0, "right": middle} if number % 2 == 0 else {"left": middle, "right": page.get_width()}
            foot = page.get_textpage().get_text_bounded(bottom=0, top=90, **sides)
            assert flat(foot) == f"-{number}-"

    def test_has_a_bookmark_for_every_heading(self, name: str, printed: Print) -> None:
        assert [flat(entry.get_title()) for entry in printed(name).pdf.get_toc()] == [flat(one) for one in HEADINGS]

    def test_keeps_everything_inside_the_margins(self, name: str, printed: Print) -> None:
        report = printed(name)
        for page in report.pdf:
            text = page.get_textpage()
            boxes = [text.get_charbox(index) for index in range(text.count_chars())]
            inked = [box for box in boxes if box[2] > box[0]]
            # Half a point: a glyph may lean out of its own cell.
            assert min(box[0] for box in inked) >= LEFT / 20 - 0.5
            assert max(box[2] for box in inked) <= page.get_width() - RIGHT / 20 + 0.5


def _labels(line: Line) -> Iterator[str]:
    """The labels of a line and of those beneath it that say enough to be found on a page."""
    if len(line.label) > 6:
        yield line.label
    for below in line.of:
        yield from _labels(below)


class TestLength:
    def test_of_a_nil_return_is_four_pages(self, printed: Print) -> None:
        assert len(printed("nil").pages) == 4

    @pytest.mark.parametrize("name", ["nil", "ordinary", "prefecture", "six digits"])
    def test_of_table_b_is_one_page(self, name: str, printed: Print) -> None:
        report = printed(name)
        assert report.pages_of("四、结转下年度继续办理") == [report.page_of(TABLE_B)]

    def test_of_a_figure_in_table_b_is_six_digits_on_one_line(self, printed: Print) -> None:
        report = printed("six digits")
        figures = [word for word in report.texts[report.page_of(TABLE_B)].split() if set(word) == {"9"}]
        assert figures == ["999999"] * len(OF_REQUESTS)

    def test_of_a_page_is_22_lines_of_28_characters(self, printed: Print) -> None:
        lines = printed("extreme").lines
        full = {len(line) for page in lines for line in page if len(line) > 25 and line in PLAIN}
        assert full == {26, 28}, "28, and 26 where a paragraph begins"
        assert max(len(page) for page in lines[2:8]) == 22


class TestBreaks:
    def test_of_table_b_fall_between_groups(self, printed: Print) -> None:
        report = printed("noted")
        assert len(report.pages_of("申请人情况")) > 1, "a table that fits a page says nothing about breaks"
        for group in (line for line in REQUESTS.rows[2].of if line.of):
            assert len({report.page_of(row.label) for row in group.of if len(row.label) > 6}) == 1, group.label

    def test_of_lines_never_cut_a_number(self, printed: Print) -> None:
        report = printed("extreme")
        for page in report.lines[1 : report.page_of(TABLE_A)]:
            for above, below in pairwise(page):
                assert not (above[-1].isdigit() and below[0].isdigit()), f"{above} | {below}"
