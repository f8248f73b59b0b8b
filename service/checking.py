"""What is looked at once more before a report is sent: its totals, what is left to mend, what changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from flask import url_for

from reports.definition import Severity
from reports.findings import Finding
from reports.headline import Change, biggest_changes, headlines
from reports.kinds import plain
from service.drafts import Draft
from service.explaining import label_of
from service.language import _
from service.sections import names_in, says_only_blank, section_of
from service.words import State

# Who has more errors than these is better served by the list of all.
_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Headline:
    """One total, this year and last."""

    label: str
    now: str
    before: str


@dataclass(frozen=True, slots=True)
class Remaining:
    """Something left to mend, to explain or to look at, with the way there."""

    message: str
    address: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Blank:
    """A section with how much of it is still to be filled in."""

    words: str
    address: str


@dataclass(frozen=True, slots=True)
class ChangeShown:
    """A figure that differs from last year's, in the words of the form."""

    label: str
    where: str
    before: str
    now: str
    by: str
    striking: bool
    address: str


@dataclass(frozen=True)
class Check:
    """One report, looked at once more. `heads` are the names of those who sign, `office` whom it goes to."""

    draft: Draft
    heads: str = ""
    office: str = ""

    @property
    def numbers(self) -> Sequence[Headline]:
        answers, previous = self.draft.answers, self.draft.previous
        return [
            Headline(label, answers.shown(name), previous.shown(name) if previous else "")
            for name, label in headlines(self.draft.definition).items()
        ]

    @cached_property
    def blanks(self) -> Sequence[Blank]:
        return [blank for section in self.draft.definition.sections for blank in self._blanks(section.key)]

    @cached_property
    def errors(self) -> Sequence[Remaining]:
        return [self._remaining(one) for one in self._of(Severity.ERROR)]

    @cached_property
    def explained(self) -> Sequence[Remaining]:
        """What needs a reason, those without one first."""
        return sorted((self._remaining(one) for one in self._of(Severity.EXPLAIN)), key=lambda one: bool(one.reason))

    @cached_property
    def hints(self) -> Sequence[Remaining]:
        return [self._remaining(one) for one in self._of(Severity.HINT)][:_SHOWN]

    @property
    def unexplained(self) -> int:
        return sum(not one.reason for one in self.explained)

    @property
    def ready(self) -> bool:
        """Whether nothing keeps it from being sent."""
        return not (self.blanks or self.errors or self.unexplained)

    @property
    def blocked(self) -> str:
        """What is to be done first; "" when it can be sent."""
        if self.errors:
            return _("还有 {n} 处错误，改正后才能报送。").format(n=len(self.errors))
        if self.blanks:
            return _("还有 {n} 个部分没有填完，填完后才能报送。没有发生的填 0。").format(n=len(self.blanks))
        if self.unexplained:
            return _("还有 {n} 处需要写明原因，写完后才能报送。").format(n=self.unexplained)
        return ""

    @property
    def first_place(self) -> str:
        """Where to begin mending."""
        return next(one.address for one in (*self.errors, *self.blanks, *self.explained))

    @property
    def state(self) -> State:
        if self.errors:
            return State(_("{n} 处错误").format(n=len(self.errors)), "bad")
        if self.blanks:
            return State(_("没有填完"), "")
        if self.unexplained:
            return State(_("{n} 处需说明").format(n=self.unexplained), "ask")
        return State(_("可以报送"), "ok")

    @cached_property
    def changes(self) -> Sequence[ChangeShown]:
        if self.draft.previous is None:
            return ()
        return [self._change(change) for change in biggest_changes(self.draft.answers, self.draft.previous)]

    def place(self, name: str) -> str:
        """The address of a cell or a text in the form."""
        return place_in_form(self.draft, name)

    def _of(self, severity: Severity) -> list[Finding]:
        answers = self.draft.answers
        found = [one for one in self.draft.findings if one.severity is severity]
        return [one for one in found if not says_only_blank(one, answers)]

    def _remaining(self, finding: Finding) -> Remaining:
        at = finding.cells[0]
        return Remaining(finding.message, self.place(at), self.draft.value(f"{finding.rule}@{at}").strip())

    def _blanks(self, key: str) -> Sequence[Blank]:
        section = next(one for one in self.draft.definition.sections if one.key == key)
        inside, answers = names_in(section), self.draft.answers
        blank = [one.cells[0] for one in self.draft.findings if says_only_blank(one, answers)]
        here = [name for name in blank if name in inside]
        if not here:
            return ()
        words = _("{section}：还有 {n} 处没有填。").format(section=section.heading, n=len(here))
        return (Blank(words, self.place(here[0])),)

    def _change(self, change: Change) -> ChangeShown:
        cell, grown = change.cell, change.by > 0
        by = f"{'+' if grown else '−'}{plain(abs(change.by))}"
        arrow = ("▲ " if grown else "▼ ") if change.striking else ""
        return ChangeShown(
            label_of(self.draft.definition, cell.name),
            cell.table.title,
            plain(change.before),
            plain(change.now),
            f"{arrow}{by}",
            change.striking,
            self.place(cell.name),
        )


def place_in_form(draft: Draft, name: str) -> str:
    """The address of a cell or a text in the form."""
    section = section_of(draft.definition, name).key
    return url_for("pages.fill", public_id=draft.report.public_id, section=section, _anchor=name)
