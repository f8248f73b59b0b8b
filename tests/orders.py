"""A clerk's answers, and jobs ordered from them: what most stories about storage and workers begin with."""

from datetime import timedelta

from sqlalchemy import Engine, update

from reports.answers import Answers
from storage.clock import now
from storage.filing.submissions import submit
from storage.making import jobs, presence
from storage.making.jobs import Claim, Recipe
from storage.making.presence import Badge
from storage.making.recipes import bundled_version
from storage.session import session_scope
from storage.tables import Job, Lane, Worker
from tests.people import ARCHIVES, DEFINITIONS, annual, but, nil_return, read

CLERK = "clerk:王芳"
RECIPE = Recipe(bundled_version(DEFINITIONS, annual()), renderer_version="renderer-1")


def answers_of(unit: str = ARCHIVES, *, year: int = 2024, overview: str = "全年主动公开政府信息14条。") -> Answers:
    """A nil return, with one sentence to choose."""
    return read(but(nil_return(unit, year), texts={"overview.proactive": overview}))


def ordered(engine: Engine, unit: str = ARCHIVES, lane: Lane = Lane.PREVIEW) -> int:
    """A clerk submits; the number of the job that makes the documents."""
    with session_scope(engine) as session:
        return submit(session, answers_of(unit), CLERK, RECIPE, lane).job.id


def arrived(engine: Engine, name: str, lane: Lane = Lane.BATCH) -> Badge:
    """A worker comes to work."""
    badge = Badge(boot_id=name, lane=lane, host="office", pid=1)
    with session_scope(engine) as session:
        presence.arrive(session, badge)
    return badge


def fall_silent(engine: Engine, boot_id: str, seconds: float = 60) -> None:
    """As if a worker had not been heard for so long, by the database's clock."""
    with session_scope(engine) as session:
        heard = session.scalars(now().select()).one() - timedelta(seconds=seconds)
        session.execute(update(Worker).where(Worker.boot_id == boot_id).values(heartbeat_at=heard))


def claimed(engine: Engine, job_id: int, owner: str) -> Claim:
    """A worker takes a job that is free."""
    with session_scope(engine) as session:
        claim = jobs.claim(session, job_id, owner)
    assert claim is not None
    return claim


def job_now(engine: Engine, job_id: int) -> Job:
    """A job as the database has it at this moment."""
    with session_scope(engine) as session:
        return session.get_one(Job, job_id)
