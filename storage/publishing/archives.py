"""What an archive of a campaign holds: for every expected unit its documents, or the reason in words why none."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import Session

from reports.wording import _
from storage.batches.batches import EXEMPT, NOT_APPROVED, NOT_BEGUN, NOT_SENT, RETURNED, left_out
from storage.making import documents
from storage.roster.standings import Standing, standings
from storage.tables import TRIAL, Batch, BatchItem, Campaign, Document, Format, Job, JobState, Revision, Scope


@dataclass(frozen=True, slots=True)
class Holding:
    """One expected unit: the revision that counts and its documents, or why there are none."""

    standing: Standing
    revision: int | None
    job: Job | None
    documents: tuple[Document, ...]
    # "" where there are documents; else in the language that is spoken.
    reason: str

    @property
    def is_missing(self) -> bool:
        """Whether something is expected of the unit, and the archive has nothing."""
        return not self.documents and not self.standing.is_exempt

    def document(self, format: Format) -> Document | None:
        """Its document of one format."""
        return next((one for one in self.documents if one.format is format), None)


def contents(session: Session, campaign: Campaign, batch: Batch | None = None) -> Sequence[Holding]:
    """Every unit on the roster in the office's order: with what was approved, or with what a batch has made."""
    lines = standings(session, campaign)
    sent = [line.submission.revision_id for line in lines if line.submission]
    numbers = _numbers(session, sent)
    jobs = _of_batch(session, batch) if batch else _newest(session, sent)
    made = documents.of_jobs(session, [job.id for job in jobs.values()])
    return [_holding(line, batch, numbers, jobs, made) for line in lines]


def _holding(
    line: Standing,
    batch: Batch | None,
    numbers: Mapping[int, int],
    jobs: Mapping[int, Job],
    made: Mapping[int, Sequence[Document]],
) -> Holding:
    revision = line.submission.revision_id if line.submission else None
    number = None if revision is None else numbers[revision]
    if reason := left_out(line, batch.scope if batch else Scope.APPROVED):
        return Holding(line, number, None, (), _LEFT_OUT[reason](line))
    job = jobs.get(line.unit.id if batch else revision or 0)
    if job is not None and job.revision_id != revision:
        return Holding(line, number, job, (), _("这一批做好以后，报告又改过；请再生成一批。"))
    files = tuple(made.get(job.id, ())) if job else ()
    return Holding(line, number, job, files, "" if files else _why_not_made(job, batch))


def _numbers(session: Session, revisions: Collection[int]) -> Mapping[int, int]:
    # Not the rows: each holds a whole report.
    found = session.execute(select(Revision.id, Revision.number).where(Revision.id.in_(revisions)))
    return dict(found.all())


def _of_batch(session: Session, batch: Batch) -> Mapping[int, Job]:
    """The jobs of a batch by unit."""
    wanted = select(BatchItem.unit_id, Job).join(Job, Job.id == BatchItem.job_id)
    return dict(session.execute(wanted.where(BatchItem.batch_id == batch.id)).all())


def _newest(session: Session, revisions: Collection[int]) -> Mapping[int, Job]:
    """For each revision the newest job that is done, else the newest; jobs that try a template do not count."""
    real = and_(Job.revision_id.in_(revisions), Job.format != TRIAL)
    done = func.max(case((Job.state == JobState.DONE, Job.id)))
    newest = select(func.coalesce(done, func.max(Job.id))).where(real).group_by(Job.revision_id)
    found = session.scalars(select(Job).where(Job.id.in_(newest)))
    return {job.revision_id: job for job in found}


def _why_not_made(job: Job | None, batch: Batch | None) -> str:
    if job is None:
        return _("这一批开始以后才列入；请再生成一批。") if batch else _("还没有生成文件。")
    if job.state is JobState.FAILED:
        return _("文件没有生成：{reason}").format(reason=job.error_for_person or job.error_code)
    if job.state is JobState.CANCELLED:
        return _("生成已取消。")
    if job.on_hold:
        return _("生成已暂停。")
    return _("文件正在生成。")


_LEFT_OUT: Final[Mapping[str, Callable[[Standing], str]]] = {
    EXEMPT: lambda line: _("免报：{because}").format(because=line.entry.exempt_because),
    NOT_BEGUN: lambda _line: _("还没有开始填报。"),
    NOT_SENT: lambda _line: _("已经开始填报，还没有报送。"),
    RETURNED: lambda _line: _("已退回修改，还没有再报送。"),
    NOT_APPROVED: lambda _line: _("已报送，还没有审核通过。"),
}
