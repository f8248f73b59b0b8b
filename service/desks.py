"""What lies on the desk of whoever answers for units: one unit and its open campaign, and everything around them."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from flask import url_for

from reports.states import OPEN, Move, ReportState, moves_from
from service.checking import Check
from service.deadlines import Deadline
from service.drafts import Draft
from service.language import _
from service.moves import StepTaken
from service.news import News, Returned
from service.previews import Download
from service.sections import Progress, SectionState
from service.words import State
from storage.people.policy import Act, Person, can
from storage.tables import Campaign, Report, RosterEntry, Unit


@dataclass(frozen=True, slots=True)
class Choice:
    """Another unit or campaign that this person answers for."""

    unit_id: str
    campaign_id: str | None
    label: str
    tag: State | None
    here: bool


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to ask."""

    office: str
    words: str


@dataclass(frozen=True, slots=True)
class Way:
    """One way to begin or to go on faster, with what it will do said before."""

    heading: str
    brings: str
    button: str
    address: str
    value: str
    figures: Sequence[str] = ()
    impossible: bool = False


@dataclass(frozen=True, slots=True)
class PastReport:
    """The report of an earlier year."""

    public_id: str
    year: int
    words: str
    documents: Sequence[Download]


@dataclass(frozen=True)
class Desk:
    """Everything the first page shows of one unit."""

    person: Person
    unit: Unit
    choices: Sequence[Choice]
    campaign: Campaign | None = None
    entry: RosterEntry | None = None
    draft: Draft | None = None
    deadline: Deadline | None = None
    contact: Contact | None = None
    returned: Returned | None = None
    news: News | None = None
    # What took the place of the draft, see `news.replaced_of`.
    replaced: str = ""
    receipt: bool = False
    documents: Sequence[Download] = ()
    steps: Sequence[StepTaken] = ()
    ways: Sequence[Way] = ()
    quicker: Sequence[Way] = ()
    past: Sequence[PastReport] = ()
    told: Sequence[str] = field(default=())

    @property
    def report(self) -> Report | None:
        return self.draft.report if self.draft else None

    @property
    def begun(self) -> bool:
        """Whether the clerk has chosen how to begin, or filled anything in."""
        return self.draft is not None and has_begun(self.draft)

    @property
    def exempt_because(self) -> str:
        return (self.entry.exempt_because or "") if self.entry else ""

    @property
    def can_fill(self) -> bool:
        state = self.report.state if self.report else ReportState.DRAFT
        return state in OPEN and can(self.person, Act.FILL, self.unit)

    @property
    def can_sign(self) -> bool:
        signing = self.report is not None and self.report.state is ReportState.SIGNING
        return signing and can(self.person, Act.SIGN, self.unit)

    @property
    def can_withdraw(self) -> bool:
        possible = self.report is not None and Move.WITHDRAW in moves_from(self.report.state)
        return possible and not self.can_sign and can(self.person, Act.WITHDRAW, self.unit)

    @property
    def sections(self) -> Sequence[SectionState]:
        return self.draft.sections if self.draft else ()

    @property
    def title(self) -> str:
        return _("{year}年年度报告").format(year=self.draft.report.year) if self.draft else ""

    @property
    def progress(self) -> str:
        done = sum(section.state is Progress.DONE for section in self.sections)
        if not self.can_fill:
            return _("{of} 个部分，现在只能查看").format(of=len(self.sections))
        if done == len(self.sections):
            return _("{of} 个部分都已完成").format(of=len(self.sections))
        return _("已完成 {done} / {of}，可随时离开，已填内容会保留").format(done=done, of=len(self.sections))

    @property
    def best_way(self) -> Way | None:
        """The way to begin that helps most."""
        return next((way for way in self.ways if not way.impossible), None)

    @property
    def check(self) -> Check | None:
        return Check(self.draft) if self.draft else None

    def section_address(self, key: str) -> str:
        """The address of a section's form."""
        return url_for("pages.fill", public_id=self.report.public_id if self.report else "", section=key)


def has_begun(draft: Draft) -> bool:
    """Whether anybody has begun this report, here or by sending it from a program."""
    return draft.report.started is not None or bool(draft.fields) or draft.report.state is not ReportState.DRAFT
