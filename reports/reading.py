"""Bytes → Answers: what can be carried to the page exactly as typed is read, the rest refused by name."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from reports import characters, names, strict_json
from reports.answers import Answers, Figure, Unit
from reports.definition import Definition
from reports.kinds import NotAFigure, Refusal
from reports.loading import Definitions, UnknownDefinition

LAST_YEAR = 2099
LONGEST_NAME = 200
LONGEST_NOTE = 60


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing in a submission that cannot be read: its name, the reason, and what to do."""

    name: str
    reason: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.name}：{self.reason}；{self.remedy}"


class AnswersRefused(ValueError):
    """A submission cannot be read; nothing of it is kept. `problems` lists everything wrong with it."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def read_answers(data: bytes, definitions: Definitions) -> Answers:
    """The answers in a JSON document. A cell that is no figure is kept as refused, for `check` to name (H5)."""
    try:
        document = strict_json.loads(data)
    except strict_json.NotJson as error:
        raise AnswersRefused([Problem("文件", *_split(str(error)))]) from error
    if not isinstance(document, dict):
        raise AnswersRefused([Problem("文件", "最外层不是 { }", "请对照 nianbao schema 给出的格式")])
    reference = document.get("report")
    try:
        definition = definitions[reference if isinstance(reference, str) else ""]
    except UnknownDefinition as error:
        known = "、".join(definitions.references())
        reason = f"没有“{error.reference[:80]}”这种报告" if reference else "没有写明是哪种报告"
        raise AnswersRefused([Problem("report", reason, f"可用：{known}")]) from error
    return _Reading(definition).answers(document)


def _split(sentence: str) -> tuple[str, str]:
    reason, _, remedy = sentence.partition("；")
    return reason, remedy


class _Reading:
    """One pass over one document, noting every problem instead of stopping at the first."""

    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self.problems: list[Problem] = []
        self.refused: dict[str, Refusal] = {}

    def answers(self, document: Mapping[str, Any]) -> Answers:
        self.known_keys(document, ("report", "unit", "year", "cells", "texts"))
        unit = self.unit(document.get("unit"))
        year = self.year(document.get("year"))
        figures = self.figures(self.table(document, "cells", self.definition.cells))
        texts = self.texts(self.table(document, "texts", self.definition.texts))
        if self.problems:
            raise AnswersRefused(self.problems)
        return Answers(self.definition, unit, year, figures, texts, self.refused)

    def refuse(self, name: str, reason: str, remedy: str) -> None:
        self.problems.append(Problem(name, reason, remedy))

    def known_keys(self, table: Mapping[str, Any], known: Iterable[str], within: str = "") -> None:
        known = tuple(known)
        for key in table:
            if key not in known:
                meant = names.closest(key, known)
                remedy = f"是否指 {meant}？" if meant else "请删去，或用 nianbao names 查看全部名称"
                self.refuse(_visible(names.join(within, key)), "没有这个名称", remedy)

    def unit(self, raw: object) -> Unit:
        if not isinstance(raw, dict) or not isinstance(raw.get("name"), str) or not raw["name"].strip():
            self.refuse("unit.name", "没有写明单位名称", '请写成 "unit": {"name": "某某局"}')
            return Unit("")
        self.known_keys(raw, ("name",), "unit")
        name = raw["name"].strip()
        if len(name) > LONGEST_NAME:
            self.refuse("unit.name", f"单位名称有 {len(name)} 个字", f"最多 {LONGEST_NAME} 个字，请核对")
        self.printable("unit.name", name, one_line=True)
        return Unit(name)

    def year(self, raw: object) -> int:
        first = self.definition.first_year
        if type(raw) is int and first <= raw <= LAST_YEAR:
            return raw
        shown = _visible(str(raw)) if isinstance(raw, int | str) and not isinstance(raw, bool) else "没有写年度"
        self.refuse("year", f"年度“{shown}”不能用", f"请写 {first} 至 {LAST_YEAR} 之间的年份，不加引号，例如 2024")
        return first

    def table(self, document: Mapping[str, Any], key: str, known: Mapping[str, object]) -> Mapping[str, Any]:
        raw = document.get(key, {})
        if not isinstance(raw, dict):
            self.refuse(key, "应当是 { }，里面按名称列出", "请对照 nianbao schema 给出的格式")
            return {}
        self.known_keys(raw, known)
        return {name: value for name, value in raw.items() if name in known}

    def figures(self, raw: Mapping[str, Any]) -> dict[str, Figure]:
        found = {name: self.figure(name, value) for name, value in raw.items()}
        return {name: figure for name, figure in found.items() if figure}

    def figure(self, name: str, raw: object) -> Figure | None:
        note = ""
        if isinstance(raw, dict):
            self.known_keys(raw, ("value", "note"), name)
            note, raw = self.note(name, raw.get("note", "")), raw.get("value")
        try:
            return Figure(self.definition.cells[name].kind.read(raw), note)
        except NotAFigure as error:
            self.refused[name] = error.refusal
            return None

    def note(self, name: str, raw: object) -> str:
        if not isinstance(raw, str):
            self.refuse(name, "note 不是文字", "请加引号，或删去")
            return ""
        if len(raw) > LONGEST_NOTE:
            self.refuse(name, f"格内说明有 {len(raw)} 个字", f"最多 {LONGEST_NOTE} 个字，长的请写进文字部分")
        self.printable(name, raw, one_line=True)
        return raw.strip()

    def texts(self, raw: Mapping[str, Any]) -> dict[str, str]:
        return {name: self.text(name, value) for name, value in raw.items() if value is not None}

    def text(self, name: str, raw: object) -> str:
        if not isinstance(raw, str):
            self.refuse(name, "不是文字", "请加引号")
            return ""
        limit = self.definition.texts[name].at_most
        if len(raw) > limit:
            self.refuse(name, f"有 {len(raw)} 个字", f"最多 {limit} 个字，请删减")
        self.printable(name, characters.lines(raw))
        return characters.lines(raw)

    def printable(self, name: str, text: str, *, one_line: bool = False) -> None:
        why = characters.why_not(text, one_line=one_line)
        if why:
            self.refuse(name, *why)


def _visible(text: str) -> str:
    """A stranger's string, short and harmless enough for a message."""
    shown = "".join(character if character.isprintable() else f"<U+{ord(character):04X}>" for character in text[:80])
    return shown + ("…" if len(text) > 80 else "")
