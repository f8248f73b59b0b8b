"""What a reviewer does with a report that was sent in: each act once, on what the reviewer saw, whoever else acts."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from reports.states import Move, MoveRefused, ReportState, after
from reports.wording import N_
from storage.filing import steps
from storage.filing.comments import add_comment, collected, hand_over
from storage.filing.reports import latest_submission, lock
from storage.tables import Comment, Report, Step, Submission

# In these a reviewer may note a word: what was approved can still turn out to be wrong.
NOTED_IN = frozenset({ReportState.SUBMITTED, ReportState.REVIEWING, ReportState.APPROVED})


class Overtaken(Exception):
    """What the reviewer saw is not what would be acted upon: it was sent again, or a colleague noted more."""

    code = "review_overtaken"

    def __init__(self, for_person: str, for_operator: str) -> None:
        self.for_person, self.for_operator = for_person, for_operator
        super().__init__(for_operator)


def begin(session: Session, report: Report, actor: str) -> Step | None:
    """Take a report up: from now on its unit cannot withdraw it. None when it was taken up before."""
    report = lock(session, report)
    if report.state is ReportState.REVIEWING:
        return None
    return steps.take(session, report, Move.BEGIN_REVIEW, actor, submission=latest_submission(session, report))


def approve(session: Session, report: Report, actor: str, seen: int) -> Step:
    """Approve the submission of that number; MoveRefused when a colleague decided, Overtaken when it was sent again."""
    report = lock(session, report)
    # Who comes too late is told so first, and not of what came of it.
    _must_lead_on(report, Move.APPROVE)
    return steps.take(session, report, Move.APPROVE, actor, submission=_as_seen(session, report, seen))


@dataclass(frozen=True, slots=True)
class Return:
    """What a report is returned with: why, until when, and the comments that the reviewer saw in the list."""

    remark: str
    due_on: date
    noted: Collection[int] = ()
    # A report that was approved is reopened; whoever means to return one must not reopen what a colleague approved.
    move: Move = Move.RETURN


def give_back(session: Session, report: Report, actor: str, seen: int, given: Return) -> Step:
    """Return a report with the words noted on it; refused as `approve`.

    Overtaken as well when there are other words by now than those that the reviewer saw.
    """
    report = lock(session, report)
    _must_lead_on(report, given.move)
    submission, words = _as_seen(session, report, seen), collected(session, report)
    if {one.id for one in words} != set(given.noted):
        raise Overtaken(
            N_("批注刚有增减，没有退回。请看过现在的批注，再退回。"), "the comments differ from those that were seen"
        )
    told = {"comments": len(words), "until": given.due_on.isoformat()}
    step = steps.take(
        session, report, given.move, actor, remark=given.remark, due_on=given.due_on, submission=submission, **told
    )
    hand_over(session, report, step)
    return step


def note(session: Session, report: Report, name: str, text: str, actor: str, quote: str = "") -> Comment:
    """Note a word; with the first one the review begins. MoveRefused when there is nothing to be reviewed."""
    report = lock(session, report)
    if report.state not in NOTED_IN:
        raise MoveRefused(report.state, Move.RETURN)
    comment = add_comment(session, report, name, text, actor, quote)
    if report.state is ReportState.SUBMITTED:
        begin(session, report, actor)
    return comment


def _must_lead_on(report: Report, move: Move) -> None:
    after(report.state, move)


def _as_seen(session: Session, report: Report, seen: int) -> Submission:
    standing = latest_submission(session, report)
    if standing is None or standing.number != seen:
        raise Overtaken(
            N_("这份报告刚又报送了一次，没有执行。请看过新的内容，再决定。"), "another submission stands by now"
        )
    return standing
