"""A definition is read as it is meant; every mistake in it is refused with the file, the key and the remedy."""

from pathlib import Path

import pytest

from reports.definition import Each, Law, Severity
from reports.kinds import KINDS
from reports.loading import DefinitionError, Definitions, UnknownDefinition, load_definition

# The smallest definition that has something of everything.
SMALL = """
id         = "harvest"
edition    = "2024"
title      = "{unit}{year}年收成报告"
first_year = 2024

[laws]
figures = { id = "F", says = "应为整数" }
texts   = { id = "T", says = "不能空缺" }
years   = { id = "Y", says = "年度应一致" }

[lines]
sizes = [
  { key = "big",   label = "大" },
  { key = "small", label = "小" },
  { key = "all",   label = "合计", total = true },
]

[[section]]
key         = "words"
heading     = "一、情况"
states_year = true
length      = { id = "L", says = "不宜过长", at_most = 100 }
texts       = [{ key = "summary", heading = "（一）概述", hint = "简要写" }]

[[section]]
key     = "figures"
heading = "二、数字"

[[section.table]]
key     = "fruit"
cells   = "count"
stub    = "品种"
columns = [{ key = "picked", label = "采摘", of = "sizes" }, { key = "eaten", label = "食用" }]
rows    = [{ key = "apples", label = "苹果" }, { key = "pears", label = "梨", short = "梨子" }]

[section.table.sums]
across = { id = "S", says = "合计应等于大小之和" }

[[section.table.rule]]
id   = "R"
each = "row"
says = "食用不应多于采摘"
that = "eaten <= picked.all"
unless_unit = "^试验"

[[rule]]
id       = "G"
says     = "苹果不应少于上年"
that     = "fruit.apples.eaten >= previous.fruit.apples.eaten - 1"
severity = "hint"
"""


def written(folder: Path, text: str, reference: str = "harvest/2024") -> Path:
    """The text as the definition file of a templates folder."""
    file = folder / reference / "definition.toml"
    file.parent.mkdir(parents=True)
    file.write_text(text, encoding="utf-8")
    return file


def changed(old: str, new: str) -> str:
    """The small definition with one thing written differently."""
    assert SMALL.count(old) == 1, old
    return SMALL.replace(old, new)


# --- read as it is meant ---


def test_every_cell_and_text_has_one_dotted_name(tmp_path):
    definition = load_definition(written(tmp_path, SMALL))
    assert list(definition.cells) == [
        "fruit.apples.picked.big",
        "fruit.apples.picked.small",
        "fruit.apples.picked.all",
        "fruit.apples.eaten",
        "fruit.pears.picked.big",
        "fruit.pears.picked.small",
        "fruit.pears.picked.all",
        "fruit.pears.eaten",
    ]
    assert list(definition.texts) == ["words.summary"]


def test_everything_written_arrives(tmp_path):
    definition = load_definition(written(tmp_path, SMALL))
    assert definition.reference == "harvest/2024"
    assert definition.heading("东村", 2025) == "东村2025年收成报告"
    words, figures = definition.sections
    assert (words.heading, words.states_year) == ("一、情况", True)
    assert (words.length.law, words.length.at_most) == (Law("L", "不宜过长"), 100)
    [text] = words.texts
    assert (text.label, text.hint, text.required, text.at_most) == ("一、情况·（一）概述", "简要写", True, 30_000)
    [table] = figures.tables
    assert (table.title, table.stub, table.kind) == ("二、数字", "品种", KINDS["count"])
    assert (table.across, table.down) == (Law("S", "合计应等于大小之和"), None)
    [rule] = table.rules
    assert (rule.law.id, rule.each, rule.severity) == ("R", Each.ROW, Severity.ERROR)
    assert (rule.concerns("试验田"), rule.concerns("东村试验田")) == (False, True)
    [general] = definition.rules
    assert (general.each, general.severity) == (Each.ONCE, Severity.HINT)
    cell = definition.cells["fruit.pears.picked.all"]
    assert (cell.label, cell.total) == ("“梨子”行“采摘·合计”列", True)


def test_a_file_saved_by_notepad_is_read(tmp_path):
    file = written(tmp_path, "\ufeff" + SMALL.replace("\n", "\r\n"))
    assert load_definition(file).id == "harvest"


