"""TOML → Definition; every mistake in a definition file is refused with the file, the key and what to do."""

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from reports import formulas, names, shapes
from reports.definition import (
    BuiltIn,
    Definition,
    Each,
    Law,
    Length,
    Line,
    Rule,
    Section,
    Severity,
    Table,
    Text,
    leaves,
    totals,
)
from reports.kinds import KINDS
from reports.rules import relations

FILE = "definition.toml"


class DefinitionError(ValueError):
    """A definition file cannot be used as it stands."""

    def __init__(self, file: Path, key: str, problem: str, remedy: str) -> None:
        super().__init__(f"{file}：{key}：{problem}。{remedy}")
        self.file, self.key, self.problem, self.remedy = file, key, problem, remedy


class UnknownDefinition(LookupError):
    """Nobody has defined this kind of report, or not this edition."""

    def __init__(self, reference: str, known: Iterable[str]) -> None:
        super().__init__(f"没有“{reference}”这种报告；现有：{'、'.join(sorted(known)) or '无'}")
        self.reference = reference


class Definitions:
    """The definitions in a folder of templates, found by reference: `open-government-annual/2021`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._files = {path.parent.relative_to(folder).as_posix(): path for path in folder.glob(f"*/*/{FILE}")}

    def __getitem__(self, reference: str) -> Definition:
        if reference not in self._files:
            raise UnknownDefinition(reference, self._files)
        return load_definition(self._files[reference])

    def references(self) -> tuple[str, ...]:
        """Every definition there is, by reference."""
        return tuple(sorted(self._files))

    def folder_of(self, definition: Definition) -> Path:
        """Where the definition's Word template and example lie."""
        return self._files[definition.reference].parent


@cache
def load_definition(file: Path) -> Definition:
    """Read a definition file; DefinitionError when anything in it is not as it must be."""
    shape = _shape(file)
    definition = _Reading(file, shape).definition()
    folder = file.absolute().parent
    if definition.reference != f"{folder.parent.name}/{folder.name}":
        remedy = f"请放到 {definition.reference}/ 文件夹，或改 id、edition"
        raise DefinitionError(file, "id", f"文件夹与 {definition.reference} 不一致", remedy)
    return definition


