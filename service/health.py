"""Is this process alive; is everything there that the service needs?"""

from typing import Any

from flask import Flask, jsonify
from flask.typing import ResponseReturnValue
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry
from sqlalchemy.exc import SQLAlchemyError

from service import access
from service.resources import resources
from storage.making import dispatch
from storage.migrations import is_current
from storage.session import reading_scope
from workers.queue import STAFFED, redis_address

REDIS_SECONDS = 1.0


def set_up(app: Flask) -> None:
    app.add_url_rule("/healthz", view_func=healthz)
    app.add_url_rule("/readyz", view_func=readyz)


@access.everybody
def healthz() -> ResponseReturnValue:
    """This process answers. Nothing else is looked at: a restart would not mend anything else."""
    return jsonify(status="ok")


@access.everybody
def readyz() -> ResponseReturnValue:
    """503 only when nothing can be kept; without Redis or workers reports are still taken in, and wait."""
    database = _database()
    ready = database == "ok"
    parts: dict[str, Any] = {"database": database, "redis": _redis()}
    parts["workers"] = _workers() if ready else {}
    fine = ready and parts["redis"] == "ok" and all(parts["workers"].values())
    status = "ok" if fine else "degraded" if ready else "unavailable"
    return jsonify(status=status, **parts), 200 if ready else 503


def _database() -> str:
    try:
        return "ok" if is_current(resources().engine) else "not migrated: run `nianbao migrate`"
    except SQLAlchemyError as error:
        return f"unreachable: {type(error).__name__}"


def _redis() -> str:
    url = redis_address(resources().settings)
    patience = {"socket_timeout": REDIS_SECONDS, "socket_connect_timeout": REDIS_SECONDS}
    try:
        with Redis.from_url(url, retry=Retry(NoBackoff(), 0), **patience) as redis:
            redis.ping()
    except (RedisError, OSError) as error:
        return f"unreachable: {type(error).__name__}"
    return "ok"


def _workers() -> dict[str, int]:
    with reading_scope(resources().engine) as session:
        stale = resources().settings.stale_seconds
        return {lane.value: dispatch.slots(session, [lane], stale) for lane in STAFFED}
