"""A campaign with many units for stories about batches: reports that are approved, sent, returned, or not there."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from reports.states import Move
from storage.batches import batches
from storage.filing.steps import take
from storage.filing.submissions import submit
from storage.making import jobs
from storage.session import reading_scope, session_scope
from storage.tables import Batch, BatchItem, Campaign, Job, JobState, Report, Scope, Unit
from tests.orders import CLERK, RECIPE, answers_of, claimed
from tests.units import OFFICE, collect

REVIEWER = "account:limin"
# Documents of what is sent in are made at once, after another recipe than a batch of these tests.
AT_ONCE = jobs.Recipe(template_version="template-0", renderer_version="renderer-1")


def campaign_of(engine: Engine, approved: int = 0, sent: int = 0, returned: int = 0, silent: int = 0) -> Campaign:
    """A campaign of 2024 with so many units of each sort, named by their number in this order."""
    with session_scope(engine) as session:
        office = Unit(name=f"{OFFICE}{len(session.scalars(select(Unit)).all())}")
        session.add(office)
        session.flush()
        count = approved + sent + returned + silent
        units = [Unit(name=f"{office.name}第{number:04d}科", supervisor_id=office.id) for number in range(count)]
        session.add_all(units)
        session.flush()
        campaign = collect(session, office, *units, year=2024)
        for unit in units[: approved + sent + returned]:
            send(session, unit)
        move(session, units[:approved], Move.APPROVE)
        move(session, units[approved + sent : approved + sent + returned], Move.RETURN)
    return campaign


def send(session: Session, unit: Unit, overview: str = "全年主动公开政府信息14条。") -> None:
    """A clerk sends in the report of a unit; its documents are made at once, after a recipe of before."""
    submit(session, answers_of(unit.name, overview=overview), CLERK, AT_ONCE)


def move(session: Session, units: Iterable[Unit], step: Move) -> None:
    """A reviewer moves the reports of these units on."""
    for unit in units:
        report = session.scalars(select(Report).where(Report.unit_id == unit.id)).one()
        take(session, report, step, REVIEWER)


def started(engine: Engine, campaign: Campaign, scope: Scope = Scope.APPROVED, recipe: jobs.Recipe = RECIPE) -> Batch:
    """A reviewer starts a batch."""
    with session_scope(engine) as session:
        return batches.start(session, campaign, scope, recipe, REVIEWER)


def items(engine: Engine, batch: Batch) -> Sequence[BatchItem]:
    """The lines of a batch."""
    with reading_scope(engine) as session:
        return session.scalars(select(BatchItem).where(BatchItem.batch_id == batch.id).order_by(BatchItem.id)).all()


def jobs_of(engine: Engine, batch: Batch) -> list[int]:
    """The numbers of a batch's jobs."""
    return [item.job_id for item in items(engine, batch) if item.job_id]


def now_in(engine: Engine, batch: Batch) -> Batch:
    """A batch as the database has it at this moment."""
    with reading_scope(engine) as session:
        return session.get_one(Batch, batch.id)


def make(engine: Engine, job_ids: Iterable[int]) -> None:
    """A worker makes the documents of these jobs."""
    for job_id in job_ids:
        claim = claimed(engine, job_id, "worker")
        with session_scope(engine) as session:
            assert jobs.finish(session, claim, [], {"fill": 0.25, "convert": 0.5})


def fail(engine: Engine, job_ids: Iterable[int], waits: Sequence[float] = ()) -> None:
    """A worker cannot make the documents of these jobs."""
    failure = jobs.Failure("template_broken", "模板有误。", "unknown placeholder", retry=bool(waits))
    for job_id in job_ids:
        claim = claimed(engine, job_id, "worker")
        with session_scope(engine) as session:
            assert jobs.fail(session, claim, failure, waits)


def states(engine: Engine, batch: Batch) -> list[JobState]:
    """Where the jobs of a batch stand."""
    with reading_scope(engine) as session:
        mine = select(Job.state).join(BatchItem, BatchItem.job_id == Job.id).where(BatchItem.batch_id == batch.id)
        return list(session.scalars(mine.order_by(BatchItem.id)))
