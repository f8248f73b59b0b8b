"""The log: one JSON object a line, ours and the libraries' alike; to a terminal, plain lines."""

import logging
import sys
from typing import Any

import structlog
from flask import Flask

_SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.StackInfoRenderer(),
]


def set_up(_app: Flask) -> None:
    start_logging()


def start_logging() -> None:
    """Send every log line of this process to standard output; called again, it changes nothing."""
    structlog.configure(
        processors=[*_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    root = logging.getLogger()
    if any(isinstance(handler.formatter, structlog.stdlib.ProcessorFormatter) for handler in root.handlers):
        return
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(_formatter(for_people=sys.stdout.isatty()))
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    # It tells of itself whenever somebody asks whether the tables are today's.
    logging.getLogger("alembic").setLevel(logging.WARNING)


def _formatter(*, for_people: bool) -> logging.Formatter:
    # No values of variables: among them is what people typed, and passwords.
    last: list[Any] = (
        [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
        if for_people
        else [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]
    )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=_SHARED,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
    )
