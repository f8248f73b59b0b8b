"""Each document tells with which typefaces it was drawn, and which characters another face had to draw."""

from dataclasses import replace
from pathlib import Path

import pytest

from reports.faces.word import context
from storage.making.recipes import template_of
from tests.paper import Paper
from tests.people import DEFINITIONS, ordinary_report, read
from tests.printing import FETCHED, an_office
from workers.fonts.record import Typeface, as_json, from_json
from workers.office.alone import to_pdf
from workers.office.installed import Office
from workers.pipeline import properties_of
from workers.proof.word_fonts import asked_for
from workers.proof.word_text import read_word
from workers.verify import check_pdf
from workers.word import word_template

needs_fandol = pytest.mark.skipif(
    not (FETCHED / "FandolFang-Regular.otf").exists(), reason="script/bootstrap --fonts has not fetched FandolFang"
)


@pytest.fixture(scope="module")
def libreoffice(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return an_office(tmp_path_factory.mktemp("data"))


def typefaces(paper: Paper, folder: Path, office: Office) -> dict[str, Typeface]:
    docx = paper.save(folder / "report.docx")
    proof = check_pdf(to_pdf(docx, folder, office=office), read_word(docx), office.fonts)
    assert from_json(as_json(proof.typefaces)) == proof.typefaces
    return {face.declared: face for face in proof.typefaces}


@needs_fandol
def test_a_rare_character_is_told_with_the_face_that_lacks_it_and_the_one_that_drew_it(
    libreoffice: Office, tmp_path: Path
) -> None:
    found = typefaces(Paper().write("委员𬭊 36 条").write("委员𬭊到会", font="宋体"), tmp_path, libreoffice)
    assert (found["仿宋_GB2312"].drawn_with, found["仿宋_GB2312"].stand_in) == ("FandolFang", True)
    assert "".join(found["仿宋_GB2312"].fallback.values()) == "𬭊"
    assert found["黑体"].fallback == found["Times New Roman"].fallback == {}


def test_faces_come_from_the_styles_and_what_these_are_based_on(tmp_path: Path) -> None:
    """Our own template puts no face on a run."""
    answers = read(ordinary_report())
    template = word_template(template_of(DEFINITIONS, answers.definition))
    (docx := tmp_path / "report.docx").write_bytes(template.fill(context(answers), properties_of(answers)))
    asked = asked_for(read_word(docx))
    assert set(asked) == {"方正小标宋简体", "黑体", "楷体_GB2312", "仿宋_GB2312", "宋体", "Times New Roman"}
    assert {"（", "总", "计"} <= asked["宋体"]
    assert {"0", "1"} <= asked["Times New Roman"]
    assert not asked["Times New Roman"] & asked["宋体"]


def test_a_face_on_a_run_counts_more_than_its_style(tmp_path: Path) -> None:
    asked = asked_for(
        read_word(Paper().write("正文", font="楷体_GB2312", style="Heading 1").save(tmp_path / "one.docx"))
    )
    assert {"正", "文"} <= asked["楷体_GB2312"]


def test_without_styles_a_document_asks_for_what_its_runs_say(tmp_path: Path) -> None:
    word = read_word(Paper().write("正文").save(tmp_path / "one.docx"))
    bare = replace(word, parts={name: part for name, part in word.parts.items() if "styles" not in name})
    assert {"正", "文"} <= asked_for(bare)["仿宋_GB2312"]
