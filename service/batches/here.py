"""The batch that an address names, for whoever may look after its campaign."""

from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from service import access
from service.collecting import campaign_here
from storage.batches import batches
from storage.people.policy import Act
from storage.tables import Batch, Campaign


def batch_here(session: Session, public_id: str) -> tuple[Campaign, Batch]:
    """The batch of that id and its campaign; NotFound when there is none, or it is another office's."""
    access.must_somewhere(Act.CAMPAIGN)
    found = batches.find_batch(session, public_id)
    campaign = session.get(Campaign, found.campaign_id) if found else None
    if found is None or campaign is None:
        raise NotFound
    # NotFound when it is another office's.
    campaign_here(session, Act.CAMPAIGN, campaign.public_id)
    return campaign, found
