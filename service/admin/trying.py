"""Trials of a template: which reports it can be tried on, how they came out, and their pages beside each other."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from reports.definition import Definition
from service.admin.templates import in_force
from service.language import _
from storage.making import documents, templates, trials
from storage.making.templates import Example
from storage.making.trials import Candidate, Tally, Trial
from storage.tables import Document, Format, Job, JobState, TemplateVersion

LISTED = 200
EXAMPLE = "example"


@dataclass(frozen=True, slots=True)
class Trying:
    """Everything about the trials of one version."""

    candidates: Sequence[Candidate]
    suggested: frozenset[str]
    trials: Sequence[Trial]
    tally: Tally
    against: str
    was_tried: bool

    @property
    def waiting(self) -> bool:
        return self.tally.open > 0

    @property
    def is_large(self) -> bool:
        """A rehearsal of all reports: only what is remarkable is listed."""
        return self.tally.ordered > trials.AT_ONCE * 4

    @property
    def listed(self) -> Sequence[Trial]:
        return trials.remarkable(self.trials)[:LISTED] if self.is_large else self.trials

    @property
    def mark(self) -> str:
        """Changes whenever there is something new to show."""
        return f"{self.tally.ordered}-{self.tally.done}-{self.tally.failed}"


@dataclass(frozen=True, slots=True)
class Leaves:
    """The pages of one document; `address` with a page's number behind it is a picture."""

    name: str
    pages: int
    address: str

    def picture(self, number: int) -> str:
        return f"{self.address}/{number}.png" if number <= self.pages else ""


@dataclass(frozen=True, slots=True)
class Beside:
    """The same report by two templates."""

    title: str
    new: Leaves
    old: Leaves | None

    @property
    def numbers(self) -> range:
        return range(1, max(self.new.pages, self.old.pages if self.old else 0) + 1)

    @property
    def difference(self) -> str:
        """What is to be said of the number of pages."""
        if self.old is None:
            return _("{n} 页；没有按启用中的模板生成的文件可以对照。").format(n=self.new.pages)
        told = _("{new} 页，启用中的模板 {old} 页。") if self.new.pages != self.old.pages else _("页数相同：{new} 页。")
        return told.format(new=self.new.pages, old=self.old.pages)


def trying(session: Session, definition: Definition, row: TemplateVersion) -> Trying:
    """How the trials of a version stand."""
    found = trials.candidates(session, definition, LISTED)
    first = trials.suggested(found)
    version, name = in_force(session, definition)
    return Trying(
        [*first, *(one for one in found if one not in first)],
        frozenset(one.report_id for one in first),
        trials.trials(session, row.version, version, 5000),
        trials.tally(session, row.version),
        name,
        templates.was_tried(session, definition, row),
    )


def beside(session: Session, definition: Definition, row: TemplateVersion, job: str) -> Beside:
    """A trial beside the same report by the template in force; NotFound when there is no such trial."""
    if job == EXAMPLE:
        return _examples(session, definition, row)
    version, name = in_force(session, definition)
    for one in trials.trials(session, row.version, version, 5000):
        if one.job.public_id == job and one.job.state is JobState.DONE and one.pages:
            title = definition.heading(one.unit, one.year)
            new = Leaves(templates.name_of(row), one.pages, _of_job(row, one.job.public_id))
            # The template in force beside itself would say nothing.
            if one.other_job is None or one.other_pages is None or version == row.version:
                return Beside(title, new, None)
            return Beside(title, new, Leaves(name, one.other_pages, _of_job(row, one.other_job)))
    raise NotFound


def trial_document(session: Session, row: TemplateVersion, job: str) -> Document:
    """The PDF of a trial, or of what stands beside it; NotFound when this version was never tried on that report."""
    found = trials.find(session, row.version, job)
    pdf = _pdf(session, found) if found else None
    if pdf is None:
        raise NotFound
    return pdf


def _examples(session: Session, definition: Definition, row: TemplateVersion) -> Beside:
    drawn = templates.example_of(row)
    if drawn is None:
        raise NotFound
    new = Leaves(templates.name_of(row), drawn.pages, _of_example(row, EXAMPLE))
    return Beside(_("样例"), new, _other_example(session, definition, row))


def _other_example(session: Session, definition: Definition, row: TemplateVersion) -> Leaves | None:
    version, name = in_force(session, definition)
    if version == row.version:
        return None
    active = session.scalar(templates.of_edition(definition).where(TemplateVersion.version == version))
    other: tuple[TemplateVersion, str] = (active, EXAMPLE) if active else (row, "bundled")
    drawn: Example | None = templates.example_of(*other)
    return Leaves(name, drawn.pages, _of_example(*other)) if drawn else None


def _pdf(session: Session, job: Job) -> Document | None:
    return next((one for one in documents.of_job(session, job) if one.format is Format.PDF), None)


def _of_job(row: TemplateVersion, job: str) -> str:
    return url_for("pages.trial_page", public_id=row.public_id, job=job, number=1).rpartition("/")[0]


def _of_example(row: TemplateVersion, which: str) -> str:
    return url_for("pages.example_page", public_id=row.public_id, which=which, number=1).rpartition("/")[0]