def _shape(file: Path) -> shapes.DefinitionShape:
    try:
        raw = _frozen(tomllib.loads(file.read_text(encoding="utf-8-sig")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise DefinitionError(file, "TOML", f"不是合格的 TOML（{error}）", "请按提示的行列改正") from error
    try:
        return shapes.DefinitionShape.model_validate(raw)
    except ValidationError as error:
        # A misspelt key is also a missing one; the misspelling says more.
        first = min(error.errors(), key=lambda one: one["type"] != "extra_forbidden")
        problem, remedy = _COMPLAINTS.get(first["type"], (first["msg"], "请对照 docs/writing-a-definition.md"))
        raise DefinitionError(file, _place(raw, first["loc"]), problem, remedy) from error


def _frozen(raw: Any) -> Any:
    """Lists as tuples, because nothing else is guessed about a type either."""
    if isinstance(raw, dict):
        return {key: _frozen(value) for key, value in raw.items()}
    return tuple(_frozen(value) for value in raw) if isinstance(raw, list) else raw


def _place(raw: Any, location: tuple[int | str, ...]) -> str:
    """Where in the file a mistake is, each table called by its own key: `section.requests.table.requests.rows`."""
    at: list[str] = []
    for step in location:
        if isinstance(step, int):
            raw = raw[step]
            at.append(str(raw.get("key") or raw.get("id") or step + 1) if isinstance(raw, dict) else str(step + 1))
        elif isinstance(raw, dict):  # Otherwise the step names a type that was tried, not a place.
            raw = raw.get(step)
            at.append(step)
    return ".".join(at) or "文件"


_COMPLAINTS = {
    "missing": ("缺少这一项", "请补上"),
    "extra_forbidden": ("不认识这一项", "请检查拼写，或删去"),
    "string_type": ("应为文字", "请加引号"),
    "int_type": ("应为整数", "请去掉引号和小数"),
    "bool_type": ("应为 true 或 false", "请去掉引号"),
    "tuple_type": ("应为列表", "请写成 [ … ]，或用 [[ ]] 开头"),
    "string_too_short": ("不能为空", "请写出内容"),
    "too_short": ("至少要有一项", "请补上"),
    "greater_than": ("应大于 0", "请改正"),
    "model_type": ("应为一组“键 = 值”", "请写成 { … }"),
    "dict_type": ("应为一组“键 = 值”", "请写成 { … }"),
}


def _law(shape: shapes.LawShape) -> Law:
    return Law(shape.id, shape.says)


class _Reading:
    """One pass over one file, knowing at every step which key it is at."""

    def __init__(self, file: Path, shape: shapes.DefinitionShape) -> None:
        self.file, self.shape = file, shape

    def refuse(self, key: str, problem: str, remedy: str) -> DefinitionError:
        return DefinitionError(self.file, key, problem, remedy)

    def definition(self) -> Definition:
        shape = self.shape
        self.check_title(shape.title)
        laws = BuiltIn(_law(shape.laws.figures), _law(shape.laws.texts), _law(shape.laws.years))
        self.check_once("section", [section.key for section in shape.section])
        self.check_once("section.table", [table.key for section in shape.section for table in section.table])
        sections = tuple(self.section(section) for section in shape.section)
        rules = tuple(self.rule(f"rule.{rule.id}", rule) for rule in shape.rule)
        definition = Definition(shape.id, shape.edition, shape.title, shape.first_year, sections, laws, rules)
        self.check_names(definition)
        self.check_relations(definition)
        return definition

    def check_title(self, title: str) -> None:
        if "{unit}" not in title or "{year}" not in title or re.search(r"[{}]", re.sub(r"\{(unit|year)\}", "", title)):
            raise self.refuse("title", "标题里要有 {unit} 和 {year}，也只能有这两个", "例如 {unit}{year}年……年度报告")

    def section(self, shape: shapes.SectionShape) -> Section:
        at = f"section.{shape.key}"
        self.check_key(at, shape.key)
        tables = tuple(self.table(f"{at}.table.{table.key}", shape, table) for table in shape.table)
        texts = tuple(self.text(at, shape, text) for text in shape.texts)
        length = Length(_law(shape.length), shape.length.at_most) if shape.length else None
        if (length or shape.states_year) and not texts:
            raise self.refuse(at, "length 和 states_year 说的是文字，这一部分没有文字", "请删去，或加上 texts")
        if shape.nil and not tables:
            raise self.refuse(f"{at}.nil", "这一部分没有表，没有数可以填 0", "请删去")
        return Section(shape.key, shape.heading, texts, tables, length, shape.states_year, shape.nil)

    def text(self, at: str, section: shapes.SectionShape, shape: shapes.TextShape) -> Text:
        self.check_key(f"{at}.texts.{shape.key}", shape.key)
        name = names.join(section.key, shape.key)
        return Text(name, section.heading, shape.heading, shape.hint, shape.required, shape.at_most)

    def table(self, at: str, section: shapes.SectionShape, shape: shapes.TableShape) -> Table:
        self.check_key(at, shape.key)
        if shape.cells not in KINDS:
            raise self.refuse(f"{at}.cells", f"没有“{shape.cells}”这种数", f"可用：{'、'.join(KINDS)}")
        columns, rows = self.lines(f"{at}.columns", shape.columns), self.lines(f"{at}.rows", shape.rows)
        if (shape.stub or shape.note) and not any(leaf.label for leaf in leaves(rows)):
            raise self.refuse(at, "各行都没有名称，表头左边没有地方放 stub 和 note", "请删去，或给行加上 label")
        across, down = (_law(law) if law else None for law in (shape.sums.across, shape.sums.down))
        self.check_sums(f"{at}.sums.across", columns, across)
        self.check_sums(f"{at}.sums.down", rows, down)
        rules = tuple(self.rule(f"{at}.rule.{rule.id}", rule) for rule in shape.rule)
        given = (shape.caption, shape.stub, shape.note)
        return Table(shape.key, section.heading, KINDS[shape.cells], columns, rows, *given, across, down, rules)

    def lines(
        self, at: str, shape: "tuple[shapes.LineShape, ...] | str", within: tuple[str, ...] = ()
    ) -> tuple[Line, ...]:
        if isinstance(shape, str):
            if shape in within:
                raise self.refuse(at, f"[lines] 里的“{shape}”包含它自己", "请改用别的列表")
            if shape not in self.shape.lines:
                raise self.refuse(at, f"[lines] 里没有“{shape}”", f"现有：{'、'.join(self.shape.lines) or '无'}")
            within, shape = (*within, shape), self.shape.lines[shape]
        if not shape:
            raise self.refuse(at, "至少要有一行（列）", "请补上")
        return tuple(self.line(f"{at}.{line.key}", line, within) for line in shape)

    def line(self, at: str, shape: shapes.LineShape, within: tuple[str, ...]) -> Line:
        self.check_key(at, shape.key)
        if shape.total and shape.of:
            raise self.refuse(at, "合计行（列）下面不能再有行（列）", "请删去 total 或 of")
        of = self.lines(f"{at}.of", shape.of, within) if shape.of else ()
        return Line(shape.key, shape.label, shape.short, shape.hint, of, shape.total)

    def rule(self, at: str, shape: shapes.RuleShape) -> Rule:
        for key, value, allowed in (("each", shape.each, Each), ("severity", shape.severity, Severity)):
            if value not in list(allowed):
                raise self.refuse(f"{at}.{key}", f"不能是“{value}”", f"可用：{'、'.join(allowed)}")
        try:
            that = formulas.parse(shape.that)
            unless = re.compile(shape.unless_unit) if shape.unless_unit else None
        except formulas.FormulaError as error:
            raise self.refuse(f"{at}.that", str(error), "请改正公式") from error
        except re.error as error:
            raise self.refuse(f"{at}.unless_unit", f"不是合格的正则表达式（{error}）", "请改正") from error
        return Rule(_law(shape), Severity(shape.severity), Each(shape.each), that, unless)

    def check_key(self, at: str, key: str) -> None:
        why = names.why_not_a_key(key)
        if why:
            raise self.refuse(at, f"键“{key}”{why}", "请改名")

    def check_once(self, at: str, keys: list[str]) -> None:
        for key in keys:
            if keys.count(key) > 1:
                raise self.refuse(at, f"有两个 key 是“{key}”", "请改名")

    def check_sums(self, at: str, lines: tuple[Line, ...], law: Law | None) -> None:
        sums = tuple(totals(lines))
        if bool(sums) != (law is not None):
            raise self.refuse(at, "有 total = true 就要有对应的 sums，没有就不能有", "请补上或删去")
        for total, summands in sums:
            if not summands:
                raise self.refuse(
                    at, f"合计“{total.path}”旁边没有可以相加的行（列）", "请删去 total，或补上别的行（列）"
                )

    def check_names(self, definition: Definition) -> None:
        every = [cell.name for table in definition.tables for cell in table.cells]
        every += [text.name for section in definition.sections for text in section.texts]
        pair = names.overlapping(every)
        if pair:
            raise self.refuse(pair[1], f"与“{pair[0]}”重名或互相包含", "每个数、每段文字的名称都要不同，请改 key")

    def check_relations(self, definition: Definition) -> None:
        for relation in relations(definition):
            place = f"{relation.table.key}.rule" if relation.table else "rule"
            at = f"{place}.{relation.rule.law.id}.that"
            if relation.table is None and relation.rule.each is not Each.ONCE:
                raise self.refuse(at, "表外的规则没有行列", '请删去 each，或写 each = "once"')
            if not relation.cells:
                raise self.refuse(at, "没有提到本年的任何一格", "请改正公式")
            for reference in relation.that.references():
                if reference.name not in definition.cells:
                    meant = names.closest(reference.name, definition.cells)
                    raise self.refuse(
                        at, f"没有“{reference.name}”这一格", f"是否指 {meant}？" if meant else "请改正名称"
                    )
