"""A reviewer's words on single places of a report: collected while reviewing, handed over with the return."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, select, update
from sqlalchemy.orm import Session

from storage.filing.steps import last_return
from storage.session import rows_changed
from storage.tables import Comment, Report, Step


def add_comment(session: Session, report: Report, name: str, text: str, actor: str, quote: str = "") -> Comment:
    """Note a word on a cell or a text ("" for the report as a whole); the clerk sees it with the return.

    `quote` is the paragraph that is meant, in its own words.
    """
    comment = Comment(report_id=report.id, name=name, text=text, quote=quote, by=actor)
    session.add(comment)
    session.flush()
    return comment


def collected(session: Session, report: Report) -> Sequence[Comment]:
    """What reviewers have noted and not yet handed over, the first word first."""
    return session.scalars(select(Comment).where(_noted(report)).order_by(Comment.id)).all()


def find_comment(session: Session, report: Report, number: int) -> Comment | None:
    """A word on this report that was not handed over yet."""
    return session.scalar(select(Comment).where(_noted(report), Comment.id == number))


def edit(session: Session, comment: Comment, text: str, actor: str, seen: str) -> bool:
    """Say it otherwise; False when it was handed over, or no longer says what was `seen`."""
    same = update(Comment).where(Comment.id == comment.id, Comment.step_id.is_(None), Comment.text == seen)
    return rows_changed(session, same.values(text=text, by=actor)) == 1


def take_back(session: Session, comment: Comment) -> bool:
    """Delete a word that was not handed over yet; False when it was."""
    gone = session.scalars(
        select(Comment).where(Comment.id == comment.id, Comment.step_id.is_(None)).with_for_update()
    ).one_or_none()
    if gone is not None:
        session.delete(gone)
    return gone is not None


def rounds(session: Session, report: Report) -> dict[int, list[Comment]]:
    """The words that came with each return, by its step."""
    handed: dict[int, list[Comment]] = {}
    given = select(Comment).where(Comment.report_id == report.id, Comment.step_id.is_not(None)).order_by(Comment.id)
    for comment in session.scalars(given):
        handed.setdefault(comment.step_id or 0, []).append(comment)
    return handed


def hand_over(session: Session, report: Report, step: Step) -> int:
    """Give what was noted to the clerk with this return; how many words there are."""
    return rows_changed(session, update(Comment).where(_noted(report)).values(step_id=step.id))


def comments_of(session: Session, report: Report) -> Sequence[Comment]:
    """The words that came with the last return, in the order they were noted."""
    back = last_return(session, report)
    return session.scalars(select(Comment).where(Comment.step_id == back.id).order_by(Comment.id)).all() if back else ()


def _noted(report: Report) -> ColumnElement[bool]:
    return and_(Comment.report_id == report.id, Comment.step_id.is_(None))