def test_a_definition_is_found_from_inside_its_own_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(written(tmp_path, SMALL).parent)
    load_definition.cache_clear()
    assert load_definition(Path("definition.toml")).reference == "harvest/2024"
    load_definition.cache_clear()


# --- refused ---

CASES = {
    "TOML that is not TOML": (SMALL + "]", "TOML", "不是合格的 TOML"),
    "TOML nested without end": ("a = " + "[" * 5000, "TOML", "不是合格的 TOML"),
    "an empty file": ("", "id", "缺少这一项"),
    "a missing key": (changed('edition    = "2024"\n', ""), "edition", "缺少这一项"),
    "a missing key deep inside": (
        changed('{ key = "eaten", label = "食用" }', '{ key = "eaten" }'),
        "section.figures.table.fruit.columns.eaten.label",
        "缺少这一项",
    ),
    "an unknown key": (changed('id         = "harvest"', 'id = "harvest"\nname = "收成"'), "name", "不认识这一项"),
    "an unknown key deep inside": (
        changed('label = "食用"', 'lable = "食用"'),
        "section.figures.table.fruit.columns.eaten.lable",
        "不认识这一项",
    ),
    "an unknown key in a rule": (
        changed('unless_unit = "^试验"', 'unless = "x"'),
        "section.figures.table.fruit.rule.R.unless",
        "不认识",
    ),
    "a number for a word": (changed('heading = "二、数字"', "heading = 2"), "section.figures.heading", "应为文字"),
    "a date for a word": (changed('edition    = "2024"', "edition = 2024-01-01"), "edition", "应为文字"),
    "a word for a number": (changed("first_year = 2024", 'first_year = "2024"'), "first_year", "应为整数"),
    "a fraction for a number": (changed("first_year = 2024", "first_year = 2024.0"), "first_year", "应为整数"),
    "a word for yes or no": (
        changed("total = true", 'total = "true"'),
        "lines.sizes.all.total",
        "应为 true 或 false",
    ),
    "a number for yes or no": (
        changed("states_year = true", "states_year = 1"),
        "section.words.states_year",
        "应为 true",
    ),
    "a number for a list": (changed('"sizes"', "5"), "section.figures.table.fruit.columns.picked.of", "应为列表"),
    "a word for a table": (
        changed('{ id = "F", says = "应为整数" }', '"F"'),
        "laws.figures",
        "应为一组“键 = 值”",
    ),
    "one section instead of a list": ("section = 5\n" + SMALL.split("[[section]]")[0].strip(), "section", "应为列表"),
    "an empty list of sections": ("section = []\n" + SMALL.split("[[section]]")[0].strip(), "section", "至少要有一项"),
    "a number for the lists": (
        "lines = 5\n" + SMALL[: SMALL.index("[lines]")] + SMALL[SMALL.index("[[section]]") :],
        "lines",
        "应为一组“键 = 值”",
    ),
    "a word for a row": (
        changed('{ key = "apples", label = "苹果" }', '"苹果"'),
        "section.figures.table.fruit.rows.1",
        "应为一组“键 = 值”",
    ),
    "no section at all": (SMALL.split("[[section]]")[0] + "\n", "section", "缺少这一项"),
    "an empty heading": (changed('"二、数字"', '""'), "section.figures.heading", "不能为空"),
    "a rule that says nothing": (
        changed('"食用不应多于采摘"', '""'),
        "section.figures.table.fruit.rule.R.says",
        "不能为空",
    ),
    "a length of nothing": (changed("at_most = 100", "at_most = 0"), "section.words.length.at_most", "应大于 0"),
    "the wrong folder": (changed('edition    = "2024"', 'edition = "2025"'), "id", "文件夹与 harvest/2025 不一致"),
    "a title without the unit": (changed("{unit}{year}年收成报告", "{year}年收成报告"), "title", "{unit} 和 {year}"),
    "a title with a stranger": (changed("{unit}{year}年收成报告", "{unit}{year}{month}"), "title", "{unit} 和 {year}"),
    "a title that looks inside": (
        changed("{unit}{year}年收成报告", "{unit}{year}{unit.name}"),
        "title",
        "{unit} 和 {year}",
    ),
    "a key in capitals": (
        changed('key = "eaten"', 'key = "Eaten"'),
        "section.figures.table.fruit.columns.Eaten",
        "小写字母",
    ),
    "a key in Chinese": (changed('key     = "fruit"', 'key = "水果"'), "section.figures.table.水果", "小写字母"),
    "a key with a dot": (changed('key = "summary"', 'key = "a.b"'), "section.words.texts.a.b", "小写字母"),
    "a key that Jinja takes for a method": (
        changed('key = "eaten"', 'key = "items"'),
        "section.figures.table.fruit.columns.items",
        "另有含义",
    ),
    "a key that the Word template uses for itself": (
        changed('key = "eaten"', 'key = "paragraph"'),
        "section.figures.table.fruit.columns.paragraph",
        "另有含义",
    ),
    "a key that means last year": (
        changed('key     = "fruit"', 'key = "previous"'),
        "section.figures.table.previous",
        "另有含义",
    ),
    "a key that is a word of Python": (changed('key         = "words"', 'key = "class"'), "section.class", "另有含义"),
    "a section twice": (changed('key     = "figures"', 'key = "words"'), "section", "有两个 key 是“words”"),
    "a table twice": (
        SMALL.replace(
            "[[rule]]", '[[section.table]]\nkey = "fruit"\ncells = "count"\ncolumns = "sizes"\nrows = "sizes"\n[[rule]]'
        ),
        "section.table",
        "有两个 key 是“fruit”",
    ),
    "a row twice": (changed('key = "pears"', 'key = "apples"'), "fruit.apples.eaten", "重名"),
    "a text twice": (
        changed('[{ key = "summary",', '[{ key = "summary" }, { key = "summary",'),
        "words.summary",
        "重名",
    ),
    "a text with the name of a cell": (
        changed('key         = "words"', 'key = "fruit"').replace('"summary"', '"apples"'),
        "fruit.apples.eaten",
        "与“fruit.apples”重名或互相包含",
    ),
    "an unknown kind of cell": (
        changed('cells   = "count"', 'cells = "litres"'),
        "section.figures.table.fruit.cells",
        "没有“litres”这种数",
    ),
    "an unknown list": (
        changed('of = "sizes"', 'of = "size"'),
        "section.figures.table.fruit.columns.picked.of",
        "[lines] 里没有“size”",
    ),
    "a list inside itself": (
        changed('{ key = "big",   label = "大" }', '{ key = "big", label = "大", of = "sizes" }'),
        "section.figures.table.fruit.columns.picked.of.big.of",
        "包含它自己",
    ),
    "no rows": (
        changed(
            'rows    = [{ key = "apples", label = "苹果" }, { key = "pears", label = "梨", short = "梨子" }]',
            "rows = []",
        ),
        "section.figures.table.fruit.rows",
        "至少要有一行",
    ),
    "a total with lines beneath": (
        changed('{ key = "eaten", label = "食用" }', '{ key = "eaten", label = "食用", total = true, of = "sizes" }'),
        "section.figures.table.fruit.columns.eaten",
        "合计行（列）下面不能再有",
    ),
    "a total of nothing": (
        changed('{ key = "big",   label = "大" },\n  { key = "small", label = "小" },\n', "").replace(
            "picked.all", "eaten"
        ),
        "section.figures.table.fruit.sums.across",
        "合计“picked.all”旁边没有可以相加的",
    ),
    "a total without sums": (
        changed('[section.table.sums]\nacross = { id = "S", says = "合计应等于大小之和" }\n', ""),
        "section.figures.table.fruit.sums.across",
        "有 total = true 就要有对应的 sums",
    ),
    "sums without a total": (
        changed('across = { id = "S"', 'down = { id = "S", says = "x" }\nacross = { id = "S"'),
        "section.figures.table.fruit.sums.down",
        "没有就不能有",
    ),
    "a corner that no row makes": (
        changed('label = "苹果"', 'label = ""').replace('label = "梨", short = "梨子"', 'label = ""'),
        "section.figures.table.fruit",
        "没有地方放 stub 和 note",
    ),
    "a year in a section of tables": (
        changed('heading = "二、数字"', 'heading = "二"\nstates_year = true'),
        "section.figures",
        "没有文字",
    ),
    "a formula that is none": (
        changed('"eaten <= picked.all"', '"eaten ="'),
        "section.figures.table.fruit.rule.R.that",
        "不是一个公式",
    ),
    "a formula that multiplies": (
        changed('"eaten <= picked.all"', '"eaten <= 2 * picked.all"'),
        "section.figures.table.fruit.rule.R.that",
        "不能有",
    ),
    "a formula about an unknown cell": (
        changed("eaten <= picked.all", "eatn <= picked.all"),
        "fruit.rule.R.that",
        "没有“fruit.apples.eatn”这一格",
    ),
    "a formula about a group": (
        changed("eaten <= picked.all", "eaten <= picked"),
        "fruit.rule.R.that",
        "没有“fruit.apples.picked”这一格",
    ),
    "a formula about an unknown cell of last year": (
        changed("previous.fruit.apples.eaten", "previous.fruit.apples.drunk"),
        "rule.G.that",
        "没有“fruit.apples.drunk”这一格",
    ),
    "a formula about nothing": (
        changed("eaten <= picked.all", "1 == 2"),
        "fruit.rule.R.that",
        "没有提到本年的任何一格",
    ),
    "a formula about last year only": (
        changed("eaten <= picked.all", "previous.eaten == 0"),
        "fruit.rule.R.that",
        "没有提到本年的任何一格",
    ),
    "an unknown severity": (changed('"hint"', '"warning"'), "rule.G.severity", "不能是“warning”"),
    "an unknown direction": (
        changed('each = "row"', 'each = "cell"'),
        "section.figures.table.fruit.rule.R.each",
        "不能是“cell”",
    ),
    "a rule about everything laid on rows": (
        changed('severity = "hint"', 'each = "row"'),
        "rule.G.that",
        "表外的规则没有行列",
    ),
    "a pattern that is none": (
        changed('"^试验"', '"("'),
        "section.figures.table.fruit.rule.R.unless_unit",
        "不是合格的正则表达式",
    ),
}


