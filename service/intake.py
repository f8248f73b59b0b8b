"""take_in(): answers as bytes, read, checked, kept and ordered; the one way in for pages and programs alike."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from reports.answers import Answers
from reports.checks import check
from reports.findings import Finding, blocks
from reports.reading import read_answers
from service.resources import resources
from storage.recipes import recipe_for
from storage.reports import answers_of_last_year
from storage.session import reading_scope, session_scope
from storage.submissions import Sent, submit


class AnswersBlocked(Exception):
    """The answers can be read, but they have errors; nothing of them is kept."""

    code = "answers_blocked"

    def __init__(self, answers: Answers, findings: list[Finding]) -> None:
        self.answers, self.findings = answers, tuple(findings)
        super().__init__(f"{len(findings)} findings")


@dataclass(frozen=True, slots=True)
class Intake:
    """What was taken in, and what its sender should still look at."""

    sent: Sent
    findings: tuple[Finding, ...]


def take_in(data: bytes, actor: str) -> Intake:
    """Keep answers and order their documents; AnswersRefused or AnswersBlocked when they cannot be kept."""
    office = resources()
    answers = read_answers(data, office.definitions)
    with reading_scope(office.engine) as session:
        findings = checked(session, answers)
    if blocks(findings):
        raise AnswersBlocked(answers, findings)
    recipe = recipe_for(office.definitions, answers.definition)
    with session_scope(office.engine) as session:
        sent = submit(session, answers, actor, recipe)
        office.queue.nudge_after_commit(session, sent.job)
    return Intake(sent, tuple(findings))


def checked(session: Session, answers: Answers) -> list[Finding]:
    """Findings on these answers, with the unit's report of last year beside them when it is here."""
    said = answers_of_last_year(session, answers.unit.name, answers.definition.id, answers.year)
    return check(answers, None if said is None else read_answers(said, resources().definitions))
