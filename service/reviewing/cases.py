"""One report as its reviewer reads it: what was sent in, by whom, with which reasons, beside last year's."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from reports.answers import Answers
from reports.checks import check
from reports.definition import Severity
from reports.findings import Finding
from reports.reasons import reason_name
from reports.states import Move, ReportState, moves_from
from service.explaining import label_of
from service.language import _
from service.reviewing.queue import PENDING
from service.reviewing.reading import answers_in, last_years
from storage.filing.comments import collected
from storage.filing.reports import latest_submission
from storage.filing.steps import last_step
from storage.tables import Campaign, Comment, Report, Revision, Submission, Unit


@dataclass(frozen=True, slots=True)
class Explained:
    """A finding, and what the unit says to it; "" where it says nothing."""

    finding: Finding
    place: str
    reason: str


@dataclass(frozen=True)
class Case:
    """A report with the submission that counts."""

    report: Report
    unit: Unit
    campaign: Campaign | None
    submission: Submission
    revision: Revision
    answers: Answers
    previous: Answers | None
    noted: Sequence[Comment]
    # The number of its last step, by which a page knows that something has happened since.
    step: int

    @cached_property
    def findings(self) -> Sequence[Finding]:
        return check(self.answers, self.previous)

    @property
    def reasons(self) -> Mapping[str, str]:
        told: dict[str, str] = json.loads(self.submission.reasons)
        return told

    @property
    def declaration(self) -> Mapping[str, Any]:
        told: dict[str, Any] = json.loads(self.submission.declaration)
        return told

    @cached_property
    def explained(self) -> Sequence[Explained]:
        """What had to be explained, with the reasons."""
        asked = [one for one in self.findings if one.severity is Severity.EXPLAIN]
        return [Explained(one, self.place(one.cells[0]), self.reasons.get(reason_name(one), "")) for one in asked]

    @property
    def pending(self) -> bool:
        """Whether it waits for a decision."""
        return self.report.state in PENDING

    @property
    def can_reopen(self) -> bool:
        return Move.REOPEN in moves_from(self.report.state)

    @property
    def can_begin(self) -> bool:
        return self.report.state is ReportState.SUBMITTED

    @property
    def can_note(self) -> bool:
        return self.pending or self.can_reopen

    def noted_on(self, name: str, quote: str | None = None) -> Sequence[Comment]:
        """The words on one cell or text that are not handed over; with a quote, those on that paragraph."""
        return [one for one in self.noted if one.name == name and quote in (None, one.quote)]

    def place(self, name: str) -> str:
        """A cell or a text in the words of the form, with its table."""
        return place_of(self.answers, name)


def place_of(answers: Answers, name: str) -> str:
    """A cell or a text in the words of the form; what is about no single place is about the whole report."""
    cells, texts = answers.definition.cells, answers.definition.texts
    if name in cells:
        return _("{table}：{cell}").format(table=cells[name].table.title, cell=cells[name].label)
    return label_of(answers.definition, name) if name in texts else _("整份报告")


def case_of(session: Session, report: Report) -> Case | None:
    """The case of a report; None when nothing was sent in, or it was withdrawn."""
    submission = latest_submission(session, report)
    if submission is None:
        return None
    unit, revision = session.get_one(Unit, report.unit_id), session.get_one(Revision, submission.revision_id)
    last = last_step(session, report, *Move)
    return Case(
        report,
        unit,
        _campaign(session, unit, report),
        submission,
        revision,
        answers_in(revision),
        last_years(session, report),
        collected(session, report),
        last.number if last else 0,
    )


def _campaign(session: Session, unit: Unit, report: Report) -> Campaign | None:
    wanted = select(Campaign).where(Campaign.supervisor_id == unit.supervisor_id, Campaign.year == report.year)
    return session.scalars(wanted.where(Campaign.definition == report.definition)).first()
