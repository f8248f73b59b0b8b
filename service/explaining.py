"""A finding as the clerk is told of it: where it is, what it asks for, and which single cell would mend it."""

from dataclasses import dataclass
from typing import Any

from reports.definition import Definition, Severity
from reports.findings import WEIGHTS, Finding
from reports.mending import Mend, mends
from reports.reasons import reason_name
from service.drafts import Draft
from service.language import _
from service.sections import section_of
from service.words import LOOKS

# More ways out than these are no help.
MENDS_SHOWN = 2


@dataclass(frozen=True, slots=True)
class Advice:
    """One cell that could be mended: the figure it would hold, and the sentence that says so."""

    cell: str
    value: str
    sentence: str

    def to_json(self) -> dict[str, str]:
        return {"cell": self.cell, "value": self.value, "sentence": self.sentence}


@dataclass(frozen=True, slots=True)
class Told:
    """One finding in the words of the form; `reason` is the field for its explanation, where one is wanted."""

    finding: Finding
    section: str
    title: str
    where: str
    mends: tuple[Advice, ...]
    reason: str | None

    @property
    def weight(self) -> str:
        """错误, 需说明 or 提示."""
        return _(WEIGHTS[self.finding.severity].word)

    @property
    def look(self) -> str:
        """The look that repeats the word."""
        return LOOKS[self.finding.severity]

    @property
    def at(self) -> str:
        """The cell or text to look at first."""
        return self.finding.cells[0]

    @property
    def shown(self) -> str:
        """What it says, without the place that stands above it."""
        message = self.finding.message
        for above in (f"{self.title}，", f"{self.title}：", f"{self.where}："):
            message = message.removeprefix(above)
        return message

    def to_json(self) -> dict[str, Any]:
        """As the form's script shows it."""
        return self.finding.to_json() | {
            "section": self.section,
            "weight": self.weight,
            "look": self.look,
            "where": self.where,
            "shown": self.shown,
            "mends": [advice.to_json() for advice in self.mends],
            "reason": self.reason,
        }


def told(draft: Draft) -> tuple[Told, ...]:
    """Every finding of a draft, told."""
    return tuple(_told(draft, finding) for finding in draft.findings)


def label_of(definition: Definition, name: str) -> str:
    """A cell or a text in the words of the form."""
    if name in definition.cells:
        return definition.cells[name].label
    return definition.texts[name].label


def _told(draft: Draft, finding: Finding) -> Told:
    at = finding.cells[0]
    wants_reason = finding.severity is Severity.EXPLAIN
    found = mends(draft.answers, finding, draft.previous)
    # What last year's report says outweighs everything else that would add up as well.
    shown = 1 if found and found[0].because else MENDS_SHOWN
    return Told(
        finding,
        section_of(draft.definition, at).key,
        draft.definition.cells[at].table.title if at in draft.definition.cells else "",
        label_of(draft.definition, at),
        tuple(_advice(draft.definition, mend) for mend in found[:shown]),
        reason_name(finding) if wants_reason else None,
    )


def _advice(definition: Definition, mend: Mend) -> Advice:
    sentence = (
        _("把{cell}改为 {value} 可消除 {n} 处：{because}。")
        if mend.because
        else _("把{cell}改为 {value} 可消除 {n} 处。")
    )
    said = sentence.format(
        cell=label_of(definition, mend.cell), value=mend.value, n=mend.mended_findings, because=mend.because
    )
    return Advice(mend.cell, mend.value, said)
