"""Bytes → Answers: what can be carried to the page exactly as typed is read, the rest refused by name."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from reports import characters, names, strict_json
from reports.answers import Answers, Figure, Unit
from reports.definition import Definition
from reports.kinds import NOTE_ONLY, NotAFigure, Refusal
from reports.loading import Definitions, UnknownDefinition
from reports.strict_json import Numeral

LAST_YEAR = 2099
LONGEST_NAME = 200
LONGEST_NOTE = 60
MOST_PROBLEMS = 100
# Said to programs, to people with a file and at the command line alike.
_COMPARE = "请对照填报数据的格式（JSON Schema）改正"
# Not str.strip(), which would take control characters away unseen.
_SPACES = " \t\r\n\u00a0\u3000"


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
        at = _name(error.key) if error.key else "文件"
        raise AnswersRefused([Problem(at, error.reason, error.remedy)]) from error
    if not isinstance(document, dict):
        raise AnswersRefused([Problem("文件", "最外层不是 { }", _COMPARE)])
    reference = document.get("report")
    try:
        definition = definitions[reference if isinstance(reference, str) else ""]
    except UnknownDefinition as error:
        known = "、".join(definitions.references())
        given = characters.visible(error.reference)
        reason = f"没有“{given}”这种报告" if given else "没有写明是哪种报告"
        raise AnswersRefused([Problem("report", reason, f"可用：{known}")]) from error
    return _Reading(definition).answers(document)


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
            raise AnswersRefused(self.listed())
        return Answers(self.definition, unit, year, figures, texts, self.refused)

    def refuse(self, name: str, reason: str, remedy: str) -> None:
        self.problems.append(Problem(name, reason, remedy))

    def listed(self) -> list[Problem]:
        more = len(self.problems) - MOST_PROBLEMS
        if more <= 0:
            return self.problems
        return [*self.problems[:MOST_PROBLEMS], Problem("文件", f"还有 {more} 处问题没有列出", "请先改正以上各处")]

    def known_keys(self, table: Mapping[str, Any], known: Collection[str], within: str = "") -> None:
        for key in table:
            if key not in known:
                # Looking for what was meant takes a moment, which a file of strange names would multiply.
                meant = names.closest(key, known) if len(self.problems) < MOST_PROBLEMS else None
                remedy = f"是否指 {meant}？" if meant else f"请删去，或{_COMPARE[1:]}"
                self.refuse(_name(names.join(within, key)), "没有这个名称", remedy)

    def unit(self, raw: object) -> Unit:
        if not isinstance(raw, dict) or not isinstance(raw.get("name"), str) or characters.blank(raw["name"]):
            self.refuse("unit.name", "没有写明单位名称", '请写成 "unit": {"name": "某某局"}')
            return Unit("")
        self.known_keys(raw, ("name",), "unit")
        name = raw["name"].strip(_SPACES)
        if len(name) > LONGEST_NAME:
            self.refuse("unit.name", f"单位名称有 {len(name)} 个字", f"最多 {LONGEST_NAME} 个字，请核对")
        self.printable("unit.name", name, one_line=True)
        return Unit(name)

    def year(self, raw: object) -> int:
        first = self.definition.first_year
        if type(raw) is int and first <= raw <= LAST_YEAR:
            return raw
        if raw is None:
            reason = "没有写年度"
        elif type(raw) in (int, str, Numeral):
            reason = f"年度“{characters.visible(str(raw))}”不能用"
        else:
            reason = "年度不是数"
        self.refuse("year", reason, f"请写 {first} 至 {LAST_YEAR} 之间的年份，不加引号，例如 2024")
        return first

    def table(self, document: Mapping[str, Any], key: str, known: Mapping[str, object]) -> Mapping[str, Any]:
        raw = document.get(key, {})
        if not isinstance(raw, dict):
            self.refuse(
                key,
                "应当是 { }，里面按名称列出",
                _COMPARE,
            )
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
        if raw is None or (isinstance(raw, str) and characters.blank(raw)):
            if note:
                self.refused[name] = NOTE_ONLY
            return None
        try:
            value = self.definition.cells[name].kind.read(raw.literal if isinstance(raw, Numeral) else raw)
        except NotAFigure as error:
            self.refused[name] = error.refusal
            return None
        return Figure(value, note)

    def note(self, name: str, raw: object) -> str:
        if not isinstance(raw, str):
            self.refuse(name, "note 不是文字", "请加引号，或删去")
            return ""
        if len(raw) > LONGEST_NOTE:
            self.refuse(name, f"格内说明有 {len(raw)} 个字", f"最多 {LONGEST_NOTE} 个字，长的请写进文字部分")
        note = raw.strip(_SPACES)
        self.printable(name, note, one_line=True)
        return "" if characters.blank(note) else note

    def texts(self, raw: Mapping[str, Any]) -> dict[str, str]:
        return {name: self.text(name, value) for name, value in raw.items() if value is not None}

    def text(self, name: str, raw: object) -> str:
        if not isinstance(raw, str):
            self.refuse(name, "不是文字", "请加引号")
            return ""
        text, limit = characters.lines(raw), self.definition.texts[name].at_most
        if len(text) > limit:
            self.refuse(name, f"有 {len(text)} 个字", f"最多 {limit} 个字，请删减")
        self.printable(name, text)
        return text

    def printable(self, name: str, text: str, *, one_line: bool = False) -> None:
        why = characters.why_not(text, one_line=one_line)
        if why:
            self.refuse(name, *why)


def _name(key: str) -> str:
    return characters.visible(key) or "（空名称）"
