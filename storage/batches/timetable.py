"""The batch that starts by itself each year: for which campaigns it is due, and that it is started once."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from storage.batches import batches
from storage.batches.moves import OPEN, lock_campaign
from storage.each_year import CHINA
from storage.making.jobs import Recipe
from storage.tables import Batch, Campaign, Scope

ACTOR: Final = "program:timetable"


def unstarted(session: Session, since: datetime) -> Sequence[Campaign]:
    """The open campaigns of the year before, of which no batch was at work since then."""
    year = since.astimezone(CHINA).year - 1
    at_work = select(Batch.campaign_id).where(_at_work(since))
    mine = select(Campaign).where(Campaign.year == year, Campaign.closed_at.is_(None), Campaign.id.not_in(at_work))
    return session.scalars(mine.order_by(Campaign.id)).all()


def start_once(
    session: Session, campaign: Campaign, since: datetime, recipe: Recipe, lines: Sequence[batches.Line]
) -> Batch | None:
    """Start the batch that became due then; None when somebody else has, or a person was faster."""
    lock_campaign(session, campaign.id)
    if session.scalar(select(Batch.id).where(Batch.campaign_id == campaign.id, _at_work(since))) is not None:
        return None
    return batches.start(session, campaign, Scope.APPROVED, recipe, ACTOR, lines)


def _at_work(since: datetime) -> ColumnElement[bool]:
    return or_(Batch.state.in_(OPEN), Batch.started_at >= since, Batch.finished_at >= since)
