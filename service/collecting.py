"""Which campaign the supervising office is looking at: the one that the address names, or its newest."""

from collections.abc import Sequence

from flask import request
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from service import access
from storage.people.policy import Act, offices_of
from storage.tables import Campaign


def campaigns_here(session: Session, act: Act = Act.REVIEW) -> Sequence[Campaign]:
    """The campaigns of the offices for which whoever is signed in does that, the newest year first."""
    access.must_somewhere(act)
    mine = select(Campaign).where(Campaign.supervisor_id.in_(offices_of(access.me(), act)))
    return session.scalars(mine.order_by(Campaign.year.desc(), Campaign.id.desc())).all()


def campaign_here(session: Session, act: Act = Act.REVIEW, public_id: str | None = None) -> Campaign | None:
    """The campaign of that id or of `?campaign=`, else the newest; NotFound when it is somebody else's.

    None when the office has none yet.
    """
    found = campaigns_here(session, act)
    wanted = public_id or request.args.get("campaign")
    if not wanted:
        return found[0] if found else None
    for campaign in found:
        if campaign.public_id == wanted:
            return campaign
    raise NotFound
