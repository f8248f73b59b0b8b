"""The reports of a campaign as they wait for review: every expected unit, what there is to notice, how many of each."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from reports.likeness import SUSPICIOUS
from reports.states import Move, ReportState
from service.deadlines import today
from service.reviewing.view import Chip, Order, View
from storage.filing.likeness import Resemblance, resemblances
from storage.roster.standings import Standing, standings
from storage.tables import Campaign, Reminder, ReminderState, Report, Step

A_PAGE: Final = 25
PENDING: Final = frozenset({ReportState.SUBMITTED, ReportState.REVIEWING})
_NEVER: Final = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Alike:
    """The unit whose words a report is most made of, and how much of it, in per cent."""

    unit: str
    percent: int


@dataclass(frozen=True, slots=True)
class Line:
    """One expected unit in the queue."""

    place: int
    standing: Standing
    again: bool
    reasons: int
    alike: Alike | None
    reminded: int
    late: bool

    @property
    def report(self) -> Report | None:
        return self.standing.report

    @property
    def pending(self) -> bool:
        """Whether it waits for a decision."""
        return self.report is not None and self.report.state in PENDING

    @property
    def readable(self) -> bool:
        """Whether anything was sent in that can be looked at."""
        return self.standing.submission is not None

    @property
    def sent_at(self) -> datetime:
        return self.standing.submission.made_at if self.standing.submission else _NEVER

    @property
    def choice(self) -> str:
        """How a form names what was seen: the report, and which submission of it."""
        if self.report is None or self.standing.submission is None:
            return ""
        return f"{self.report.public_id}:{self.standing.submission.number}"

    def is_of(self, chip: Chip) -> bool:
        """Whether a filter shows it."""
        state = self.report.state if self.report else ReportState.DRAFT
        return {
            Chip.PENDING: self.pending,
            Chip.RETURNED: state is ReportState.RETURNED,
            Chip.UNSENT: state in (ReportState.DRAFT, ReportState.SIGNING),
            Chip.LATE: self.late,
            Chip.APPROVED: state is ReportState.APPROVED,
            Chip.EXPLAINED: self.standing.has_filed and self.reasons > 0,
            Chip.ALIKE: self.standing.has_filed and self.alike is not None,
        }[chip]

    def is_called(self, words: str) -> bool:
        """Whether its unit is looked for by these words: of its name, its short name or its initials."""
        unit, words = self.standing.unit, words.lower()
        return any(words in name.lower() for name in (unit.name, unit.short_name, unit.initials))


@dataclass(frozen=True)
class Queue:
    """A campaign with a line for every unit of which something is expected."""

    campaign: Campaign
    lines: Sequence[Line]

    @cached_property
    def counts(self) -> Mapping[Chip, int]:
        """How many each filter shows."""
        return {chip: sum(line.is_of(chip) for line in self.lines) for chip in Chip}

    def chosen(self, view: View) -> Sequence[Line]:
        """The lines of a view, in its order."""
        wanted = [line for line in self.lines if line.is_of(view.chip) and line.is_called(view.words)]
        return sorted(wanted, key=lambda line: _key(line, view.order))

    def page(self, view: View) -> tuple[Sequence[Line], int, int]:
        """The lines of one page, its number, and how many pages there are; beyond the last there is the last."""
        lines = self.chosen(view)
        pages = max(1, -(-len(lines) // A_PAGE))
        number = min(view.page, pages)
        return lines[(number - 1) * A_PAGE : number * A_PAGE], number, pages

    def after(self, view: View, report: Report) -> Line | None:
        """The next one that waits, behind this report in the order of the view, else from the beginning."""
        waiting = [line for line in self.chosen(view) if line.pending and not _is(line, report)]
        here = next((line for line in self.lines if _is(line, report)), None)
        behind = [line for line in waiting if here and _key(line, view.order) > _key(here, view.order)]
        return next(iter(behind or waiting), None)


def queue_of(session: Session, campaign: Campaign, now: date | None = None) -> Queue:
    """The queue of a campaign; nothing of it reads a report."""
    now = now or today()
    expected = [one for one in standings(session, campaign) if not one.is_exempt]
    names = {one.submission.revision_id: one.unit.name for one in expected if one.submission}
    alike = resemblances(session, campaign, names)
    again, reminded = _returned_before(session, campaign), _reminded(session, campaign)
    lines = [
        Line(
            place,
            one,
            one.report is not None and one.report.id in again,
            len(json.loads(one.submission.reasons)) if one.submission else 0,
            _most(alike.get(one.submission.revision_id, ()), names) if one.submission else None,
            reminded.get(one.unit.id, 0),
            one.is_late(now),
        )
        for place, one in enumerate(expected)
    ]
    return Queue(campaign, lines)


def _is(line: Line, report: Report) -> bool:
    return line.report is not None and line.report.id == report.id


def _key(line: Line, order: Order) -> tuple[float, float]:
    sent = line.sent_at.timestamp() if line.readable else float("inf")
    first = {
        Order.OLDEST: sent,
        Order.NEWEST: -sent if line.readable else float("inf"),
        Order.ROSTER: 0,
        Order.EXPLAINED: -line.reasons,
        Order.ALIKE: -line.alike.percent if line.alike else 0,
    }[order]
    return first, line.place


def _most(found: Sequence[Resemblance], names: Mapping[int, str]) -> Alike | None:
    suspicious = [one for one in found if one.percent >= SUSPICIOUS]
    return Alike(names[suspicious[0].other_id], suspicious[0].percent) if suspicious else None


def _returned_before(session: Session, campaign: Campaign) -> frozenset[int]:
    mine = select(Report.id).where(Report.definition == campaign.definition, Report.year == campaign.year)
    back = select(Step.report_id).where(Step.report_id.in_(mine), Step.move.in_((Move.RETURN, Move.REOPEN)))
    return frozenset(session.scalars(back.distinct()))


def _reminded(session: Session, campaign: Campaign) -> Mapping[int, int]:
    sent = (
        select(Reminder.unit_id, func.count())
        .where(Reminder.campaign_id == campaign.id, Reminder.state == ReminderState.SENT)
        .group_by(Reminder.unit_id)
    )
    return {row[0]: row[1] for row in session.execute(sent)}
