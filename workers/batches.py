"""What the sweeper does for batches: notes that one is through, and starts the one that is due each year."""

from datetime import datetime

import structlog
from sqlalchemy import Engine, select

from reports.loading import Definitions, UnknownDefinition
from storage.batches import batches, moves, timetable
from storage.clock import now
from storage.each_year import due_since
from storage.making.recipes import recipe_for
from storage.session import reading_scope, session_scope
from storage.settings import Settings
from storage.tables import Batch, Campaign, Scope

log = structlog.get_logger(__name__)


def close_batches(engine: Engine) -> None:
    """Note of every batch that is through that it is finished."""
    with reading_scope(engine) as session:
        found = [batch.id for batch in moves.through(session)]
    for id in found:
        with session_scope(engine) as session:
            batch = session.get_one(Batch, id)
            if moves.close_if_through(session, batch):
                log.info("batch_finished", batch=batch.public_id)


def start_due_batches(engine: Engine, settings: Settings) -> None:
    """Start what is due by the timetable, once for each campaign, whoever else looks at it."""
    if not settings.batch_at:
        return
    with reading_scope(engine) as session:
        since = due_since(settings.batch_at, session.scalars(select(now())).one())
        if since is None:
            return
        found = timetable.unstarted(session, since)
    for campaign in found:
        try:
            _start(engine, settings, campaign, since)
        except UnknownDefinition as error:
            log.warning("batch_not_started", campaign=campaign.public_id, reason=str(error))


def _start(engine: Engine, settings: Settings, campaign: Campaign, since: datetime) -> None:
    definitions = Definitions(settings.template_dir)
    with reading_scope(engine) as session:
        definition = definitions[f"{campaign.definition}/{campaign.edition}"]
        recipe = recipe_for(definitions, definition, session)
        lines = batches.lines_of(session, campaign, Scope.APPROVED)
    with session_scope(engine) as session:
        started = timetable.start_once(session, session.get_one(Campaign, campaign.id), since, recipe, lines)
        if started:
            log.info("batch_started", batch=started.public_id, campaign=campaign.public_id)
