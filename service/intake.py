"""take_in(): answers as bytes, read, checked, kept and ordered; the one way in for pages and programs alike."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from reports.answers import Answers
from reports.checks import check
from reports.findings import Finding, blocks
from reports.reading import read_answers
from service.resources import resources
from storage.filing import fields
from storage.filing.reports import answers_of_last_year
from storage.filing.submissions import Sent, submit
from storage.making.recipes import recipe_for
from storage.people.policy import Act, Person, can, can_anywhere, offices_of
from storage.session import reading_scope, session_scope
from storage.tables import Unit


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


class UnitRefused(Exception):
    """Somebody hands in for a unit that another office supervises."""

    code = "unit_refused"

    def __init__(self, unit: str) -> None:
        self.unit = unit
        super().__init__(unit)


def take_in(data: bytes, actor: str, person: Person | None = None) -> Intake:
    """Keep answers and order their documents; AnswersRefused or AnswersBlocked when they cannot be kept.

    A person may do so for the units of the own office, UnitRefused else; one that is new becomes one of them.
    """
    office = resources()
    answers = read_answers(data, office.definitions)
    with reading_scope(office.engine) as session:
        _must_be_allowed(session, answers.unit.name, person)
        findings = checked(session, answers)
    if blocks(findings):
        raise AnswersBlocked(answers, findings)
    with session_scope(office.engine) as session:
        recipe = recipe_for(office.definitions, answers.definition, session)
        supervisor = min(offices_of(person, Act.HAND_IN), default=None) if person else None
        sent = submit(session, answers, actor, recipe, supervisor_id=supervisor)
        # Somebody else may have made the unit meanwhile.
        _must_be_allowed(session, answers.unit.name, person)
        # The form shows what was sent, whoever opens it next.
        fields.replace(session, sent.report, answers, actor)
        office.queue.nudge_after_commit(session, sent.job)
    return Intake(sent, tuple(findings))


def _must_be_allowed(session: Session, name: str, person: Person | None) -> None:
    if person is None:
        return
    unit = session.scalar(select(Unit).where(Unit.name == name))
    if not (can(person, Act.HAND_IN, unit) if unit else can_anywhere(person, Act.HAND_IN)):
        raise UnitRefused(name)


def checked(session: Session, answers: Answers) -> list[Finding]:
    """Findings on these answers, with the unit's report of last year beside them when it is here."""
    unit = session.scalar(select(Unit.id).where(Unit.name == answers.unit.name))
    said = answers_of_last_year(session, unit, answers.definition.id, answers.year) if unit else None
    return check(answers, None if said is None else read_answers(said, resources().definitions))