@pytest.mark.parametrize(("text", "key", "problem"), CASES.values(), ids=list(CASES))
def test_a_mistake_is_refused_with_file_key_and_remedy(tmp_path, text, key, problem):
    file = written(tmp_path, text)
    with pytest.raises(DefinitionError) as refusal:
        load_definition(file)
    assert (refusal.value.file, refusal.value.key) == (file, key)
    assert problem in refusal.value.problem
    assert refusal.value.remedy
    assert str(refusal.value).startswith(f"{file}：{key}：")


def test_a_file_in_another_encoding_is_refused(tmp_path):
    file = written(tmp_path, "")
    file.write_bytes(SMALL.encode("gb18030"))
    with pytest.raises(DefinitionError, match="不是合格的 TOML"):
        load_definition(file)


def test_a_misspelt_cell_in_a_rule_is_told_what_was_probably_meant(tmp_path):
    file = written(tmp_path, changed("eaten <= picked.all", "eatn <= picked.all"))
    with pytest.raises(DefinitionError, match=r"是否指 fruit\.apples\.eaten？"):
        load_definition(file)


def test_a_cell_like_no_other_in_a_rule_is_only_called_unknown(tmp_path):
    file = written(tmp_path, changed("previous.fruit.apples.eaten", "previous.weather"))
    with pytest.raises(DefinitionError, match="没有“weather”这一格。请改正名称"):
        load_definition(file)


