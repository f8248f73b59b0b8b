"""The whole page of one section's form: its fields, what stands beside them, and what became of the last attempt."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from reports.definition import Definition, Section
from service.language import _
from service.pages import panel
from service.pages.fields import rules_address
from service.pages.form_state import state
from service.pages.panel import Findings, Hint, Shown, ThenTable, Verdict
from service.pages.section_form import Fields, SectionForm
from service.pages.standing import Standing
from service.sections import Progress


@dataclass(frozen=True, slots=True)
class Clash:
    """A field that somebody else changed meanwhile, with both values."""

    name: str
    where: str
    who_said: str
    stored: str
    typed: str


@dataclass(frozen=True, slots=True)
class Unsaved:
    """Something typed that could not be kept, and why."""

    name: str
    where: str
    typed: str


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why what was sent was not all kept, and what to do."""

    title: str
    remedy: str
    clashes: tuple[Clash, ...] = ()
    unsaved: tuple[Unsaved, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The fields it is about."""
        return tuple(one.name for one in (*self.clashes, *self.unsaved))


@dataclass(frozen=True, kw_only=True)
class Surroundings(Fields):
    """What every page of the form shows around its fields."""

    standing: Standing = field(default_factory=Standing)
    account: str = ""
    trouble: Trouble | None = None
    notice: str = ""

    @cached_property
    def findings(self) -> Findings:
        return Findings(self.draft)

    @property
    def verdict(self) -> Verdict:
        """How much is wrong with the whole report."""
        return self.findings.verdict

    @property
    def done(self) -> int:
        """How many sections are finished."""
        return sum(one.state is Progress.DONE for one in self.draft.sections)


@dataclass(frozen=True, kw_only=True)
class FormPage(Surroundings, SectionForm):
    """One section's form with everything around it."""

    @cached_property
    def here(self) -> tuple[Shown, ...]:
        """The findings of this section."""
        return self.findings.of(self.section)

    @property
    def elsewhere(self) -> int:
        """How many findings the other sections have."""
        return len(self.findings.every) - len(self.here)

    @cached_property
    def told_of(self) -> Mapping[str, Sequence[Shown]]:
        """The findings of this section by the field they are marked at."""
        return panel.marks(self.here, self.section)

    @property
    def nothing_here(self) -> str:
        """What the panel says instead of findings."""
        if self.section.key in self.findings.blanks:
            return _("已填的没有发现问题；还没有填完。")
        return _("这一部分没有发现问题。")

    @property
    def first_blank(self) -> str:
        """The first field of the section that is still to be filled in; "" when there is none."""
        return self.findings.blanks.get(self.section.key, "")

    @property
    def next(self) -> str:
        """The key of the section after this one; "" after the last."""
        return following(self.draft.definition, self.section)

    @property
    def last(self) -> bool:
        return not self.next

    @property
    def last_year(self) -> tuple[ThenTable, ...]:
        return tuple(panel.last_year(self.draft, self.section))

    @property
    def clashing(self) -> frozenset[str]:
        """The fields that somebody else changed meanwhile."""
        return frozenset(clash.name for clash in self.trouble.clashes) if self.trouble else frozenset()

    @property
    def rules(self) -> str:
        """Where the script finds the rules."""
        return rules_address(self.draft.definition)

    @property
    def hints(self) -> tuple[Hint, ...]:
        return tuple(dict.fromkeys(panel.hints(self.section, self.draft)))

    @property
    def state(self) -> dict[str, Any]:
        """For the script."""
        return state(self.draft, (one.told for one in self.findings.every), open=self.open)


def following(definition: Definition, section: Section | None) -> str:
    """The key of the section after this one; "" after the last."""
    keys = [one.key for one in definition.sections]
    return (*keys, "")[keys.index(section.key) + 1] if section else ""
