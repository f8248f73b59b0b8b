"""The one who sends reminders: takes one after the other from the database and hands it to the mail server.

Two of them harm nothing: each reminder is claimed by one UPDATE. What was handed over may have arrived even when the
server never said so; it is not sent again.
"""

import signal
from collections.abc import Mapping
from contextlib import closing
from threading import Event
from typing import Final

import structlog
from sqlalchemy.exc import DBAPIError

from reports.wording import N_
from storage.clock import now
from storage.post import reminders
from storage.post.quiet_hours import quiet_hours
from storage.session import make_engine, reading_scope, session_scope
from storage.settings import Settings
from storage.tables import Reminder, ReminderState
from workers.mail import NotDelivered, deliver, message

# Beyond the time that one message may take, before its sender is taken for dead.
MARGIN_SECONDS: Final = 60
ROUND_SECONDS: Final = 2.0
_LOST: Final = N_("发送时程序中断，不知道是否送达，没有再发。请打电话确认，需要时重新催报。")

log = structlog.get_logger(__name__)


class Post:
    """A sender at work, with its database."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._engine = make_engine(settings)
        self._quiet = quiet_hours(settings.quiet_hours)
        self._trouble = ""

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def round(self) -> bool:
        """Send one reminder, if there is one and it is not quiet; whether there was."""
        try:
            with session_scope(self._engine) as session:
                reminders.take_back_stale(session, self._settings.smtp_seconds * 2 + MARGIN_SECONDS, _LOST)
            if self._is_quiet():
                return False
            with session_scope(self._engine) as session:
                one = reminders.claim(session)
            if one is not None:
                self.send(one)
        except DBAPIError as error:
            self._tell_once(repr(error))
            return False
        self._trouble = ""
        return one is not None

    def send(self, one: Reminder) -> None:
        """Hand one claimed reminder to the mail server, and note what became of it."""
        try:
            refused = deliver(message(one, self._settings), one.to.split(), self._settings)
        except NotDelivered as trouble:
            self._note_trouble(one, trouble)
            return
        with session_scope(self._engine) as session:
            reminders.sent(session, one, _refused_words(refused))
        log.info("reminder_sent", reminder=one.public_id, attempts=one.attempts, refused=len(refused))

    def _note_trouble(self, one: Reminder, trouble: NotDelivered) -> None:
        waits = self._settings.retry_seconds
        with session_scope(self._engine) as session:
            if trouble.perhaps:
                reminders.give_up(session, one, ReminderState.UNCERTAIN, trouble.code, trouble.for_person)
            elif trouble.retry and one.attempts <= len(waits):
                reminders.again(session, one, trouble.code, trouble.for_person, waits[one.attempts - 1])
            else:
                reminders.give_up(session, one, ReminderState.FAILED, trouble.code, trouble.for_person)
        log.warning(trouble.code, reminder=one.public_id, attempts=one.attempts, reason=trouble.for_operator)

    def _is_quiet(self) -> bool:
        if self._quiet is None:
            return False
        with reading_scope(self._engine) as session:
            moment = session.scalars(now().select()).one()
        return self._quiet.until(moment) is not None

    def _tell_once(self, trouble: str) -> None:
        # A round every two seconds would fill the log during an outage.
        if trouble != self._trouble:
            log.warning("database_away", error=trouble)
        self._trouble = trouble


def run_once(settings: Settings) -> int:
    """Send everything that is due; how many were taken in hand."""
    many = 0
    with closing(Post(settings)) as post:
        while post.round():
            many += 1
    return many


def run_forever(settings: Settings) -> None:
    """Send until told to stop; a database that is away is waited for."""
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with closing(Post(settings)) as post:
        while not stop.is_set():
            if not post.round():
                stop.wait(ROUND_SECONDS)


def _refused_words(refused: Mapping[str, str]) -> str:
    return "；".join(f"{address}：{said}" for address, said in refused.items())
