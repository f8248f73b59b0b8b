"""The texts of a report, sentence by sentence beside last year's, and beside another unit's of the same words."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from reports.likeness import SUSPICIOUS, Match, matches
from reports.sentences import Sentence, differences, kept_share
from service.reviewing.cases import Case
from service.reviewing.reading import answers_in
from storage.filing.likeness import resembling
from storage.tables import Comment

# The nearest say enough.
_SHOWN = 3
# From here on what was written last year was written again, in per cent.
_COPIED = 80


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph of today's text with the sentences that were in its place; all of them may be gone."""

    quote: str
    sentences: Sequence[Sentence]
    noted: Sequence[Comment]


@dataclass(frozen=True, slots=True)
class Passage:
    """One text; `share` is how much of it stood there last year, in per cent; None with no last year."""

    name: str
    heading: str
    paragraphs: Sequence[Paragraph]
    share: int | None
    letters: int
    noted: Sequence[Comment]

    @property
    def copied(self) -> bool:
        return self.share is not None and self.share >= _COPIED


@dataclass(frozen=True, slots=True)
class Hit:
    """Another unit whose words these are, with the sentences beside each other."""

    unit: str
    report_id: str
    percent: int
    matches: Sequence[Match]

    @property
    def suspicious(self) -> bool:
        return self.percent >= SUSPICIOUS


def passages_of(case: Case) -> Sequence[Passage]:
    """The texts of a case."""
    return [_passage(case, name) for name in case.answers.definition.texts]


def hits_of(session: Session, case: Case) -> Sequence[Hit]:
    """The units of the same office whose words the texts of a case are made of, the most alike first."""
    found = resembling(session, case.revision)[:_SHOWN]
    return [
        Hit(unit.name, report.public_id, percent, matches(case.answers, answers_in(other)))
        for unit, report, other, percent in found
    ]


def paragraphs_of(now: Sequence[str], found: Sequence[Sentence]) -> Sequence[tuple[str, Sequence[Sentence]]]:
    """What became of the sentences, by the paragraph of today's text where they stand or stood."""
    count = max([len(now), *(one.paragraph + 1 for one in found)], default=0)
    return [(now[at] if at < len(now) else "", [one for one in found if one.paragraph == at]) for at in range(count)]


def _passage(case: Case, name: str) -> Passage:
    text, now = case.answers.definition.texts[name], case.answers.paragraphs(name)
    before = case.previous.paragraphs(name) if case.previous else None
    found = differences(before, now) if before is not None else differences(now, now)
    paragraphs = [
        Paragraph(quote, sentences, case.noted_on(name, quote) if quote else ())
        for quote, sentences in paragraphs_of(now, found)
    ]
    quoted = {one.quote for one in paragraphs if one.quote}
    return Passage(
        name,
        text.label,
        paragraphs,
        kept_share(found) if before is not None else None,
        sum(map(len, now)),
        [one for one in case.noted_on(name) if one.quote not in quoted],
    )
