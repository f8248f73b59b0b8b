"""The steps of a report: each is one move of the state machine, taken once, whoever else tries."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from reports.states import Move, MoveRefused, ReportState, after
from storage import audit
from storage.session import rows_changed
from storage.tables import Report, Step, Submission


def take(
    session: Session,
    report: Report,
    move: Move,
    actor: str,
    *,
    remark: str = "",
    due_on: date | None = None,
    submission: Submission | None = None,
    **detail: Any,
) -> Step:
    """Move a report on and note it; MoveRefused when it stands elsewhere, or somebody was faster.

    Writes the audit event, so let it be the last thing before the commit.
    """
    before = report.state
    _move(session, report, move, after(before, move))
    step = Step(
        report_id=report.id,
        number=_last_number(session, report) + 1,
        move=move,
        before=before,
        after=report.state,
        by=actor,
        remark=remark,
        due_on=due_on,
        submission_id=submission.id if submission else None,
    )
    session.add(step)
    session.flush()
    audit.record(session, actor, f"report.{move.value}", f"report:{report.public_id}", **detail)
    return step


def steps_of(session: Session, report: Report) -> Sequence[Step]:
    """The way of a report so far, the first step first."""
    return session.scalars(select(Step).where(Step.report_id == report.id).order_by(Step.number)).all()


def last_step(session: Session, report: Report, *moves: Move) -> Step | None:
    """The last step of these kinds: the last return, the last sending."""
    wanted = select(Step).where(Step.report_id == report.id, Step.move.in_(moves)).order_by(Step.number.desc())
    return session.scalar(wanted.limit(1))


def last_return(session: Session, report: Report) -> Step | None:
    """The step with which the reviewer last gave a report back, before its approval or after it."""
    return last_step(session, report, Move.RETURN, Move.REOPEN)


def _move(session: Session, report: Report, move: Move, wanted: ReportState) -> None:
    stands = update(Report).where(Report.id == report.id, Report.state == report.state)
    moved = rows_changed(session, stands.values(state=wanted)) == 1
    session.refresh(report, ["state"])
    if not moved:
        raise MoveRefused(report.state, move)


def _last_number(session: Session, report: Report) -> int:
    # The report's row is locked by the move, so that two steps cannot get one number.
    return session.scalar(select(func.max(Step.number)).where(Step.report_id == report.id)) or 0
