"""The web server: gunicorn, told everything here, with its log in the form of ours."""

import logging
from pathlib import Path
from typing import Any, Final

import structlog
from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger

from service import create_app
from service.journal import start_logging
from storage.settings import Settings

# One process: SQLite has one writer anyway, and /metrics tells of the process that is asked. Threads wait for the
# database and for slow downloads. More machines, or more processes behind one proxy, need nothing changed.
THREADS: Final = 8
# A document of a few megabytes to a slow client, and the transaction that is under way.
GRACE_SECONDS: Final = 30
# Between two fields that one clerk saves; a waiting connection costs no thread, a new one costs a round trip.
PAUSE_SECONDS: Final = 30


class Server(BaseApplication):  # type: ignore[misc]
    """The web of one office, listening where the settings say."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        super().__init__()

    def load_config(self) -> None:
        memory = Path("/dev/shm")  # noqa: S108
        wanted: dict[str, Any] = {
            "bind": self._settings.bind,
            "worker_class": "gthread",
            "workers": 1,
            "threads": THREADS,
            "timeout": 60,
            "graceful_timeout": GRACE_SECONDS,
            "keepalive": PAUSE_SECONDS,
            "logger_class": JournalLogger,
            # A busy disk must not look like a dead worker.
            "worker_tmp_dir": str(memory) if memory.is_dir() else None,
            # Two servers of one user would share its socket.
            "control_socket_disable": True,
        }
        for name, value in wanted.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        # Called in the worker process: a database connection does not survive a fork.
        return create_app(self._settings)


class JournalLogger(Logger):  # type: ignore[misc]
    """gunicorn's log, one structured line for each request."""

    access_log_enabled = True

    def setup(self, cfg: Any) -> None:
        start_logging()
        self.cfg = cfg
        self.error_log.propagate = True
        self.error_log.setLevel(logging.INFO)
        self._requests = structlog.get_logger("service.requests")

    def access(self, resp: Any, req: Any, environ: dict[str, Any], request_time: Any) -> None:
        headers = {name.lower(): value for name, value in resp.headers}
        self._requests.info(
            "request",
            request=headers.get("x-request-id"),
            method=environ.get("REQUEST_METHOD"),
            # Without the query: what people look for is nobody's business.
            path=environ.get("PATH_INFO"),
            status=resp.status_code,
            bytes=resp.sent,
            milliseconds=round(request_time.total_seconds() * 1000, 1),
            address=environ.get("REMOTE_ADDR"),
        )

    def reopen_files(self) -> None:
        """There are none; whoever keeps our standard output turns it over."""
