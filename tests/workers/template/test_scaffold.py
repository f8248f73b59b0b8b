"""A first Word template is drawn from a definition alone: whole, merged as printed, and nothing Word stumbles over."""

from itertools import pairwise
from pathlib import Path

import docx
import pytest

from reports.definition import BuiltIn, Definition, Law, Line, Section, Table, Text
from reports.kinds import KINDS
from tests.people import DEFINITIONS, annual, shown
from tests.wordprocessing import ORDER, W, out_of_order, parts, runs, tables
from workers.template.lint import lint
from workers.template.page import TEXT_WIDTH
from workers.template.scaffold import scaffold

LAWS = BuiltIn(*(Law(letter, "……") for letter in "FTY"))
ROWS = (Line("apples", "苹果"), Line("pears", "梨"))
COLUMNS = (Line("picked", "采摘"), Line("eaten", "食用"))


def table(key: str, **parts: object) -> Table:
    """A table of two rows and two columns, unless said otherwise."""
    return Table(key, "一、数字", KINDS["count"], **({"columns": COLUMNS, "rows": ROWS} | parts))  # type: ignore[arg-type]


def harvest(*of: Table, texts: tuple[Text, ...] = ()) -> Definition:
    """A definition of one section with these tables."""
    section = Section("figures", "一、数字", texts, of)
    return Definition("harvest", "2024", "{unit}{year}年收成报告", 2024, (section,), LAWS)


GROUPED = (
    Line("fruit", "一、水果", of=(Line("apples", "苹果"), Line("stone", "（一）核果类", of=(Line("plums", "李子"),)))),
    Line("all", "二、总计", total=True),
)
WIDE = tuple(Line(f"c{number}", f"第{number}列") for number in range(1, 8))
DRAWN = [
    *(DEFINITIONS[reference] for reference in DEFINITIONS.references()),
    harvest(),
    harvest(table("one")),
    harvest(table("one"), table("two")),
    harvest(table("one", caption="甲", stub="品种"), table("two", caption="乙", columns=COLUMNS[:1])),
    harvest(table("wide", columns=WIDE, rows=GROUPED, note="（说明：第一句，第二句）", stub="情况")),
    harvest(table("wide", columns=WIDE, caption="宽表")),
    harvest(table("bare", rows=(Line("only", ""),))),
    harvest(table("one"), texts=(Text("figures.said", "一、数字", "（一）说明"), Text("figures.more", "一、数字"))),
]