def test_an_unknown_list_is_told_the_lists_there_are(tmp_path):
    with pytest.raises(DefinitionError, match="现有：sizes"):
        load_definition(written(tmp_path, changed('of = "sizes"', 'of = "size"')))


def test_an_unknown_kind_is_told_the_kinds_there_are(tmp_path):
    file = written(tmp_path, changed('cells   = "count"', 'cells = "litres"'))
    with pytest.raises(DefinitionError, match="可用：count、ten_thousand_yuan"):
        load_definition(file)


# --- a folder of definitions ---


def test_definitions_are_found_by_reference(tmp_path):
    file = written(tmp_path, SMALL)
    definitions = Definitions(tmp_path)
    assert definitions.references() == ("harvest/2024",)
    assert definitions["harvest/2024"] is definitions["harvest/2024"]
    assert definitions.folder_of(definitions["harvest/2024"]) == file.parent


@pytest.mark.parametrize("reference", ["harvest/2023", "", "harvest", "../harvest/2024", "harvest/2024/"])
def test_a_reference_to_nothing_is_told_what_there_is(tmp_path, reference):
    written(tmp_path, SMALL)
    with pytest.raises(UnknownDefinition, match="现有：harvest/2024"):
        Definitions(tmp_path)[reference]


def test_an_empty_folder_has_no_definitions(tmp_path):
    with pytest.raises(UnknownDefinition, match="现有：无"):
        Definitions(tmp_path)["harvest/2024"]
