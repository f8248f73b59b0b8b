"""A report as it stands in the form: its fields, what they mean, what is wrong with them, and last year's beside."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from sqlalchemy.orm import Session

from reports.answers import Answers
from reports.definition import Definition
from reports.drafting import check_draft, draft_answers
from reports.findings import Finding
from reports.loading import Definitions
from reports.reading import read_answers
from reports.states import OPEN
from service.resources import resources
from service.sections import SectionState, sections
from storage.filing.fields import fields_of
from storage.filing.reports import answers_of_last_year
from storage.tables import Field, Report, Unit


@dataclass(frozen=True)
class Draft:
    """One report with everything that is typed into it."""

    report: Report
    unit: Unit
    definition: Definition
    fields: Mapping[str, Field]
    previous: Answers | None

    @cached_property
    def answers(self) -> Answers:
        """What the fields say: totals computed, unreadable cells refused."""
        typed = {name: (field.value, field.note) for name, field in self.fields.items()}
        return draft_answers(self.definition, self.unit.name, self.report.year, typed)

    @cached_property
    def findings(self) -> Sequence[Finding]:
        """What does not hold, in reading order; blanks are among them."""
        return check_draft(self.answers, self.previous)

    @cached_property
    def sections(self) -> tuple[SectionState, ...]:
        """How far each section has come."""
        return sections(self.definition, self.answers, self.findings, self.fields)

    @property
    def open(self) -> bool:
        """Whether its state lets anybody change it."""
        return self.report.state in OPEN

    def value(self, name: str) -> str:
        """What stands in a field, as it was typed."""
        return self.fields[name].value if name in self.fields else ""

    def note(self, name: str) -> str:
        """The note that stands beside a field."""
        return self.fields[name].note if name in self.fields else ""


def draft_of(session: Session, report: Report) -> Draft:
    """Everything the form shows of a report, read in this session."""
    office = resources()
    unit = session.get_one(Unit, report.unit_id)
    definition = office.definitions[f"{report.definition}/{report.edition}"]
    said = answers_of_last_year(session, unit.id, report.definition, report.year)
    previous = None if said is None else _last_year(said, office.definitions)
    return Draft(report, unit, definition, fields_of(session, report), previous)


@lru_cache(maxsize=128)
def _last_year(said: bytes, definitions: Definitions) -> Answers:
    # What was sent in never changes, and is asked for with every save of the year after.
    return read_answers(said, definitions)
