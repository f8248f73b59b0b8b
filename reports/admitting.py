"""What may stand in a field of the form: which names there are, what each can hold, and what is taken out of it."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Final

from reports import characters
from reports.definition import Definition
from reports.drafting import summands
from reports.reading import LONGEST_NOTE, Problem
from reports.rules import relations

LONGEST_FIGURE: Final = 64
LONGEST_REASON: Final = 1000


@dataclass(frozen=True, slots=True)
class Change:
    """What somebody typed into a field, over the version he saw: 0 when there was none, None when he does not care."""

    name: str
    value: str
    note: str = ""
    version: int | None = None


@dataclass
class Admitted:
    """Changes as they can be kept, those that cannot, and how many characters were taken out of each."""

    changes: list[Change] = field(default_factory=list)
    refused: list[Problem] = field(default_factory=list)
    cleaned: dict[str, int] = field(default_factory=dict)


def admit(definition: Definition, changes: Iterable[Change]) -> Admitted:
    """Sort out what can be kept; of two changes of one field the later counts."""
    admitted = Admitted()
    for change in {one.name: one for one in changes}.values():
        limit = limit_of(definition, change.name)
        if limit is None:
            # Anybody may have written it: half a character could not even be told again.
            named = characters.visible(change.name, at_most=200)
            admitted.refused.append(Problem(named, "报告里没有这一项", "请刷新页面后再试"))
            continue
        clean, gone = _clean(definition, change)
        why = _too_long(clean, limit)
        if why:
            admitted.refused.append(why)
            continue
        admitted.changes.append(clean)
        if gone:
            admitted.cleaned[change.name] = gone
    return admitted


def limit_of(definition: Definition, name: str) -> int | None:
    """How many characters the field of that name can hold; None when there is no such field."""
    if name in definition.cells:
        return LONGEST_FIGURE
    if name in definition.texts:
        return definition.texts[name].at_most
    rule, at, about = name.partition("@")
    known = rule in _rules(definition) and (about in definition.cells or about in definition.texts)
    return LONGEST_REASON if at and known else None


@cache
def _rules(definition: Definition) -> frozenset[str]:
    """The ids of everything that can be found, and so may need a reason."""
    laws = (definition.laws.figures, definition.laws.texts, definition.laws.years)
    return frozenset([*(law.id for law in laws), *(one.rule.law.id for one in relations(definition))])


def _clean(definition: Definition, change: Change) -> tuple[Change, int]:
    if change.name not in definition.cells:
        value, gone = characters.clean(change.value)
        return replace(change, value=value, note=""), gone
    value, gone = _in_one_line(change.value)
    note, gone_too = _in_one_line(change.note)
    # A total is computed; only what is said about it is typed.
    typed = "" if change.name in summands(definition) else value
    return replace(change, value=typed, note=note.strip()), gone + gone_too


def _in_one_line(text: str) -> tuple[str, int]:
    clean, gone = characters.clean(text)
    return clean.replace("\n", " ").replace("\t", " "), gone


def _too_long(change: Change, limit: int) -> Problem | None:
    if len(change.value) > limit:
        return Problem(change.name, f"有 {len(change.value)} 个字", f"最多 {limit} 个字，请删减")
    if len(change.note) > LONGEST_NOTE:
        remedy = f"最多 {LONGEST_NOTE} 个字，长的请写进文字部分"
        return Problem(change.name, f"格内说明有 {len(change.note)} 个字", remedy)
    return None
