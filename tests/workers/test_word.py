"""Filling a Word template: what went in comes out, character for character, or the filling is refused."""

import io
import os
import zipfile
from pathlib import Path
from typing import Any

import docx
import pytest
from docxtpl import DocxTemplate
from jinja2 import Environment

from workers.word import Properties, TemplateBroken, WordTemplate, word_template

PROPERTIES = Properties(title="R&D <年报>", author="云溪区教育局", subject="政府信息公开", keywords="年报")

TYPED_BY_PEOPLE = [
    "R&D",
    "a<b 且 b>a",
    "<w:p>",
    "]]>",
    "{{ 7*7 }}",
    "{% for x in y %}",
    "{_{ 留着 }_}",
    "{# 不是注释 #}",
    "引号\"和'和“”",
    "𠮷𪚥䶮𬭊",
    "שלום \u200fעולם",
    "é与é",
    "  两端有空格  ",
    "甲\t乙",
    "\u3000全角空格",
]


def template(folder: Path, *paragraphs: str) -> Path:
    """A Word template of these paragraphs, the last followed by TAIL."""
    document = docx.Document()
    for paragraph in (*paragraphs, "TAIL"):
        document.add_paragraph(paragraph)
    path = folder / "template.docx"
    document.save(str(path))
    return path


def filled(path: Path, **context: Any) -> list[str]:
    """The paragraphs of the template at `path`, filled."""
    document = WordTemplate(path).fill(context, PROPERTIES)
    return [paragraph.text for paragraph in docx.Document(io.BytesIO(document)).paragraphs]


class TestWhatWasTyped:
    @pytest.mark.parametrize("typed", TYPED_BY_PEOPLE)
    def test_stands_in_the_document_character_for_character(self, tmp_path: Path, typed: str) -> None:
        path = template(tmp_path, "A[{{ x }}]B")
        assert filled(path, x=typed) == [f"A[{typed}]B", "TAIL"]

    def test_is_lost_by_docxtpl_as_it_comes(self, tmp_path: Path) -> None:
        """The reason for everything here: the same text, filled the way docxtpl is usually called."""
        plain = DocxTemplate(template(tmp_path, "A[{{ x }}]B"))
        plain.render({"x": "R&D"}, jinja_env=Environment())
        assert "A[R&D]B" not in [paragraph.text for paragraph in plain.docx.paragraphs]

    def test_becomes_one_paragraph_for_each_of_a_list(self, tmp_path: Path) -> None:
        path = template(tmp_path, "{%p for line in text %}", "{{ line }}", "{%p endfor %}")
        assert filled(path, text=["一", "二"]) == ["一", "二", "TAIL"]

    def test_is_found_in_nested_names(self, tmp_path: Path) -> None:
        path = template(tmp_path, "{{ requests.received.total }}")
        assert filled(path, requests={"received": {"total": "3525"}}) == ["3525", "TAIL"]


class TestPlaceholders:
    def test_may_be_cut_in_pieces_by_word(self, tmp_path: Path) -> None:
        document = docx.Document()
        paragraph = document.add_paragraph()
        for piece in ("{", "{ un", "it ", "}}"):
            paragraph.add_run(piece).bold = piece == "it "
        path = tmp_path / "template.docx"
        document.save(str(path))
        assert filled(path, unit="云溪区教育局") == ["云溪区教育局"]

    def test_may_stand_in_header_and_footer(self, tmp_path: Path) -> None:
        document = docx.Document()
        document.sections[0].footer.paragraphs[0].text = "{{ unit }}"
        path = tmp_path / "template.docx"
        document.save(str(path))
        made = docx.Document(io.BytesIO(WordTemplate(path).fill({"unit": "R&D"}, PROPERTIES)))
        assert made.sections[0].footer.paragraphs[0].text == "R&D"


class TestATemplate:
    @pytest.mark.parametrize(
        ("placeholder", "reason"),
        [
            ("{{ nobody_answers_this }}", "undefined"),
            ("{{ x.y.z }}", "has no attribute"),
            ("{{ ''.__class__.__mro__ }}", "unsafe"),
            ("{{ x|upper }}", "No filter named"),
            ("{{ range(10) }}", "undefined"),
            ("{{ cycler('a') }}", "undefined"),
            ("{% if x %}", "Unexpected end of template"),
            ("{{ x.append('y') }}", "has no attribute"),
            ("{% include '/etc/passwd' %}", "no loader"),
        ],
    )
    def test_that_asks_for_more_than_names_is_refused(self, tmp_path: Path, placeholder: str, reason: str) -> None:
        with pytest.raises(TemplateBroken) as refusal:
            filled(template(tmp_path, placeholder), x="甲")
        assert reason in str(refusal.value)
        assert "lint" in refusal.value.for_person

    def test_that_is_no_word_file_is_refused(self, tmp_path: Path) -> None:
        path = tmp_path / "template.docx"
        path.write_bytes(b"not a zip")
        with pytest.raises(TemplateBroken):
            WordTemplate(path)

    def test_is_read_once_and_again_when_it_changes(self, tmp_path: Path) -> None:
        path = template(tmp_path, "{{ x }}")
        first = word_template(path)
        assert word_template(path) is first
        later = path.stat().st_mtime_ns + 1_000_000
        template(tmp_path, "{{ x }}{{ x }}")
        os.utime(path, ns=(later, later))
        assert word_template(path) is not first


class TestTheFile:
    def test_is_the_same_bytes_for_the_same_answers(self, tmp_path: Path) -> None:
        path = template(tmp_path, "{{ x }}")
        assert WordTemplate(path).fill({"x": "1"}, PROPERTIES) == WordTemplate(path).fill({"x": "1"}, PROPERTIES)

    def test_says_its_title_and_author_exactly(self, tmp_path: Path) -> None:
        made = docx.Document(io.BytesIO(WordTemplate(template(tmp_path)).fill({}, PROPERTIES)))
        said = made.core_properties
        assert (said.title, said.author, said.language) == ("R&D <年报>", "云溪区教育局", "zh-CN")

    def test_has_every_part_once(self, tmp_path: Path) -> None:
        made = WordTemplate(template(tmp_path, "{{ x }}")).fill({"x": "1"}, PROPERTIES)
        names = zipfile.ZipFile(io.BytesIO(made)).namelist()
        assert names[0] == "[Content_Types].xml"
        assert len(names) == len(set(names))