@pytest.fixture(params=DRAWN, ids=lambda definition: shown(definition.reference))
def drawn(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A template of each definition in turn."""
    return draw(request.param, tmp_path)


def draw(definition: Definition, folder: Path) -> Path:
    """The template of a definition, as a file."""
    file = folder / "template.docx"
    file.write_bytes(scaffold(definition))
    return file


class TestWhateverTheDefinition:
    @pytest.mark.parametrize("definition", DRAWN, ids=lambda definition: shown(definition.reference))
    def test_everything_is_asked_for_exactly_once(self, definition: Definition, tmp_path: Path) -> None:
        assert lint(definition, draw(definition, tmp_path)) == []

    def test_children_stand_in_the_order_that_word_wants(self, drawn: Path) -> None:
        assert [line for root in parts(drawn).values() for line in out_of_order(root)] == []

    def test_every_style_in_use_is_defined(self, drawn: Path) -> None:
        found = parts(drawn)
        defined = {style.get(f"{W}styleId") for style in found["word/styles.xml"].iter(f"{W}style")}
        assert {used.get(f"{W}val") for root in found.values() for used in root.iter(f"{W}pStyle")} <= defined

    def test_every_paragraph_has_a_style_that_names_a_chinese_face(self, drawn: Path) -> None:
        found = parts(drawn)
        chinese = {
            style.get(f"{W}styleId")
            for style in found["word/styles.xml"].iter(f"{W}style")
            for face in style.iter(f"{W}rFonts")
            if face.get(f"{W}eastAsia")
        }
        for paragraph in found["word/document.xml"].iter(f"{W}p"):
            assert paragraph.find(f"{W}pPr/{W}pStyle").get(f"{W}val") in chinese

    def test_every_row_of_a_table_is_as_wide_as_the_text(self, drawn: Path) -> None:
        for grid in parts(drawn)["word/document.xml"].iter(f"{W}tbl"):
            assert sum(int(column.get(f"{W}w")) for column in grid.iter(f"{W}gridCol")) == TEXT_WIDTH
            for row in grid.iter(f"{W}tr"):
                assert sum(int(width.get(f"{W}w")) for width in row.iter(f"{W}tcW")) == TEXT_WIDTH

    def test_no_row_is_cut_by_a_page(self, drawn: Path) -> None:
        for row in parts(drawn)["word/document.xml"].iter(f"{W}trPr"):
            assert row.find(f"{W}cantSplit") is not None

    def test_tables_never_touch_each_other_nor_the_end(self, drawn: Path) -> None:
        body = [element.tag.removeprefix(W) for element in parts(drawn)["word/document.xml"][0]]
        assert ("tbl", "tbl") not in pairwise(body)
        assert body[-2:] == ["p", "sectPr"]

    def test_python_docx_opens_it(self, drawn: Path) -> None:
        assert docx.Document(str(drawn)).paragraphs[0].text == "{%p for line in title %}"


def test_the_order_of_children_is_really_looked_at(tmp_path: Path) -> None:
    """The control: a width behind a merge is what Word would call damaged."""
    root = parts(draw(harvest(table("one")), tmp_path))["word/document.xml"]
    properties = next(root.iter(f"{W}tcPr"))
    properties.append(properties[0])
    assert list(out_of_order(root)) == ["tcPr: shd vAlign tcW"]
    assert "tcPr" in ORDER


def test_the_same_definition_gives_the_same_bytes() -> None:
    assert scaffold(annual()) == scaffold(annual())


class TestTables:
    def test_captioned_neighbours_are_printed_as_one(self, tmp_path: Path) -> None:
        grapes = table("two", caption="乙", stub="品种", rows=(Line("grapes", "葡萄"),), columns=COLUMNS[:1])
        drawn = draw(harvest(table("one", caption="甲", stub="品种"), grapes), tmp_path)
        assert [[runs(row) for row in one] for one in tables(drawn)] == [
            [
                [("甲", 3)],
                [("品种", 1), ("采摘", 1), ("食用", 1)],
                [("苹果", 1), ("{{ one.apples.picked }}", 1), ("{{ one.apples.eaten }}", 1)],
                [("梨", 1), ("{{ one.pears.picked }}", 1), ("{{ one.pears.eaten }}", 1)],
                [("乙", 3)],
                [("品种", 1), ("采摘", 2)],
                [("葡萄", 1), ("{{ two.grapes.picked }}", 2)],
            ]
        ]

    def test_without_captions_stay_apart(self, tmp_path: Path) -> None:
        assert len(tables(draw(harvest(table("one"), table("two")), tmp_path))) == 2

    def test_repeat_their_headings_on_every_page(self, tmp_path: Path) -> None:
        root = parts(draw(harvest(table("wide", columns=WIDE, rows=GROUPED, note="注", stub="情况")), tmp_path))
        repeated = [row.find(f".//{W}tblHeader") is not None for row in root["word/document.xml"].iter(f"{W}tr")]
        assert repeated == [True, True, False, False, False]

    def test_stay_whole_when_they_are_short(self, tmp_path: Path) -> None:
        root = parts(draw(harvest(table("one")), tmp_path))["word/document.xml"]
        kept = [len(list(row.iter(f"{W}keepNext"))) for row in root.iter(f"{W}tr")]
        assert kept == [3, 3, 0], "every paragraph of every row but the last keeps with the next"

    def test_break_between_groups_when_they_are_long(self, tmp_path: Path) -> None:
        fruit = [Line(f"f{number}", f"第{number}种") for number in range(30)]
        rows = (
            Line(
                "all",
                "全部",
                of=(Line("low", "（一）低", of=tuple(fruit[:15])), Line("high", "（二）高", of=tuple(fruit[15:]))),
            ),
        )
        root = parts(draw(harvest(table("long", columns=WIDE, rows=rows)), tmp_path))["word/document.xml"]
        kept = [row.find(f".//{W}keepNext") is not None for row in root.iter(f"{W}tr")]
        assert kept == [True] + ([True] * 14 + [False]) * 2

    def test_begin_a_page_when_they_fill_one(self, tmp_path: Path) -> None:
        fruit = tuple(Line(f"f{number}", f"第{number}种") for number in range(30))
        for rows, begins in ((ROWS, False), (fruit, True)):
            root = parts(draw(harvest(table("long", columns=WIDE, rows=rows)), tmp_path))["word/document.xml"]
            assert (root.find(f".//{W}pageBreakBefore") is not None) is begins

    def test_break_the_labels_of_narrow_places_between_words(self, tmp_path: Path) -> None:
        rows = (Line("results", "三、本年度办理结果", of=(Line("none", "（三）不予公开", of=ROWS),)),)
        columns = (*WIDE, Line("charity", "社会公益组织"), Line("law", "法律服务机构"), Line("natural", "自然人"))
        drawn = draw(harvest(table("long", columns=columns, rows=rows)), tmp_path)
        said = {cell.text for row in docx.Document(str(drawn)).tables[0].rows for cell in row.cells}
        assert {
            "三、\n本年度\n办理\n结果",
            "（三）\n不予公开",
            "社会\n公益\n组织",
            "法律\n服务\n机构",
            "自然人",
        } <= said


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> list[list[list[str]]]:
    """The tables of the annual report."""
    return tables(draw(annual(), tmp_path_factory.mktemp("annual")))


class TestTheAnnualReport:
    """The three tables, merged exactly as the form that offices pass around."""

    def test_has_three_tables_of_the_known_sizes(self, printed: list[list[list[str]]]) -> None:
        assert [(len(one), len(one[0])) for one in printed] == [(14, 4), (28, 10), (4, 15)]

    def test_merges_the_value_of_a_single_column_across(self, printed: list[list[list[str]]]) -> None:
        assert [runs(row) for row in printed[0][4:7]] == [
            [("第二十条第（五）项", 4)],
            [("信息内容", 1), ("本年处理决定数量", 3)],
            [("行政许可", 1), ("{{ article_20_5.licences.handled }}", 3)],
        ]

    def test_merges_the_head_of_the_requests(self, printed: list[list[list[str]]]) -> None:
        note = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
        assert [runs(row) for row in printed[1][:3]] == [
            [(note, 3), ("申请人情况", 7)],
            [(note, 3), ("自然人", 1), ("法人或其他组织", 5), ("总计", 1)],
            [
                (note, 3),
                *(
                    (one, 1)
                    for one in ("自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计")
                ),
            ],
        ]

    def test_merges_the_groups_of_the_requests(self, printed: list[list[list[str]]]) -> None:
        first, second = ([row[column] for row in printed[1][3:]] for column in (0, 1))
        assert [(text[:2], places) for text, places in runs(first)] == [
            ("一、", 1),
            ("二、", 1),
            ("三、", 22),
            ("四、", 1),
        ]
        assert [(text[:3], places) for text, places in runs(second)[2:]] == [
            ("（一）", 1),
            ("（二）", 1),
            ("（三）", 8),
            ("（四）", 3),
            ("（五）", 5),
            ("（六）", 3),
            ("（七）", 1),
            ("四、结", 1),
        ]

    def test_merges_the_head_of_the_disputes(self, printed: list[list[list[str]]]) -> None:
        assert [runs(row) for row in printed[2][:2]] == [
            [("行政复议", 5), ("行政诉讼", 10)],
            [*((one, 1) for one in printed[2][2][:5]), ("未经复议直接起诉", 5), ("复议后起诉", 5)],
        ]
