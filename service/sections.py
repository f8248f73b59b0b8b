"""How far each section of a report has come, in honest words: for the form, the home page, and the answer to a save."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Final

from reports.answers import Answers
from reports.definition import Definition, Section, Severity
from reports.findings import Finding
from reports.reasons import reason_name
from service.language import _
from storage.tables import Field


class Progress(StrEnum):
    """How far a section has come."""

    UNTOUCHED = "untouched"
    FILLING = "filling"
    WRONG = "wrong"
    UNEXPLAINED = "unexplained"
    DONE = "done"


LOOKS: Final = {
    Progress.UNTOUCHED: "",
    Progress.FILLING: "now",
    Progress.WRONG: "bad",
    Progress.UNEXPLAINED: "ask",
    Progress.DONE: "ok",
}


@dataclass(frozen=True, slots=True)
class SectionState:
    """One section in a list: `word` says how far it is, `look` repeats it, `count_words` how much of it is filled."""

    key: str
    heading: str
    state: Progress
    word: str
    look: str
    count_words: str

    def to_json(self) -> dict[str, str]:
        """As the form's script puts it into the list at the side."""
        return {
            "key": self.key,
            "state": self.state.value,
            "word": self.word,
            "look": self.look,
            "count": self.count_words,
        }


@dataclass(frozen=True, slots=True)
class Count:
    """How many of how many places of one sort are filled."""

    filled: int
    of: int


def sections(
    definition: Definition, answers: Answers, findings: Sequence[Finding], fields: Mapping[str, Field]
) -> tuple[SectionState, ...]:
    """Every section with its state; `findings` as `check_draft` gives them for these answers."""
    return tuple(_state(section, answers, findings, fields) for section in definition.sections)


def section_of(definition: Definition, name: str) -> Section:
    """The section in which a cell or a text stands."""
    return _places(definition)[name]


def names_in(section: Section) -> frozenset[str]:
    """The names of everything a section asks for, totals too."""
    cells = (cell.name for table in section.tables for cell in table.cells)
    return frozenset([*(text.name for text in section.texts), *cells])


def inputs_of(section: Section) -> Iterator[str]:
    """The names of a section's cells that somebody has to fill, in reading order."""
    for table in section.tables:
        yield from (cell.name for cell in table.cells if not cell.total)


def says_only_blank(finding: Finding, answers: Answers) -> bool:
    """Whether a finding only says that something is still to be filled in: no mistake, as long as one is at it."""
    if len(finding.cells) != 1 or finding.left is not None:
        return False
    [name] = finding.cells
    if name in answers.definition.cells:
        return name not in answers.figures and name not in answers.refused
    return not answers.paragraphs(name)


def unexplained(finding: Finding, fields: Mapping[str, Field]) -> bool:
    """Whether a finding waits for its reason."""
    reason = fields.get(reason_name(finding))
    return finding.severity is Severity.EXPLAIN and not (reason and reason.value.strip())


@cache
def _places(definition: Definition) -> Mapping[str, Section]:
    return {name: section for section in definition.sections for name in names_in(section)}


def _state(
    section: Section, answers: Answers, findings: Sequence[Finding], fields: Mapping[str, Field]
) -> SectionState:
    places = _places(answers.definition)
    own = [finding for finding in findings if places[finding.cells[0]] is section]
    errors = [one for one in own if one.severity is Severity.ERROR and not says_only_blank(one, answers)]
    reasons = [one for one in own if unexplained(one, fields)]
    texts, cells = _texts(section, answers), _cells(section, fields)
    progress = _progress(bool(errors), bool(reasons), texts, cells, _complete(section, answers, cells))
    word = _("{n} 处错误").format(n=len(errors)) if errors else _WORDS[progress]()
    return SectionState(section.key, section.heading, progress, word, LOOKS[progress], _count_words(texts, cells))


def _progress(errors: bool, reasons: bool, texts: Count, cells: Count, complete: bool) -> Progress:
    if errors:
        return Progress.WRONG
    if not complete:
        return Progress.FILLING if texts.filled or cells.filled else Progress.UNTOUCHED
    return Progress.UNEXPLAINED if reasons else Progress.DONE


def _complete(section: Section, answers: Answers, cells: Count) -> bool:
    written = all(answers.paragraphs(text.name) for text in section.texts if text.required)
    return written and cells.filled == cells.of


def _texts(section: Section, answers: Answers) -> Count:
    return Count(sum(bool(answers.paragraphs(text.name)) for text in section.texts), len(section.texts))


def _cells(section: Section, fields: Mapping[str, Field]) -> Count:
    wanted = list(inputs_of(section))
    return Count(sum(bool(name in fields and fields[name].value.strip()) for name in wanted), len(wanted))


def _count_words(texts: Count, cells: Count) -> str:
    if texts.of and cells.of:
        together = _("已写 {written} 段，共 {passages} 段；已填 {filled} 格，共 {cells} 格")
        return together.format(written=texts.filled, passages=texts.of, filled=cells.filled, cells=cells.of)
    if cells.of:
        return _("已填 {filled} 格，共 {cells} 格").format(filled=cells.filled, cells=cells.of)
    return _("已写 {written} 段，共 {passages} 段").format(written=texts.filled, passages=texts.of)


# Asked for when they are shown: each request has a language of its own.
_WORDS: Final = {
    Progress.UNTOUCHED: lambda: _("未开始"),
    Progress.FILLING: lambda: _("填写中"),
    Progress.WRONG: lambda: _("有错误"),
    Progress.UNEXPLAINED: lambda: _("需说明"),
    Progress.DONE: lambda: _("完成"),
}
