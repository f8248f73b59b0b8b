"""Answers as reviewers read them: what was sent in, and last year's beside it; neither ever changes."""

from functools import lru_cache

from sqlalchemy.orm import Session

from reports.answers import Answers
from reports.loading import Definitions
from reports.reading import read_answers
from service.resources import resources
from storage.filing.reports import answers_of_last_year
from storage.tables import Report, Revision

# Two for each line of a page of the queue, and some more.
_KEPT = 128


def answers_in(revision: Revision) -> Answers:
    """What a revision says."""
    return _read(revision.answers.encode(), resources().definitions)


def last_years(session: Session, report: Report) -> Answers | None:
    """What the unit said the year before."""
    said = answers_of_last_year(session, report.unit_id, report.definition, report.year)
    return None if said is None else _read(said, resources().definitions)


@lru_cache(maxsize=_KEPT)
def _read(said: bytes, definitions: Definitions) -> Answers:
    return read_answers(said, definitions)
