"""The way of a report so far, with the words of every round."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from service.moves import move_in_words, people
from service.reviewing.cases import Case, place_of
from storage.filing.comments import rounds
from storage.filing.steps import steps_of


@dataclass(frozen=True, slots=True)
class Word:
    """A comment as it was handed over."""

    place: str
    quote: str
    text: str


@dataclass(frozen=True, slots=True)
class Taken:
    """One step, with what was handed over with it."""

    word: str
    look: str
    at: datetime
    by: str
    remark: str
    due_on: date | None
    words: Sequence[Word]


def record_of(session: Session, case: Case) -> Sequence[Taken]:
    """The steps of a case, the last one first."""
    steps, handed = steps_of(session, case.report), rounds(session, case.report)
    names = people(session, [step.by for step in steps])
    return [
        Taken(
            *move_in_words(step.move),
            step.at,
            names[step.by],
            step.remark,
            step.due_on,
            [Word(place_of(case.answers, one.name), one.quote, one.text) for one in handed.get(step.id, ())],
        )
        for step in reversed(steps)
    ]
