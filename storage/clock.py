"""The database's own clock, so that machines whose clocks differ agree about who is late."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, literal
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator


class Utc(TypeDecorator[datetime]):
    """A moment in UTC: a timestamp with time zone, or text where the database has none."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class _Now(FunctionElement[datetime]):
    """This moment, plus as many seconds as the one argument says."""

    type = Utc()
    inherit_cache = True


def now() -> ColumnElement[datetime]:
    return seconds_from_now(0)


def seconds_from_now(seconds: float) -> ColumnElement[datetime]:
    return _Now(literal(float(seconds)))


def seconds_ago(seconds: float) -> ColumnElement[datetime]:
    return seconds_from_now(-seconds)


@compiles(_Now, "postgresql")
def _on_postgresql(element: _Now, compiler: Any, **options: Any) -> str:
    # now() stands still during a transaction that waits for a lock; a lease must not.
    return f"(clock_timestamp() + make_interval(secs => {compiler.process(element.clauses, **options)}))"


@compiles(_Now, "sqlite")
def _on_sqlite(element: _Now, compiler: Any, **options: Any) -> str:
    seconds = compiler.process(element.clauses, **options)
    # Three more digits make the text the same length as SQLAlchemy's own, so that text order is time order.
    return f"strftime('%Y-%m-%d %H:%M:%f000', 'now', {seconds} || ' seconds')"
