"""What changed since a report was last returned: each word of the reviewer beside what became of its place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from reports.answers import Answers
from reports.comparing import Row, changed_texts, compare
from reports.sentences import Sentence, differences
from reports.states import Move
from service.moves import people
from service.reviewing.cases import Case, place_of
from service.reviewing.figures import by_of
from service.reviewing.reading import answers_in
from storage.filing.comments import comments_of
from storage.filing.steps import last_return
from storage.tables import Revision, Step, Submission


@dataclass(frozen=True, slots=True)
class Became:
    """One place, what it said when it was returned, and what it says now."""

    name: str
    place: str
    before: str
    now: str
    by: str
    sentences: Sequence[Sentence]
    # Of a whole report nobody can say.
    single: bool = True

    @property
    def changed(self) -> bool:
        return self.before != self.now


@dataclass(frozen=True, slots=True)
class Answered:
    """A word of the reviewer, and what became of its place."""

    text: str
    quote: str
    place: Became


@dataclass(frozen=True, slots=True)
class Since:
    """Everything that changed since a return."""

    by: str
    at: datetime
    remark: str
    answered: Sequence[Answered]
    others: Sequence[Became]

    @property
    def ignored(self) -> int:
        """How many words were noted on places that say the same as before."""
        return sum(one.place.single and not one.place.changed for one in self.answered)


def since_of(session: Session, case: Case) -> Since | None:
    """What changed since the last return; None when it was never returned, or not sent again since."""
    back = last_return(session, case.report)
    before = _before(session, case, back) if back else None
    if back is None or before is None or before.number >= case.submission.number:
        return None
    was = answers_in(session.get_one(Revision, before.revision_id))
    rows = {row.cell.name: row for row in compare(case.answers, was)}
    answered = [
        Answered(one.text, one.quote, _became(case, was, rows, one.name)) for one in comments_of(session, case.report)
    ]
    told = {one.place.name for one in answered}
    who = people(session, [back.by])[back.by]
    changed = [name for name, row in rows.items() if row.changed] + list(changed_texts(case.answers, was))
    others = [_became(case, was, rows, name) for name in changed if name not in told]
    return Since(who, back.at, back.remark, answered, others)


def _before(session: Session, case: Case, back: Step) -> Submission | None:
    """The submission that was returned."""
    sent = select(Submission).join(Step, Step.submission_id == Submission.id)
    earlier = sent.where(Step.report_id == case.report.id, Step.move == Move.SEND, Step.number < back.number)
    return session.scalars(earlier.order_by(Step.number.desc()).limit(1)).first()


def _became(case: Case, was: Answers, rows: Mapping[str, Row], name: str) -> Became:
    place = place_of(case.answers, name)
    if name in rows:
        return Became(name, place, rows[name].before, rows[name].now, by_of(rows[name]), ())
    if name in case.answers.definition.texts:
        before, now = was.paragraphs(name), case.answers.paragraphs(name)
        return Became(name, place, "\n".join(before), "\n".join(now), "", differences(before, now))
    return Became(name, place, "", "", "", (), single=False)
