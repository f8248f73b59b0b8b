"""Reminders: written down, claimed by one sender, sent once, and kept with what became of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from storage import audit
from storage.clock import now, seconds_ago, seconds_from_now
from storage.session import rows_changed
from storage.tables import Campaign, Reminder, ReminderState, Unit

# The same words to the same unit within so long are a second click, not a second reminder.
SAME_SECONDS = 15 * 60
_ON_THEIR_WAY = (ReminderState.QUEUED, ReminderState.SENDING)


@dataclass(frozen=True, slots=True)
class Letter:
    """What one unit is to be told."""

    unit: Unit
    to: Sequence[str]
    subject: str
    body: str


@dataclass(slots=True)
class Posted:
    """What was written down, and the units that were left out, for theirs is on its way or just arrived."""

    made: list[Reminder] = field(default_factory=list)
    left_out: list[Unit] = field(default_factory=list)


def post(
    session: Session, campaign: Campaign, letters: Iterable[Letter], actor: str, not_before: datetime | None = None
) -> Posted:
    """Queue one reminder for each unit that has none on its way."""
    # Locked, so that of two clicks the second finds the first one's letters.
    session.execute(select(Campaign.id).where(Campaign.id == campaign.id).with_for_update(key_share=True))
    busy, posted = _just_written(session, campaign), Posted()
    for letter in letters:
        if any(key in busy for key in ((letter.unit.id, None), (letter.unit.id, letter.subject + letter.body))):
            posted.left_out.append(letter.unit)
            continue
        one = Reminder(
            campaign_id=campaign.id,
            unit_id=letter.unit.id,
            to=" ".join(letter.to),
            subject=letter.subject,
            body=letter.body,
            made_by=actor,
        )
        if not_before is not None:
            one.not_before = not_before
        session.add(one)
        posted.made.append(one)
    if posted.made:
        session.flush()
        told = {"reminders": len(posted.made), "called": posted.made[0].subject}
        audit.record(session, actor, "reminders.queued", f"campaign:{campaign.public_id}", **told)
    return posted


def claim(session: Session) -> Reminder | None:
    """Take the next reminder that is due; whoever changes its one row has it, and nobody else."""
    due = select(Reminder.id).where(Reminder.state == ReminderState.QUEUED, Reminder.not_before <= now())
    for id_ in session.scalars(due.order_by(Reminder.not_before, Reminder.id).limit(20)).all():
        mine = update(Reminder).where(Reminder.id == id_, Reminder.state == ReminderState.QUEUED)
        taken = mine.values(state=ReminderState.SENDING, claimed_at=now(), attempts=Reminder.attempts + 1)
        if rows_changed(session, taken) == 1:
            return session.get_one(Reminder, id_, populate_existing=True)
    return None


def sent(session: Session, one: Reminder, note: str = "") -> bool:
    """The mail server has it; also of one that was given up as uncertain meanwhile. False when it is not ours."""
    return _finish(session, one, state=ReminderState.SENT, sent_at=now(), error_code=None, error=note)


def again(session: Session, one: Reminder, code: str, words: str, wait_seconds: float) -> bool:
    """Nothing was handed over; try once more after a while."""
    later = seconds_from_now(wait_seconds)
    return _finish(session, one, state=ReminderState.QUEUED, not_before=later, error_code=code, error=words)


def give_up(session: Session, one: Reminder, state: ReminderState, code: str, words: str) -> bool:
    """It failed, or nobody knows whether it arrived."""
    return _finish(session, one, state=state, error_code=code, error=words)


def take_back_stale(session: Session, seconds: float, words: str) -> int:
    """Of those whose sender has not been heard of for so long nobody knows whether they arrived."""
    stale = update(Reminder).where(Reminder.state == ReminderState.SENDING, Reminder.claimed_at < seconds_ago(seconds))
    return rows_changed(session, stale.values(state=ReminderState.UNCERTAIN, error_code="sender_lost", error=words))


def cancel(session: Session, campaign: Campaign, actor: str, public_id: str | None = None) -> int:
    """Take back what has not been sent yet: one, or everything of a campaign; how many that were."""
    waiting = update(Reminder).where(Reminder.campaign_id == campaign.id, Reminder.state == ReminderState.QUEUED)
    if public_id is not None:
        waiting = waiting.where(Reminder.public_id == public_id)
    if many := rows_changed(session, waiting.values(state=ReminderState.CANCELLED)):
        told = {"reminders": many} | ({"reminder": public_id} if public_id else {})
        audit.record(session, actor, "reminders.cancelled", f"campaign:{campaign.public_id}", **told)
    return many


def log_of(session: Session, campaign: Campaign, limit: int, offset: int = 0) -> Sequence[tuple[Reminder, Unit]]:
    """The reminders of a campaign with their units, the newest first."""
    wanted = select(Reminder, Unit).join(Unit, Unit.id == Reminder.unit_id).where(Reminder.campaign_id == campaign.id)
    return [
        (one, unit) for one, unit in session.execute(wanted.order_by(Reminder.id.desc()).limit(limit).offset(offset))
    ]


def counts(session: Session, campaign: Campaign) -> dict[ReminderState, int]:
    """How many reminders of a campaign stand where."""
    by_state = select(Reminder.state, func.count()).where(Reminder.campaign_id == campaign.id).group_by(Reminder.state)
    return {state: many for state, many in session.execute(by_state)}  # noqa: C416 - a Row is no pair to mypy


def last_of_units(session: Session, campaign: Campaign) -> dict[int, Reminder]:
    """The last reminder of each unit, by its id; one that was cancelled does not count."""
    counted = Reminder.campaign_id == campaign.id, Reminder.state != ReminderState.CANCELLED
    last = select(func.max(Reminder.id)).where(*counted).group_by(Reminder.unit_id)
    return {one.unit_id: one for one in session.scalars(select(Reminder).where(Reminder.id.in_(last)))}


def _just_written(session: Session, campaign: Campaign) -> set[tuple[int, str | None]]:
    mine = Reminder.campaign_id == campaign.id
    on_their_way = select(Reminder.unit_id).where(mine, Reminder.state.in_(_ON_THEIR_WAY))
    same = select(Reminder.unit_id, Reminder.subject + Reminder.body).where(
        mine, Reminder.state == ReminderState.SENT, Reminder.made_at > seconds_ago(SAME_SECONDS)
    )
    return {(unit, None) for unit in session.scalars(on_their_way)} | {
        (unit, text) for unit, text in session.execute(same)
    }


def _finish(session: Session, one: Reminder, **values: object) -> bool:
    # `attempts` is the fence: who claimed it later has raised it.
    open_still = Reminder.state.in_((ReminderState.SENDING, ReminderState.UNCERTAIN))
    mine = update(Reminder).where(Reminder.id == one.id, Reminder.attempts == one.attempts, open_still)
    return rows_changed(session, mine.values(**values)) == 1
