"""A reviewer's words on single places of a report: collected while reviewing, handed over with the return."""

from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from storage.session import rows_changed
from storage.steps import last_return
from storage.tables import Comment, Report, Step


def add_comment(session: Session, report: Report, name: str, text: str, actor: str) -> Comment:
    """Note a word on a cell or a text ("" for the report as a whole); the clerk sees it with the return."""
    comment = Comment(report_id=report.id, name=name, text=text, by=actor)
    session.add(comment)
    session.flush()
    return comment


def collected(session: Session, report: Report) -> Sequence[Comment]:
    """What reviewers have noted and not yet handed over, the first word first."""
    wanted = select(Comment).where(Comment.report_id == report.id, Comment.step_id.is_(None))
    return session.scalars(wanted.order_by(Comment.id)).all()


def take_back(session: Session, comment: Comment) -> bool:
    """Delete a word that was not handed over yet; False when it was."""
    gone = session.scalars(
        select(Comment).where(Comment.id == comment.id, Comment.step_id.is_(None)).with_for_update()
    ).one_or_none()
    if gone is not None:
        session.delete(gone)
    return gone is not None


def hand_over(session: Session, report: Report, step: Step) -> int:
    """Give what was noted to the clerk with this return; how many words there are."""
    noted = update(Comment).where(Comment.report_id == report.id, Comment.step_id.is_(None))
    return rows_changed(session, noted.values(step_id=step.id))


def comments_of(session: Session, report: Report) -> Sequence[Comment]:
    """The words that came with the last return, in the order they were noted."""
    back = last_return(session, report)
    return session.scalars(select(Comment).where(Comment.step_id == back.id).order_by(Comment.id)).all() if back else ()
