"""Who has filed in a campaign, who has not, and who is late: one line for every unit on its roster."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session, aliased

from reports.states import SENT, ReportState
from storage.roster.campaigns import due_of
from storage.tables import Campaign, Report, RosterEntry, Step, Submission, Unit


@dataclass(frozen=True, slots=True)
class Standing:
    """One expected unit: its place on the roster, its report if it has begun, and what it last sent in."""

    unit: Unit
    entry: RosterEntry
    report: Report | None
    submission: Submission | None
    # The last day on which it is in time: its own later one, that of a return, or everybody's.
    due: date

    @property
    def is_exempt(self) -> bool:
        """Whether nothing is expected of it."""
        return self.entry.exempt_because is not None

    @property
    def has_filed(self) -> bool:
        """Whether what it sent in lies with the supervising office, or was approved."""
        return self.report is not None and self.report.state in SENT

    @property
    def is_approved(self) -> bool:
        """Whether its report was approved."""
        return self.report is not None and self.report.state is ReportState.APPROVED

    def is_late(self, today: date) -> bool:
        """Whether its day has passed and nothing lies with the office."""
        return not self.is_exempt and not self.has_filed and today > self.due


def standings(session: Session, campaign: Campaign) -> Sequence[Standing]:
    """Every unit on the roster, in the order of the office's list."""
    other = aliased(Submission)
    last = select(func.max(other.id)).where(other.report_id == Report.id).scalar_subquery()
    same = and_(
        Report.unit_id == RosterEntry.unit_id,
        Report.definition == campaign.definition,
        Report.edition == campaign.edition,
        Report.year == campaign.year,
    )
    standing = and_(Submission.id == last, Submission.withdrawn_at.is_(None))
    wanted = (
        select(RosterEntry, Unit, Report, Submission)
        .join(Unit, Unit.id == RosterEntry.unit_id)
        .outerjoin(Report, same)
        .outerjoin(Submission, standing)
        .where(RosterEntry.campaign_id == campaign.id)
        .order_by(Unit.position, Unit.id)
    )
    again = _new_days(session, campaign)
    return [
        Standing(unit, entry, report, submission, _due(campaign, entry, report, again))
        for entry, unit, report, submission in session.execute(wanted)
    ]


def standing_of(session: Session, campaign: Campaign, unit: Unit) -> Standing | None:
    """The line of one unit; None when it is not on the roster."""
    return next((one for one in standings(session, campaign) if one.unit.id == unit.id), None)


def _new_days(session: Session, campaign: Campaign) -> dict[int, date]:
    """The day that the last return of each report named."""
    mine = select(Report.id).where(Report.definition == campaign.definition, Report.year == campaign.year)
    named = select(Step.report_id, Step.due_on).where(Step.report_id.in_(mine), Step.due_on.is_not(None))
    return {report: due for report, due in session.execute(named.order_by(Step.number)) if due is not None}


def _due(campaign: Campaign, entry: RosterEntry, report: Report | None, again: dict[int, date]) -> date:
    ordinary = due_of(campaign, entry)
    return max(ordinary, again.get(report.id, ordinary)) if report else ordinary
