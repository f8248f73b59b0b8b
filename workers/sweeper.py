"""The one who looks after jobs: tells workers of those that wait, takes back what dead workers hold.

It decides nothing that two sweepers could not decide at the same time: every step is one conditional UPDATE.
"""

import signal
from contextlib import closing
from datetime import datetime
from threading import Event
from time import monotonic

import structlog
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from storage.clock import now
from storage.making import dispatch, losses, presence, templates
from storage.making.losses import Lost
from storage.people import idleness
from storage.session import make_engine, reading_scope, session_scope
from storage.settings import Settings
from storage.tables import JobState, Lane
from workers.batches import close_batches, start_due_batches
from workers.folders import clear_folders
from workers.queue import SERVED_BY, JobQueue

FORGET_SECONDS = 3600
REST_SECONDS = 3600

log = structlog.get_logger(__name__)


class Sweeper:
    """A sweeper at work, with its database and its queue."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._engine = make_engine(settings)
        self._queue = JobQueue(settings)
        self._next_sweep = self._last_round = monotonic()
        self._trouble = ""
        # When workers were last told of a template that nobody has examined.
        self._told: dict[int, float] = {}
        self._next_rest = monotonic()
        self._clock: tuple[datetime, float] | None = None

    def round(self) -> None:
        """Dispatch, and sweep when it is time; whatever is away is back another time."""
        self._notice_own_absence()
        try:
            if self._clock_has_jumped():
                # Everybody seems to have been silent for hours, or to be heard hours from now.
                self._give_workers_time()
            if monotonic() >= self._next_sweep:
                self._next_sweep = monotonic() + self._settings.sweep_seconds
                self.sweep()
                self.remind_of_templates()
                self.rest_idle_accounts()
            self.dispatch()
        except DBAPIError as error:
            self._tell_once("database_away", error)
            self._give_workers_time()
        except Exception as error:
            self._tell_once("dispatch_failed", error)
        else:
            self._trouble = ""

    def _tell_once(self, trouble: str, error: Exception) -> None:
        # A round a second would fill the log during an outage.
        if trouble != self._trouble:
            log.warning(trouble, error=repr(error))
        self._trouble = trouble

    def _notice_own_absence(self) -> None:
        if monotonic() - self._last_round > self._settings.stale_seconds:
            self._give_workers_time()
        self._last_round = monotonic()

    def _clock_has_jumped(self) -> bool:
        """Whether the database's clock has gone otherwise than time since the last look at both."""
        with reading_scope(self._engine) as session:
            clock, counted = session.scalars(select(now())).one(), monotonic()
        before, self._clock = self._clock, (clock, counted)
        if before is None:
            return False
        gone, passed = (clock - before[0]).total_seconds(), counted - before[1]
        jumped = abs(gone - passed) > self._settings.stale_seconds / 2
        if jumped:
            log.warning("clock_jumped", seconds=round(gone - passed))
        return jumped

    def _give_workers_time(self) -> None:
        # Who could not be heard while nobody could is not dead: let every heart beat once before judging.
        self._next_sweep = monotonic() + self._settings.stale_seconds

    def close(self) -> None:
        """Let go of the database and of Redis."""
        self._engine.dispose()
        self._queue.close()

    def sweep(self) -> list[Lost]:
        """Take back the jobs of silent workers and those that run for ever; clear up; look after batches."""
        stale, hard = self._settings.stale_seconds, self._settings.job_hard_seconds
        with session_scope(self._engine) as session:
            lost = losses.take_back_stale(session, stale, hard)
            presence.forget_silent(session, FORGET_SECONDS)
            clear_folders(self._settings.data_dir / "work", session)
        for job in lost:
            poisoned = job.state is JobState.FAILED
            tell = log.error if poisoned else log.warning
            tell("job_poisoned" if poisoned else "job_lost", job_id=job.job_id, losses=job.lost_count)
        close_batches(self._engine)
        start_due_batches(self._engine, self._settings)
        return lost

    def rest_idle_accounts(self) -> list[str]:
        """Once an hour: put out of force the accounts that nobody has used for long."""
        if monotonic() < self._next_rest:
            return []
        self._next_rest = monotonic() + REST_SECONDS
        with session_scope(self._engine) as session:
            rested = [account.login for account in idleness.disable_idle(session, self._settings)]
        if rested:
            log.warning("idle_accounts_disabled", accounts=len(rested))
        return rested

    def remind_of_templates(self) -> list[int]:
        """Tell workers again of templates that were handed in a while ago and that nobody has examined."""
        pause = self._settings.republish_seconds
        with reading_scope(self._engine) as session:
            waiting = templates.unexamined(session, pause)
        due = [id for id in waiting if monotonic() - self._told.get(id, float("-inf")) >= pause]
        for id in due:
            self._queue.tell_template(id)
            self._told[id] = monotonic()
        return due

    def dispatch(self) -> list[int]:
        """Tell workers of the oldest jobs that are due, a few for each lane; the rest waits in the database."""
        return [job_id for lane in Lane for job_id in self._dispatch(lane)]

    def _dispatch(self, lane: Lane) -> list[int]:
        untaken = self._queue.length(lane)
        with reading_scope(self._engine) as session:
            room = self._room(session, lane, untaken)
            due = dispatch.waiting(session, lane, self._settings.republish_seconds, max(room, 0))
        told: list[int] = []
        try:
            for job_id in due:
                self._queue.tell(job_id, lane)
                told.append(job_id)
        finally:
            if told:
                with session_scope(self._engine) as session:
                    dispatch.mark_published(session, told)
        return told

    def _room(self, session: Session, lane: Lane, untaken: int) -> int:
        if lane is Lane.QUARANTINE:
            # Alone: if a worker dies now, it is known which document did it.
            return 1 - untaken - dispatch.running(session, lane)
        servers = [serving for serving, served in SERVED_BY.items() if lane in served]
        slots = dispatch.slots(session, servers, self._settings.stale_seconds)
        return self._settings.messages_per_slot * max(slots, 1) - untaken


def run_once(settings: Settings) -> None:
    """Sweep and dispatch a single time."""
    with closing(Sweeper(settings)) as sweeper:
        sweeper.sweep()
        sweeper.remind_of_templates()
        sweeper.dispatch()


def run_forever(settings: Settings) -> None:
    """Sweep and dispatch until told to stop; a database or a Redis that is away is waited for."""
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with closing(Sweeper(settings)) as sweeper:
        while not stop.is_set():
            sweeper.round()
            stop.wait(settings.dispatch_seconds)
