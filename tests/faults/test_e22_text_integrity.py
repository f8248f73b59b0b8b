"""Any string at all, through the form into the Word file and the PDF: refused by name, or found whole."""

import re
import shutil
import unicodedata
import zipfile
from collections import Counter
from io import BytesIO
from pathlib import Path

from hypothesis import HealthCheck, given, seed
from hypothesis import settings as examples
from hypothesis import strategies as st
from lxml import etree

from reports.answers import Answers
from reports.characters import why_not
from reports.faces.word import context
from reports.reading import AnswersRefused
from storage.settings import Settings
from tests.faults.conftest import Experiment
from tests.people import DEFINITIONS, annual, but, nil_return, read
from tests.printing import FETCHED, text_of
from workers.errors import DocumentFailed
from workers.pipeline import Press, properties_of
from workers.word import word_template

TRAPS = st.sampled_from(["&", "<", ">", "{{", "}}", "{%", "{_{", "{#", "R&D", "\r\n", "\t", "]]>", "\u202e", "\ud800"])
RANGES = [
    (0, 0x7F),
    (0x80, 0x2FFF),
    (0x3000, 0x9FFF),
    (0x590, 0x6FF),
    (0x300, 0x36F),
    (0x1F300, 0x1FAFF),
    (0x20000, 0x2A6DF),
]
ANY = st.one_of(st.characters(), *(st.characters(min_codepoint=a, max_codepoint=b) for a, b in RANGES), TRAPS)
STRINGS = st.lists(ANY, min_size=1, max_size=60).map("".join)
HAN = st.lists(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1, max_size=60).map("".join)
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
TEMPLATE = Path(DEFINITIONS.folder_of(annual())) / "report.docx"


def seen(text: str) -> str:
    """The characters of a text that leave ink on paper, in their order."""
    return "".join(one for one in text if unicodedata.category(one)[0] not in "ZC")


def inked(docx: bytes) -> str:
    """What a Word file says, read with nothing but a parser of XML."""
    with zipfile.ZipFile(BytesIO(docx)) as word:
        root = etree.fromstring(word.read("word/document.xml"))
    return seen("".join(node.text or "" for node in root.iter(f"{WORD}t")))


def filled_in(texts: dict[str, str]) -> Answers | None:
    """The answers with these texts, or None when the form refuses them by name."""
    try:
        return read(but(nil_return(), texts=texts))
    except AnswersRefused as refused:
        assert {problem.name for problem in refused.problems} <= set(texts)
        return None


def test_the_word_file_has_every_visible_character(experiment: Experiment) -> None:
    counts = Counter[str]()

    @seed(experiment.seed)
    @examples(
        max_examples=experiment.size(80, 2000), deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(STRINGS)
    def through(text: str) -> None:
        answers = filled_in({"overview.proactive": text})
        counts["refused by name" if answers is None else "in the Word file"] += 1
        if answers is not None:
            docx = word_template(TEMPLATE).fill(context(answers), properties_of(answers))
            assert seen(text) in inked(docx)

    through()
    long = "依法公开R&D<经费>{{ 一 }}" * 10_000
    answers = filled_in({"overview.proactive": long})
    if answers is not None:
        assert seen(long) in inked(word_template(TEMPLATE).fill(context(answers), properties_of(answers)))
    experiment.note(**{name.replace(" ", "_"): count for name, count in sorted(counts.items())})
    assert counts["in the Word file"] > counts.total() / 10


def test_the_pdf_has_every_visible_character(experiment: Experiment, tmp_path: Path) -> None:
    if FETCHED.is_dir():
        shutil.copytree(FETCHED, tmp_path / "fonts")
    press = Press.from_settings(Settings(data_dir=tmp_path), DEFINITIONS)
    names, reports = list(annual().texts), experiment.size(6, 100)
    counts = Counter[str]()

    @seed(experiment.seed)
    @examples(max_examples=reports, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(STRINGS, st.lists(HAN, min_size=len(names) - 1, max_size=len(names) - 1))
    def through(odd: str, others: list[str]) -> None:
        # What the form or the fonts refuse by name comes to no PDF; here the rest is of interest.
        undrawable = press.offices.fonts.undrawable(odd)
        texts = ["。" + "".join(one for one in odd if one not in undrawable and not why_not(one)), *others]
        answers = filled_in(dict(zip(names, texts, strict=True)))
        if answers is None:
            counts["refused by name"] += 1
            return
        try:
            pdf = press.make(answers, tmp_path).pdf
        except DocumentFailed as failure:
            counts[f"refused as {failure.code}"] += 1
            return
        said = seen(re.sub(r"- \d+ -", "", text_of(pdf)))
        counts["characters"] += sum(len(seen(text)) for text in texts)
        counts["missing"] += sum((Counter("".join(map(seen, texts))) - Counter(said)).values())
        counts["in the PDF"] += 1

    try:
        through()
    finally:
        press.close()
    experiment.note(**{name.replace(" ", "_"): count for name, count in sorted(counts.items())})
    assert counts["missing"] <= counts["characters"] / 1000
