"""Sign-ins that fail are counted by name and address together, so that nobody can lock others out by their names."""

import hashlib
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, and_, delete, func, select
from sqlalchemy.orm import Session

from storage.clock import now, seconds_ago
from storage.people.accounts import login_of
from storage.tables import LoginFailure

LOCK_SECONDS: Final = 15 * 60
# How long to wait after so many failures; after the last, until the lock ends.
WAITS: Final = (0, 0, 0, 5, 15, LOCK_SECONDS)
# A whole office may come from one address; who tries names in turn is stopped all the same.
MOST_FROM_ADDRESS: Final = 60
_KEPT_SECONDS: Final = 24 * 60 * 60


def admit(session: Session, login: str, address: str) -> datetime | None:
    """Count an attempt as failed until it succeeds; when it comes too early, the moment from which it may be made."""
    _one_at_a_time(session, login, address)
    if until := _closed_until(session, login, address):
        return until
    session.execute(delete(LoginFailure).where(LoginFailure.at < seconds_ago(_KEPT_SECONDS)))
    session.add(LoginFailure(login_sha256=_digest(login), address=address))
    session.flush()
    return None


def forgive(session: Session, login: str, address: str) -> None:
    """Forget the failures of a name at an address: it was the right person after all."""
    session.execute(delete(LoginFailure).where(_pair(login, address)))


def failures(session: Session, login: str, address: str) -> int:
    """How often this name failed at this address of late."""
    recent = select(func.count()).select_from(LoginFailure).where(_pair(login, address), _recent())
    return session.scalars(recent).one()


def _closed_until(session: Session, login: str, address: str) -> datetime | None:
    count, last, moment = session.execute(
        select(func.count(), func.max(LoginFailure.at), now()).where(_pair(login, address), _recent())
    ).one()
    closed = [last + timedelta(seconds=WAITS[min(count, len(WAITS) - 1)])] if last else []
    of_address = select(LoginFailure.at).where(LoginFailure.address == address, _recent())
    crowd = session.scalar(of_address.order_by(LoginFailure.at.desc()).offset(MOST_FROM_ADDRESS - 1).limit(1))
    closed += [crowd + timedelta(seconds=LOCK_SECONDS)] if crowd else []
    return max((one for one in closed if one > moment), default=None)


def _one_at_a_time(session: Session, login: str, address: str) -> None:
    # SQLite has one writer anyway.
    if session.get_bind().dialect.name == "postgresql":
        number = int.from_bytes(hashlib.sha256(f"{_digest(login)} {address}".encode()).digest()[:8], signed=True)
        session.execute(select(func.pg_advisory_xact_lock(number)))


def _pair(login: str, address: str) -> ColumnElement[bool]:
    return and_(LoginFailure.login_sha256 == _digest(login), LoginFailure.address == address)


def _recent() -> ColumnElement[bool]:
    return LoginFailure.at > seconds_ago(LOCK_SECONDS)


def _digest(login: str) -> str:
    return hashlib.sha256(login_of(login).encode()).hexdigest()
