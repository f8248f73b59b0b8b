"""How the workers are told of a job: the names of queues and tasks, and the nudge after a commit.

All that the web may import of the workers. Redis only hurries things along; a nudge that is lost is given again by
the sweeper.
"""

from collections.abc import Mapping
from typing import Any, Final

import structlog
from celery import Celery
from kombu import Queue
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from sqlalchemy import event
from sqlalchemy.orm import Session

from storage.making import dispatch
from storage.session import session_scope
from storage.settings import Settings
from storage.tables import Job, Lane

MAKE = "make_documents"
EXAMINE = "examine_template"
KEY_PREFIX = "nianbao:"
# Quarantine needs no workers of its own: a batch can spare one for a while, a person who waits cannot.
SERVED_BY: Mapping[Lane, tuple[Lane, ...]] = {
    Lane.PREVIEW: (Lane.PREVIEW,),
    Lane.BATCH: (Lane.BATCH, Lane.QUARANTINE),
    Lane.QUARANTINE: (Lane.QUARANTINE,),
}
# The lanes that have workers of their own as a rule.
STAFFED: Final = (Lane.PREVIEW, Lane.BATCH)
# A connection and a push at worst, so that a web request never waits two seconds for Redis.
PATIENCE_SECONDS = 0.5

log = structlog.get_logger(__name__)


def message_settings(settings: Settings) -> dict[str, Any]:
    """What sender and worker must agree on."""
    return {
        "broker_url": settings.redis_url,
        "accept_content": ["json"],
        "task_serializer": "json",
        "task_ignore_result": True,
        # Taken is gone: a worker that cannot acknowledge, because Redis died meanwhile, would never take
        # another message (kombu 5.7), and there is nothing in one that the database does not know.
        "task_queues": [Queue(lane.value, no_ack=True) for lane in Lane],
        "task_create_missing_queues": False,
    }


def redis_address(settings: Settings) -> str:
    """Where Redis is, for a client of its own: a socket goes by another name there than among messages."""
    return settings.redis_url.replace("redis+socket://", "unix://", 1)


class JobQueue:
    """The sending end: tells workers of jobs, and gives up quickly when Redis does not answer."""

    def __init__(self, settings: Settings) -> None:
        self._sender = Celery("nianbao", set_as_current=False)
        self._sender.conf.update(
            message_settings(settings),
            # A request that waits for a free connection would wait for all who hold one.
            broker_pool_limit=100,
            broker_transport_options={
                "global_keyprefix": KEY_PREFIX,
                "socket_timeout": PATIENCE_SECONDS,
                "socket_connect_timeout": PATIENCE_SECONDS,
                "max_retries": 0,
            },
        )
        # Asked every second: a connection of its own each time would cost more than all the answers.
        self._asking = Redis.from_url(
            redis_address(settings),
            socket_timeout=PATIENCE_SECONDS,
            socket_connect_timeout=PATIENCE_SECONDS,
            # Once, for a Redis that was started again in between.
            retry=Retry(NoBackoff(), 1),
        )

    def tell(self, job_id: int, lane: Lane) -> None:
        """Put a message with the number of a job where the workers of a lane look."""
        self._sender.send_task(MAKE, args=(job_id,), queue=lane.value, retry=False)

    def tell_template(self, template_id: int) -> None:
        """Put a message with the number of a template where those look for whom people wait."""
        self._sender.send_task(EXAMINE, args=(template_id,), queue=Lane.PREVIEW.value, retry=False)

    def length(self, lane: Lane) -> int:
        """How many messages of a lane no worker has taken yet."""
        return int(self._asking.llen(f"{KEY_PREFIX}{lane.value}"))

    def close(self) -> None:
        """Let go of the connection that is kept for asking."""
        self._asking.close()

    def nudge_template_after_commit(self, session: Session, template_id: int) -> None:
        """Tell of a template as soon as it is there to be examined; if that fails, the sweeper will."""

        def nudge(_session: Session) -> None:
            try:
                self.tell_template(template_id)
            except Exception as error:
                log.warning("nudge_failed", template_id=template_id, error=repr(error))

        event.listen(session, "after_commit", nudge, once=True)

    def nudge_after_commit(self, session: Session, job: Job) -> None:
        """Tell of a job as soon as it is there to be claimed; if that fails, the sweeper will."""
        job_id, lane, engine = job.id, job.lane, session.get_bind().engine
        waiting = [job_id]

        def nudge(_session: Session) -> None:
            # The event is also sent for a savepoint, when nobody else can see the job yet.
            if session.in_nested_transaction() or not waiting:
                return
            waiting.clear()
            try:
                self.tell(job_id, lane)
                with session_scope(engine) as marking:
                    dispatch.mark_published(marking, [job_id])
            except Exception as error:
                log.warning("nudge_failed", job_id=job_id, error=repr(error))

        event.listen(session, "after_commit", nudge)
