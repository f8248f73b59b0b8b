"""Filling the Word file: our compiled template beside docxtpl as it comes, on the same template and answers."""

import io
import time
from collections.abc import Callable
from statistics import median

from docxtpl import DocxTemplate

from reports.answers import Answers
from reports.faces.word import context
from storage.making.recipes import template_of
from tests.bench.answers import varied
from tests.bench.figures import Figures, Row
from tests.bench.workshop import Workshop
from tests.people import DEFINITIONS, annual, read
from workers.pipeline import properties_of
from workers.word import word_template

ROWS = (
    Row("fill_vs_plain", "Fill, against docxtpl as it comes", "×"),
    Row("fill_ms", "Fill one Word file, warm", "ms", at_most=20),
    Row("fill_plain_ms", "The same with docxtpl as it comes", "ms"),
)
REPORTS, TIMES = 20, 3


def measure(_workshop: Workshop) -> Figures:
    """Both take turns, report by report."""
    path = template_of(DEFINITIONS, annual())

    def ours(answers: Answers) -> None:
        word_template(path).fill(context(answers), properties_of(answers))

    def plain(answers: Answers) -> None:
        template = DocxTemplate(path)
        template.render(context(answers), autoescape=True)
        template.save(io.BytesIO())

    reports = [read(varied(number)) for number in range(REPORTS)]
    ours(reports[0])
    pairs = [(_seconds(ours, one), _seconds(plain, one)) for one in reports * TIMES]
    fill, without = (median(seconds) * 1000 for seconds in zip(*pairs, strict=True))
    return {"fill_ms": fill, "fill_plain_ms": without, "fill_vs_plain": without / fill}


def _seconds(fill: Callable[[Answers], None], answers: Answers) -> float:
    begun = time.perf_counter()
    fill(answers)
    return time.perf_counter() - begun
