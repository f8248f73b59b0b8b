"""Batches: the documents of a campaign ordered together, one line for every unit that is expected."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from reports.states import ReportState
from reports.wording import _
from storage import audit
from storage.batches.moves import OPEN, close_if_through, lock_campaign
from storage.batches.progress import Progress, progress
from storage.making import jobs
from storage.making.jobs import Recipe
from storage.roster.standings import Standing, standings
from storage.session import rows_changed
from storage.tables import Batch, BatchItem, Campaign, Job, JobState, Lane, Scope

__all__ = ["LEFT_OUT", "BatchOpen", "Forecast", "Line", "Progress", "forecasts", "lines_of", "progress", "start"]

EXEMPT, NOT_BEGUN, NOT_SENT, RETURNED, NOT_APPROVED = "exempt", "not_begun", "not_sent", "returned", "not_approved"
# Why a unit has no documents in a batch, those first about which most can be done.
LEFT_OUT: Final = (NOT_APPROVED, RETURNED, NOT_SENT, NOT_BEGUN, EXEMPT)
_AT_REST: Final = (JobState.FAILED, JobState.CANCELLED)


class BatchOpen(Exception):
    """Another batch of the campaign is running or paused."""

    code = "batch_open"

    def __init__(self, batch: Batch) -> None:
        # Not the row itself, which is gone with its transaction.
        self.public_id, self.number = batch.public_id, batch.number
        self.for_person = _("第 {n} 批还没有完成，不能另开一批。请等它完成，或先取消。").format(n=batch.number)
        self.for_operator = f"batch {batch.public_id} is {batch.state}"
        super().__init__(self.for_operator)


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a batch would do if it started now."""

    total: int
    reused: int
    left_out: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Line:
    """One expected unit: the revision to be made, or why there is none."""

    unit_id: int
    revision_id: int | None
    left_out: str | None


def lines_of(session: Session, campaign: Campaign, scope: Scope) -> Sequence[Line]:
    """Every expected unit in the order of the list. Costs nobody a wait when it is read beforehand, by a reader."""
    return [_line(standing, left_out(standing, scope)) for standing in standings(session, campaign)]


def start(
    session: Session,
    campaign: Campaign,
    scope: Scope,
    recipe: Recipe,
    actor: str,
    lines: Sequence[Line] | None = None,
) -> Batch:
    """Order the documents of every report that is in this scope; BatchOpen while there is another batch at work.

    What was made before after the same recipe is taken over; what had failed or was cancelled begins anew. For many
    units, let a reader find the lines: SQLite has one writer, and clerks are saving.
    """
    # Locked, so that of two who start at once the second finds the first's.
    lock_campaign(session, campaign.id)
    if (other := open_batch(session, campaign)) is not None:
        raise BatchOpen(other)
    batch = _new(session, campaign, scope, recipe, actor)
    lines = lines_of(session, campaign, scope) if lines is None else lines
    made = _ordered(session, [line.revision_id for line in lines if line.revision_id], recipe)
    items = [_item(batch, line, made) for line in lines]
    if items:
        session.execute(_insert(session, BatchItem), items)
    counted = {"jobs": len(made), "reused": sum(one["reused"] for one in items), "left_out": len(items) - len(made)}
    told = {"scope": scope.value, **recipe.key, **counted}
    audit.record(session, actor, "batch.started", f"batch:{batch.public_id}", **told)
    close_if_through(session, batch)
    return batch


def forecasts(session: Session, campaign: Campaign, recipe: Recipe) -> Mapping[Scope, Forecast]:
    """What `start` would find, for each scope."""
    found = standings(session, campaign)
    by_scope = {scope: [_line(one, left_out(one, scope)) for one in found] for scope in Scope}
    revisions = {line.revision_id for lines in by_scope.values() for line in lines if line.revision_id}
    known = _known(session, revisions, recipe)
    return {scope: _forecast(lines, known) for scope, lines in by_scope.items()}


def left_out(line: Standing, scope: Scope) -> str:
    """Why there are no documents of a unit in this scope; "" when there are."""
    if line.submission is not None and (line.is_approved or (line.has_filed and scope is Scope.SENT)):
        return ""
    if line.is_exempt:
        return EXEMPT
    if line.report is None:
        return NOT_BEGUN
    if line.report.state is ReportState.RETURNED:
        return RETURNED
    if line.has_filed:
        return NOT_APPROVED
    is_blank = line.report.state is ReportState.DRAFT and line.report.started is None
    return NOT_BEGUN if is_blank else NOT_SENT


