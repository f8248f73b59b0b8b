"""Last year's reports of the invented district become public as soon as their documents are made."""

import time
from datetime import date, datetime
from datetime import time as hour
from random import Random
from typing import Final

from sqlalchemy import Engine, select, update
from sqlalchemy.exc import SQLAlchemyError

from service.demo.district import district
from service.demo.people import ANYBODY
from service.demo.roster import CHINA
from service.publishing import Board, Place, board, publish_chosen
from storage.session import make_engine, reading_scope, session_scope
from storage.settings import Settings
from storage.tables import Campaign, Publication, Unit

_AGAIN_SECONDS: Final = 5
# There is always one; the statement of the district shall have something to tell.
_LATE: Final = "云溪区投资促进局"


class Opening:
    """Looks again now and then, until everything of last year's is public; called by whoever watches the service."""

    def __init__(self, settings: Settings) -> None:
        self._engine = make_engine(settings)
        self._due = 0.0
        self.done = False

    def __call__(self) -> bool:
        """Always False: that all is public is no reason to stop the service."""
        if not self.done and time.monotonic() >= self._due:
            try:
                self.done = self._open()
            except SQLAlchemyError:
                # Somebody writes; it is tried again.
                self.done = False
            self._due = time.monotonic() + _AGAIN_SECONDS
            if self.done:
                self._engine.dispose()
        return False

    def _open(self) -> bool:
        told = _last_year(self._engine)
        if told is None:
            return True
        ready = [row.report for row in told.at(Place.READY) if row.report]
        made = publish_chosen(self._engine, [report.id for report in ready], ANYBODY)
        with session_scope(self._engine) as session:
            for one in made:
                if one.publication:
                    name = session.get_one(Unit, one.report.unit_id).name
                    on = update(Publication).where(Publication.id == one.publication.id)
                    session.execute(on.values(published_at=_day(told.campaign, name)))
        return not told.at(Place.WAITING)


def _last_year(engine: Engine) -> Board | None:
    with reading_scope(engine) as session:
        office = select(Unit.id).where(Unit.name == district().office)
        past = select(Campaign).where(Campaign.supervisor_id.in_(office), Campaign.closed_at.is_not(None))
        campaign = session.scalar(past.order_by(Campaign.year.desc()).limit(1))
        return board(session, campaign, campaign.publish_by) if campaign else None


def _day(campaign: Campaign, unit: str) -> datetime:
    """A day in January, or, for one unit, one too late."""
    year, dice = campaign.year + 1, Random(unit)
    day = date(year, 2, 2) if unit == _LATE else date(year, 1, dice.randint(24, 31))
    return datetime.combine(day, hour(9, dice.randint(10, 50)), CHINA)
