"""Lint names everything that keeps a Word template from being filled: where it is, what it is, what to do."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from reports.definition import BuiltIn, Definition, Law, Line, Section, Table, Text
from reports.kinds import KINDS
from service.commands.template import template as command
from tests.people import ANNUAL, annual
from workers.template.lint import lint
from workers.template.scaffold import scaffold

HARVEST = Definition(
    "harvest",
    "2024",
    "{unit}{year}年收成报告",
    2024,
    (
        Section(
            "words",
            "一、情况",
            texts=(Text("words.summary", "一、情况", "（一）概述"),),
            tables=(
                Table(
                    "fruit",
                    "一、情况",
                    KINDS["count"],
                    columns=(Line("picked", "采摘"), Line("eaten", "食用")),
                    rows=(Line("apples", "苹果"), Line("pears", "梨")),
                ),
            ),
        ),
    ),
    BuiltIn(*(Law(letter, "……") for letter in "FTY")),
)
LOOP = "{%p for paragraph in words.summary %}"
APPLES = "{{ fruit.apples.picked }}"
PEARS = "{{ fruit.pears.eaten }}"

Change = Callable[[Path], None]


def replaced(old: str, new: str, part: str = "word/document.xml") -> Change:
    """The template with something else in one of its parts."""

    def change(file: Path) -> None:
        with zipfile.ZipFile(file) as package:
            parts = {name: package.read(name).decode() for name in package.namelist()}
        assert old in parts[part], "a change that changes nothing proves nothing"
        parts[part] = parts[part].replace(old, new, 1)
        with zipfile.ZipFile(file, "w") as package:
            for name, text in parts.items():
                package.writestr(name, text)

    return change


def flaws(change: Change, folder: Path, definition: Definition = HARVEST) -> list[str]:
    """What lint says of a scaffolded template after a change."""
    file = folder / "template.docx"
    file.write_bytes(scaffold(definition))
    change(file)
    return [str(flaw) for flaw in lint(definition, file)]


def paragraph(text: str) -> str:
    """A paragraph of its own."""
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


AFTER_THE_TITLE = '<w:p><w:pPr><w:pStyle w:val="Heading1"/>'


def before_the_heading(addition: str) -> Change:
    """Something more in front of the first heading, the fourth paragraph."""
    return replaced(AFTER_THE_TITLE, addition + AFTER_THE_TITLE)


class TestNames:
    @pytest.mark.parametrize(
        ("change", "said"),
        [
            (
                replaced(APPLES, ""),
                "一、情况 “苹果”行“采摘”列：缺少 fruit.apples.picked。请在这一格写 {{ fruit.apples.picked }}",
            ),
            (
                replaced(APPLES, "{{ fruit.apple.picked }}"),
                "第1个表格第2行第2格：“{{ fruit.apple.picked }}”：没有“fruit.apple.picked”这个名称。"
                "是否指 fruit.apples.picked？",
            ),
            (
                replaced(PEARS, f"{PEARS} {APPLES}"),
                "第1个表格第3行第3格：“fruit.apples.picked”已在第1个表格第2行第2格出现过。每个名称只能写一次，请删去一处",
            ),
            (
                before_the_heading(paragraph("{{ words.summary }}")),
                "第4段：“{{ words.summary }}”是几段文字，不能写成一个占位符。"
                "请改成三段：{%p for paragraph in words.summary %}、{{ paragraph }}、{%p endfor %}",
            ),
            (
                replaced(LOOP, "{%p for paragraph in fruit.apples.picked %}"),
                "第6段：“{%p for paragraph in fruit.apples.picked %}”：“fruit.apples.picked”不是文字，不能循环。"
                "请改成 {{ fruit.apples.picked }}",
            ),
        ],
        ids=["missing", "unknown", "twice", "text as a value", "figure as a loop"],
    )
    def test_are_each_asked_for_once_and_in_the_right_way(self, change: Change, said: str, tmp_path: Path) -> None:
        assert said in flaws(change, tmp_path)

    def test_of_the_unit_and_the_year_may_be_used_again_and_again(self, tmp_path: Path) -> None:
        again = paragraph("{{ unit }}{{ year }}年，{{ unit }}")
        assert flaws(before_the_heading(again), tmp_path) == []

    def test_cut_into_runs_by_word_are_still_names(self, tmp_path: Path) -> None:
        cut = replaced(APPLES, "{{ fruit.ap</w:t></w:r><w:r><w:t>ples.picked }}")
        assert flaws(cut, tmp_path) == []


FORBIDDEN = {
    "{{ unit.upper() }}": "不能用函数调用",
    "{{ unit|upper }}": "不能用过滤器",
    "{{ unit['a'] }}": "不能用方括号",
    "{{ unit.__class__ }}": "不能用以下划线开头的名称",
    "{{ _unit }}": "不能用以下划线开头的名称",
    "{{ 7*7 }}": "里面不是一个名称",
    "{{ }}": "不是完整的占位符",
    "{{ unit": "不是完整的占位符",
    "unit }}": "不是完整的占位符",
    "{{r unit }}": "里面不是一个名称",
    "{% set a = 1 %}": "不能用这种语句",
    "{% import 'a' as b %}": "不能用这种语句",
    "{% include 'a' %}": "不能用这种语句",
    "{% macro a() %}": "不能用这种语句",
    "{%p if unit %}": "不能用这种语句",
    "{%tr for row in unit %}": "不能用这种语句",
    "{%- raw %}": "不能用这种语句",
    "{%p for a in words.summary if a %}": "不能用这种语句",
    "{# 说明 #}": "不能用注释",
}


class TestConstructs:
    @pytest.mark.parametrize(("text", "said"), FORBIDDEN.items(), ids=range(len(FORBIDDEN)))
    def test_that_are_more_than_names_are_refused(self, text: str, said: str, tmp_path: Path) -> None:
        found = flaws(before_the_heading(paragraph(text)), tmp_path)
        assert any(flaw.startswith("第4段") and said in flaw for flaw in found), found

    @pytest.mark.parametrize(
        ("change", "said"),
        [
            (replaced("{%p endfor %}", ""), "后面不是一段文字和一个结尾"),
            (before_the_heading(paragraph("{%p endfor %}")), "多出 1 个 {%p endfor %}"),
            (replaced("{{ paragraph }}", "{{ paragraphs }}"), "后面不是一段文字和一个结尾"),
            (replaced(LOOP, f"如下：{LOOP}"), "不是单独一段，同段的文字会丢失"),
            (replaced(APPLES, "{%p for a in words.summary %}{{ a }}{%p endfor %}"), "不是单独一段，同段的文字会丢失"),
        ],
        ids=["no end", "no beginning", "another variable", "not alone", "in one paragraph"],
    )
    def test_of_loops_are_three_paragraphs(self, change: Change, said: str, tmp_path: Path) -> None:
        assert any(said in flaw for flaw in flaws(change, tmp_path))

    def test_of_loops_have_no_place_in_a_table(self, tmp_path: Path) -> None:
        three = "</w:t></w:r></w:p>".join(
            f"{'<w:p><w:r><w:t>' if number else ''}{text}"
            for number, text in enumerate(("{%p for a in words.summary %}", "{{ a }}", "{%p endfor %}"))
        )
        assert any("写在表格里" in flaw for flaw in flaws(replaced(APPLES, three), tmp_path))

    @pytest.mark.parametrize(
        ("addition", "said"),
        [
            ("<w:sdt><w:sdtContent><w:p/></w:sdtContent></w:sdt>", "正文：有内容控件"),
            ("<w:p><w:r><w:pict><w:txbxContent><w:p/></w:txbxContent></w:pict></w:r></w:p>", "正文：有文本框"),
            ("<w:p><w:ins><w:r><w:t>多</w:t></w:r></w:ins></w:p>", "正文：有没有处理的修订"),
            ("<w:tbl><w:tr><w:tc><w:tbl/><w:p/></w:tc></w:tr></w:tbl>", "正文：有套在表格里的表格"),
            ("<w:altChunk/>", "正文：有嵌入的文件或对象"),
        ],
        ids=["control", "text box", "revision", "nested table", "chunk"],
    )
    def test_of_word_that_lose_text_are_refused(self, addition: str, said: str, tmp_path: Path) -> None:
        assert any(flaw.startswith(said) for flaw in flaws(before_the_heading(addition), tmp_path))

    @pytest.mark.parametrize(
        "change",
        [
            replaced('w:val="Heading1"', 'w:val="{{ unit }}"'),
            replaced('w:val="Heading1"', 'w:val="{{ unit.__class__.__mro__ }}"'),
            before_the_heading("<w:p><w:r><w:instrText>{{ year }}</w:instrText></w:r></w:p>"),
            before_the_heading("<w:p><w:r><w:t>{</w:t></w:r></w:p><w:p><w:r><w:t>{ unit }}</w:t></w:r></w:p>"),
            replaced("<w:p>", "{% set a = 1 %}<w:p>"),
            replaced(" PAGE ", " {{ unit }} ", part="word/footer1.xml"),
        ],
        ids=["attribute", "dangerous attribute", "field", "two paragraphs", "between paragraphs", "footer"],
    )
    def test_out_of_sight_are_found(self, change: Change, tmp_path: Path) -> None:
        assert flaws(change, tmp_path) != []


class TestFiles:
    def test_that_are_no_word_files_are_said_to_be_none(self, tmp_path: Path) -> None:
        file = tmp_path / "template.docx"
        file.write_text("不是 Word")
        assert [flaw.remedy for flaw in lint(HARVEST, file)] == ["请用 Word 或 WPS 另存为 .docx 后再试"]

    def test_with_a_damaged_part_are_said_to_be_damaged(self, tmp_path: Path) -> None:
        assert any("不是完好的 Word 文件" in flaw for flaw in flaws(replaced("</w:body>", ""), tmp_path))


class TestTheCommand:
    def test_scaffolds_a_template_that_lint_finds_nothing_wrong_with(self, tmp_path: Path) -> None:
        file = tmp_path / "first.docx"
        made = CliRunner().invoke(command, ["scaffold", ANNUAL, "--out", str(file)])
        assert made.exit_code == 0, made.output
        assert file.read_bytes() == scaffold(annual())
        assert CliRunner().invoke(command, ["lint", ANNUAL, str(file)]).exit_code == 0

    def test_never_draws_over_a_file_that_somebody_polished(self, tmp_path: Path) -> None:
        file = tmp_path / "polished.docx"
        file.write_bytes(b"mine")
        refused = CliRunner().invoke(command, ["scaffold", ANNUAL, "--out", str(file)])
        assert (refused.exit_code, file.read_bytes()) == (2, b"mine")
        assert "已经存在，没有改动" in refused.output

    def test_says_what_is_wrong_and_exits_with_one(self, tmp_path: Path) -> None:
        file = tmp_path / "template.docx"
        file.write_bytes(scaffold(annual()))
        replaced("{{ requests.received.total }}", "")(file)
        said = CliRunner().invoke(command, ["lint", ANNUAL, str(file)])
        assert said.exit_code == 1
        assert "缺少 requests.received.total" in said.output

    def test_says_of_a_file_that_is_not_there_that_it_cannot_be_opened(self, tmp_path: Path) -> None:
        said = CliRunner().invoke(command, ["lint", ANNUAL, str(tmp_path / "none.docx")])
        assert said.exit_code == 2
        assert "打不开" in said.output

    def test_looks_at_the_template_beside_the_definition_unless_told_otherwise(self) -> None:
        assert CliRunner().invoke(command, ["lint", ANNUAL]).exit_code == 0
