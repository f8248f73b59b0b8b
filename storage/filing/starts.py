"""Beginning a report: it is opened once for a unit, begun once, and filled with zeros where nothing happened."""

from collections.abc import Mapping

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from reports.definition import Definition
from reports.starting import nil
from reports.states import ReportState
from reports.wording import _
from storage import audit
from storage.filing.fields import fill_blanks
from storage.filing.reports import lock
from storage.session import find_or_add, rows_changed
from storage.tables import Campaign, Report, RosterEntry, Start, Unit


class NotExpected(Exception):
    """The campaign expects no report of this unit, or is closed."""

    code = "not_expected"

    def __init__(self, unit: str, year: int) -> None:
        self.for_person = _("“{unit}”不在{year}年度的填报名单里，或填报已经结束。请联系主管单位。").format(
            unit=unit, year=year
        )
        self.for_operator = f"no open campaign of {year} expects {unit!r}"
        super().__init__(self.for_person)


def open_report(session: Session, campaign: Campaign, unit: Unit, actor: str) -> Report:
    """The report that a campaign expects of a unit, begun now if there is none; NotExpected when it expects none."""
    expected = select(RosterEntry).where(RosterEntry.campaign_id == campaign.id, RosterEntry.unit_id == unit.id)
    entry = session.scalar(expected)
    if entry is None or entry.exempt_because is not None or campaign.closed_at is not None:
        raise NotExpected(unit.name, campaign.year)
    key = {
        "unit_id": unit.id,
        "definition": campaign.definition,
        "edition": campaign.edition,
        "year": campaign.year,
    }
    new = Report(**key, state=ReportState.DRAFT)
    report = find_or_add(session, select(Report).filter_by(**key), new)
    if report is new:
        audit.record(session, actor, "report.opened", f"report:{report.public_id}")
    return report


def start(session: Session, report: Report, how: Start, actor: str, values: Mapping[str, str]) -> bool:
    """Note how the clerk begins, and put `values` into blank fields; False when somebody has begun already.

    Writes the audit event: whatever follows in this transaction finds the report locked for it.
    """
    lock(session, report)
    first = update(Report).where(Report.id == report.id, Report.started.is_(None))
    if rows_changed(session, first.values(started=how)) != 1:
        return False
    session.refresh(report, ["started"])
    written, _left = fill_blanks(session, report, values, actor)
    subject = f"report:{report.public_id}"
    audit.record(session, actor, "report.started", subject, how=how.value, fields=list(written))
    return True


def fill_nil(
    session: Session, report: Report, definition: Definition, actor: str
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """A zero into every blank cell where nothing happened; the cells written, and those that hold something else."""
    lock(session, report)
    written, left = fill_blanks(session, report, nil(definition), actor)
    if written:
        audit.record(session, actor, "report.nil", f"report:{report.public_id}", fields=list(written))
    return written, left