def find_batch(session: Session, public_id: str) -> Batch | None:
    """The batch of that public id."""
    return session.scalar(select(Batch).where(Batch.public_id == public_id))


def open_batch(session: Session, campaign: Campaign) -> Batch | None:
    """The batch of a campaign that is running or paused."""
    return session.scalar(select(Batch).where(Batch.campaign_id == campaign.id, Batch.state.in_(OPEN)))


def batches_of(session: Session, campaign: Campaign) -> Sequence[Batch]:
    """The batches of a campaign, the last first."""
    mine = select(Batch).where(Batch.campaign_id == campaign.id)
    return session.scalars(mine.order_by(Batch.number.desc())).all()


def _new(session: Session, campaign: Campaign, scope: Scope, recipe: Recipe, actor: str) -> Batch:
    last = session.scalar(select(func.max(Batch.number)).where(Batch.campaign_id == campaign.id)) or 0
    batch = Batch(campaign_id=campaign.id, number=last + 1, scope=scope, **recipe.key, started_by=actor)
    session.add(batch)
    session.flush()
    return batch


def _line(standing: Standing, reason: str) -> Line:
    revision = standing.submission.revision_id if standing.submission and not reason else None
    return Line(standing.unit.id, revision, reason or None)


def _forecast(lines: Sequence[Line], known: Mapping[int, tuple[int, JobState]]) -> Forecast:
    wanted = [line.revision_id for line in lines if line.revision_id]
    counted = Counter(line.left_out for line in lines)
    reused = sum(one in known and known[one][1] is JobState.DONE for one in wanted)
    return Forecast(len(wanted), reused, {reason: counted[reason] for reason in LEFT_OUT if reason in counted})


def _known(session: Session, revisions: Collection[int], recipe: Recipe) -> dict[int, tuple[int, JobState]]:
    """The jobs there are after this recipe, by revision: number and state."""
    same = select(Job.revision_id, Job.id, Job.state).filter_by(**recipe.key)
    mine = same.where(Job.revision_id.in_(list(revisions)))
    return {revision: (id_, state) for revision, id_, state in session.execute(mine)}


def _ordered(session: Session, revisions: Collection[int], recipe: Recipe) -> dict[int, tuple[int, JobState]]:
    """The job of each revision, and how it stood before this batch."""
    known = _known(session, revisions, recipe)
    missing = [one for one in revisions if one not in known]
    if missing:
        # A clerk may order the same at this moment.
        new = [{"revision_id": one, **recipe.key, "lane": Lane.BATCH} for one in missing]
        session.execute(_insert(session, Job).on_conflict_do_nothing(), new)
        known |= _known(session, missing, recipe)
    _wake(session, [id_ for id_, state in known.values() if state not in (JobState.DONE, JobState.RUNNING)])
    return known


def _wake(session: Session, job_ids: Collection[int]) -> None:
    """Let begin anew what had failed or was cancelled, and go on what an earlier batch had on hold."""
    at_rest = update(Job).where(Job.id.in_(list(job_ids)), Job.state.in_(_AT_REST))
    rows_changed(session, at_rest.values(**jobs.anew(), lane=Lane.BATCH))
    held = update(Job).where(Job.id.in_(list(job_ids)), Job.on_hold)
    rows_changed(session, held.values(on_hold=False))


def _item(batch: Batch, line: Line, made: Mapping[int, tuple[int, JobState]]) -> dict[str, Any]:
    job_id, state = made[line.revision_id] if line.revision_id else (None, None)
    told = {"batch_id": batch.id, "unit_id": line.unit_id, "job_id": job_id, "left_out": line.left_out}
    return {**told, "reused": state is JobState.DONE}


def _insert(session: Session, table: type[Job] | type[BatchItem]) -> Any:
    """An INSERT that both engines can tell to pass over what is there already."""
    postgres = session.get_bind().dialect.name == "postgresql"
    return postgresql.insert(table) if postgres else sqlite.insert(table)
