"""The Celery worker: its settings with their reasons, its processes, its start and its end."""

import logging
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import structlog
from celery import Celery, signals
from celery.worker.request import Request

from reports.loading import Definitions
from storage.making import losses, presence
from storage.making.template_files import KEPT_TEMPLATES, keep_bundled
from storage.session import make_engine, session_scope
from storage.settings import Settings
from storage.tables import Lane
from workers import tasks
from workers.desk import Desk, Maker
from workers.folders import clear_folders
from workers.pipeline import Press
from workers.queue import EXAMINE, KEY_PREFIX, MAKE, SERVED_BY, message_settings

MakerFor = Callable[[Settings, Definitions, Lane], Maker]

# Not the most there is: on a machine that is busy all night, January still comes to its end.
BATCH_NICENESS = 5

log = structlog.get_logger(__name__)


def run_worker(settings: Settings, lane: Lane, concurrency: int = 1, maker_for: MakerFor = Press.from_settings) -> None:
    """Serve a lane until told to stop."""
    release_earlier_boots(settings, lane)
    definitions = Definitions(settings.template_dir)
    keep_bundled(settings.data_dir / KEPT_TEMPLATES, definitions)
    # Before the pool processes are forked: what is missing on this machine is told at the start, by name.
    maker = maker_for(settings, definitions, lane)
    queues = ",".join(served.value for served in SERVED_BY[lane])
    worker_app(settings, lane, maker).worker_main(
        [
            # No banner: the log is one object a line.
            "--quiet",
            "worker",
            f"--hostname={lane.value}@{settings.host}",
            f"--queues={queues}",
            f"--concurrency={concurrency}",
            "--pool=prefork",
            "--loglevel=INFO",
            # These three talk to other workers through Redis; ours have nothing to say to each other.
            "--without-gossip",
            "--without-mingle",
            "--without-heartbeat",
        ]
    )


def _keep_own_logging() -> None:
    """Log as every other program of ours does, and once for each job: Celery would set up a form of its own."""
    signals.setup_logging.connect(lambda **_: None, weak=False)
    # A line when a message comes and one when it is through: the job's own line says more.
    for chatty in ("celery.worker.strategy", "celery.app.trace"):
        logging.getLogger(chatty).setLevel(logging.WARNING)


def worker_app(settings: Settings, lane: Lane, maker: Maker) -> Celery:
    """The application whose pool processes each have a desk of their own."""
    _keep_own_logging()
    app = Celery("nianbao")
    app.conf.update(message_settings(settings), **worker_settings(settings))
    seat = Seat(settings, lane, maker)
    signals.worker_process_init.connect(seat.sit_down, weak=False)
    signals.worker_process_shutdown.connect(seat.stand_up, weak=False)

    def on_message(job_id: int) -> None:
        tasks.make_documents(seat.sit_down(), job_id)

    def on_template(template_id: int) -> None:
        tasks.examine_template(seat.sit_down(), template_id)

    app.task(name=MAKE, Request=Delivered)(on_message)
    app.task(name=EXAMINE, Request=Delivered)(on_template)
    return app


def _give_way(lane: Lane) -> None:
    """Let people who fill in forms on this machine go first; nobody waits for one document of a batch."""
    if lane is not Lane.PREVIEW:
        os.setpriority(os.PRIO_PROCESS, 0, max(os.getpriority(os.PRIO_PROCESS, 0), BATCH_NICENESS))


class Seat:
    """The place of a pool process, where it finds its desk; empty in the process that only manages the pool."""

    def __init__(self, settings: Settings, lane: Lane, maker: Maker) -> None:
        self._settings, self._lane, self._maker = settings, lane, maker
        self._desk: Desk | None = None

    def sit_down(self, **_: Any) -> Desk:
        """The desk of this process; asked for again with each job, in case the database was away at its start."""
        if self._desk is None:
            _give_way(self._lane)
            self._desk = Desk(self._settings, self._lane, self._maker)
        return self._desk

    def stand_up(self, **_: Any) -> None:
        """The process ends."""
        if self._desk:
            self._desk.close()


class Delivered(Request):  # type: ignore[misc]  # Celery has no types
    """A message that was handed over for good when it was taken: there is nothing to acknowledge."""

    def acknowledge(self) -> None:
        """Do without the round trip."""
        self.acknowledged = True


def worker_settings(settings: Settings) -> dict[str, Any]:
    """Celery's settings; most of them keep it from deciding what the database decides."""
    return {
        "result_backend": None,
        # A message is taken when a process is free for it, so that none waits behind a long document.
        "worker_prefetch_multiplier": 1,
        "worker_disable_prefetch": True,
        "worker_enable_remote_control": False,
        # Who was killed is taken over by the sweeper alone.
        "task_reject_on_worker_lost": False,
        "task_retry_on_worker_lost": False,
        # A net for bugs: the limits of a document are tighter, the sweeper's is wider.
        "task_soft_time_limit": settings.task_soft_seconds,
        "task_time_limit": settings.task_hard_seconds,
        # A process that is long in starting, on a busy machine or while the database is away, is not killed for it.
        "worker_proc_alive_timeout": 60.0,
        "worker_max_tasks_per_child": 200,
        "worker_max_memory_per_child": 400_000,
        "worker_soft_shutdown_timeout": 60.0,
        # The fence makes a late finish harmless, so a document begun is worth finishing.
        "worker_cancel_long_running_tasks_on_connection_loss": False,
        "worker_redirect_stdouts": False,
        "broker_connection_retry_on_startup": True,
        # By default Celery gives up for good after a hundred tries.
        "broker_connection_max_retries": None,
        "broker_transport_options": {
            "global_keyprefix": KEY_PREFIX,
            "socket_timeout": 10,
            "socket_connect_timeout": 2,
            "socket_keepalive": True,
            "health_check_interval": 25,
            "max_connections": 20,
        },
    }


def release_earlier_boots(settings: Settings, lane: Lane) -> None:
    """Take back at once what died with this machine's last worker of the lane, and clear up after it."""
    engine = make_engine(settings)
    with session_scope(engine) as session:
        gone = [worker for worker in presence.on_host(session, lane, settings.host) if not _is_running(worker.pid)]
        taken = losses.take_back_from(session, [worker.boot_id for worker in gone])
        for worker in gone:
            session.delete(worker)
        clear_folders(settings.data_dir / "work", session)
    # Pool processes are forked from this one, and a connection must not be shared with them.
    engine.dispose()
    if taken:
        log.warning("earlier_boot_released", lane=lane.value, jobs=[job.job_id for job in taken])


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        # An orphan that nobody has buried yet still answers; in a container that may be for ever.
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2]
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return not state.startswith("Z")
