"""Sending a draft in: frozen, handed over with its reasons and its declaration, documents ordered; once."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from reports.answers import Answers
from reports.drafting import draft_answers
from reports.wording import N_
from storage.filing import submissions
from storage.filing.fields import fields_of, typed_in
from storage.filing.reports import lock
from storage.filing.submissions import Sent
from storage.making import jobs
from storage.making.jobs import Recipe
from storage.tables import Job, Lane, Report


class DraftChanged(Exception):
    """Somebody changed the draft after it was checked; what would be sent is not what was looked at."""

    code = "draft_changed"

    def __init__(self) -> None:
        self.for_person = N_("核对以后内容又有改动，没有报送。请重新核对一遍，再报送。")
        self.for_operator = "the fields differ from the answers that were to be sent"
        super().__init__(self.for_operator)


def send(
    session: Session,
    report: Report,
    answers: Answers,
    reasons: Mapping[str, str],
    declaration: Mapping[str, Any],
    actor: str,
    recipe: Recipe,
) -> Sent:
    """Send in a draft that was found ready, in one transaction; sent again, it finds what was sent.

    DraftChanged when its fields say something else by now, MoveRefused when it is being reviewed or was approved.
    """
    # Whoever saves holds the report as well: from here on the fields stand still.
    report = lock(session, report)
    if _drafted(session, report, answers).digest != answers.digest:
        raise DraftChanged
    return submissions.send_in(session, report, answers, actor, recipe, reasons=reasons, declaration=declaration)


def withdraw(session: Session, report: Report, actor: str) -> None:
    """Take back what was sent, as long as nobody reviews it: the draft is open again, as it was sent."""
    submissions.withdraw(session, lock(session, report), actor)


def preview(session: Session, report: Report, answers: Answers, actor: str, recipe: Recipe) -> Job:
    """The job that makes the documents of a draft as it stands; equal answers find the revision and job there are."""
    revision = submissions.snapshot(session, lock(session, report), answers, actor)
    return jobs.order(session, revision, recipe, Lane.PREVIEW)


def _drafted(session: Session, report: Report, answers: Answers) -> Answers:
    typed = typed_in(fields_of(session, report))
    return draft_answers(answers.definition, answers.unit.name, answers.year, typed)
