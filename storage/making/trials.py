"""Trials of a template on reports that were sent in: jobs like others, whose documents only administrators see."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import Session

from reports.definition import Definition
from storage import audit
from storage.making import jobs
from storage.making.jobs import Recipe
from storage.making.recipes import RENDERER_VERSION
from storage.tables import TRIAL, Document, Format, Job, JobState, Lane, Report, Revision, Submission, Unit

# A person looks at so many beside each other; more are rehearsed as a whole.
AT_ONCE: Final = 3


@dataclass(frozen=True, slots=True)
class Candidate:
    """A report that a template can be tried on: what its unit last sent in."""

    revision_id: int
    report_id: str
    unit: str
    year: int
    size: int


@dataclass(frozen=True, slots=True)
class Trial:
    """A trial on one report, and, as far as there is one, the same report by the template that is in force."""

    job: Job
    unit: str
    year: int
    pages: int | None
    other_job: str | None
    other_pages: int | None

    @property
    def grown(self) -> int | None:
        """How many pages more there are than before; None when that cannot be told."""
        return None if self.pages is None or self.other_pages is None else self.pages - self.other_pages


@dataclass(frozen=True, slots=True)
class Tally:
    """How a rehearsal stands."""

    ordered: int
    done: int
    failed: int

    @property
    def open(self) -> int:
        return self.ordered - self.done - self.failed


def candidates(session: Session, definition: Definition, limit: int | None = None) -> Sequence[Candidate]:
    """The reports of this edition that count, the longest first."""
    latest = select(func.max(Submission.id)).where(Submission.withdrawn_at.is_(None)).group_by(Submission.report_id)
    size = func.length(Revision.answers)
    wanted = (
        select(Revision.id, Report.public_id, Unit.name, Report.year, size)
        .join(Report, Report.id == Revision.report_id)
        .join(Unit, Unit.id == Report.unit_id)
        .join(Submission, and_(Submission.revision_id == Revision.id, Submission.id.in_(latest)))
        .where(Report.definition == definition.id, Report.edition == definition.edition)
        .order_by(size.desc(), Revision.id)
    )
    return [Candidate(*row) for row in session.execute(wanted.limit(limit) if limit else wanted)]


def suggested(found: Sequence[Candidate]) -> Sequence[Candidate]:
    """The longest, one of the middle, the shortest."""
    places = dict.fromkeys((0, len(found) // 2, len(found) - 1))
    return [found[at] for at in places if 0 <= at < len(found)]


def order(
    session: Session, version: str, name: str, chosen: Collection[Candidate], lane: Lane, actor: str
) -> Sequence[Job]:
    """Have these reports made by a template, for a look; what was made before is taken as it is."""
    ordered = [_order(session, version, one.revision_id, lane) for one in chosen]
    audit.record(session, actor, "template.tried", f"template:{name}", reports=len(ordered), lane=lane.value)
    return ordered


def _order(session: Session, version: str, revision_id: int, lane: Lane) -> Job:
    recipe = Recipe(version, RENDERER_VERSION, TRIAL)
    return jobs.order(session, session.get_one(Revision, revision_id), recipe, lane)


def compare(session: Session, version: str, chosen: Collection[Candidate]) -> Sequence[Job]:
    """Have these reports made by the template that is in force as well, where its documents are not there."""
    known = _made_by(session, version, [one.revision_id for one in chosen])
    return [_order(session, version, one.revision_id, Lane.PREVIEW) for one in chosen if one.revision_id not in known]


def trials(session: Session, version: str, in_force: str, limit: int) -> Sequence[Trial]:
    """The trials of a template, the last ordered first."""
    wanted = _of_version(version, Job, Unit.name, Report.year).order_by(Job.id.desc()).limit(limit)
    rows = session.execute(wanted).all()
    revisions = [job.revision_id for job, _, _ in rows]
    mine, others = _made_by(session, version, revisions, TRIAL), _made_by(session, in_force, revisions)
    nothing = (None, None)
    return [
        Trial(job, unit, year, mine.get(job.revision_id, nothing)[1], *others.get(job.revision_id, nothing))
        for job, unit, year in rows
    ]


def tally(session: Session, version: str) -> Tally:
    """How many reports a template was or is to be tried on."""
    counted = _of_version(version, Job.state, func.count()).group_by(Job.state)
    numbers: dict[JobState, int] = {row[0]: row[1] for row in session.execute(counted)}
    return Tally(sum(numbers.values()), numbers.get(JobState.DONE, 0), numbers.get(JobState.FAILED, 0))


def remarkable(found: Sequence[Trial]) -> Sequence[Trial]:
    """Those worth a look: failed ones first, then those with the largest difference in pages."""
    failed = [one for one in found if one.job.state is JobState.FAILED]
    other = [one for one in found if one.grown]
    return [*failed, *sorted(other, key=lambda one: -abs(one.grown or 0))]


def find(session: Session, version: str, public_id: str) -> Job | None:
    """A job whose pages may be looked at beside a trial of this template: the trial itself, or its counterpart."""
    tried = select(Job.revision_id).where(Job.template_version == version, Job.format == TRIAL)
    return session.scalar(select(Job).where(Job.public_id == public_id, Job.revision_id.in_(tried)))


def _of_version(version: str, *wanted: Any) -> Select[Any]:
    return (
        select(*wanted)
        .select_from(Job)
        .join(Revision, Revision.id == Job.revision_id)
        .join(Report, Report.id == Revision.report_id)
        .join(Unit, Unit.id == Report.unit_id)
        .where(Job.template_version == version, Job.format == TRIAL)
    )


def _made_by(
    session: Session, version: str, revisions: Collection[int], format: str | None = None
) -> Mapping[int, tuple[str, int]]:
    """By revision: a job of this template that has made its documents, and how many pages they have."""
    same = and_(Document.job_id == Job.id, Document.fence == Job.fence, Document.format == Format.PDF)
    made = (
        select(Job.revision_id, Job.public_id, Document.pages)
        .join(Document, same)
        .where(Job.template_version == version, Job.state == JobState.DONE, Job.revision_id.in_(list(revisions)))
    )
    if format:
        made = made.where(Job.format == format)
    return {revision: (job, pages) for revision, job, pages in session.execute(made.order_by(Job.id))}
