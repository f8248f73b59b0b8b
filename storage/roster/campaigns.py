"""Campaigns: one year's collection by one office, the units it expects reports of, and until when."""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from reports.definition import Definition
from reports.wording import _
from storage import audit
from storage.clock import now
from storage.session import rows_changed
from storage.tables import Campaign, RosterEntry, Unit


class CampaignExists(Exception):
    """The office already collects this kind of report for this year."""

    code = "campaign_exists"

    def __init__(self, office: str, year: int) -> None:
        self.for_person = _("“{office}”已经建立过{year}年度的填报，不能再建一次。").format(office=office, year=year)
        self.for_operator = f"campaign of {office!r} for {year} exists"
        super().__init__(self.for_person)


def open_campaign(
    session: Session,
    office: Unit,
    definition: Definition,
    year: int,
    due_on: date,
    publish_by: date,
    units: Iterable[Unit],
    actor: str,
) -> Campaign:
    """Begin to collect reports of these units; CampaignExists when the office has begun before."""
    key = {"supervisor_id": office.id, "definition": definition.id, "year": year}
    # Locked, so that of two who begin at once the second finds the first's.
    session.execute(select(Unit.id).where(Unit.id == office.id).with_for_update(key_share=True))
    if session.scalar(select(Campaign.id).filter_by(**key)) is not None:
        raise CampaignExists(office.name, year)
    campaign = Campaign(**key, edition=definition.edition, due_on=due_on, publish_by=publish_by)
    session.add(campaign)
    session.flush()
    roster = [RosterEntry(campaign_id=campaign.id, unit_id=unit.id) for unit in units]
    session.add_all(roster)
    session.flush()
    subject, told = f"campaign:{campaign.public_id}", {"year": year, "units": len(roster), "due_on": due_on.isoformat()}
    audit.record(session, actor, "campaign.opened", subject, **told)
    return campaign


def close_campaign(session: Session, campaign: Campaign, actor: str) -> bool:
    """Begin no more reports; what has begun can be finished. False when it was closed already."""
    open_still = update(Campaign).where(Campaign.id == campaign.id, Campaign.closed_at.is_(None))
    if rows_changed(session, open_still.values(closed_at=now())) != 1:
        return False
    session.refresh(campaign, ["closed_at"])
    audit.record(session, actor, "campaign.closed", f"campaign:{campaign.public_id}")
    return True


def find_campaign(session: Session, public_id: str) -> Campaign | None:
    """The campaign of that public id."""
    return session.scalar(select(Campaign).where(Campaign.public_id == public_id))


def campaigns_for(session: Session, unit_ids: Iterable[int]) -> Sequence[tuple[Campaign, RosterEntry]]:
    """The open campaigns that concern these units, the newest year first, with each unit's place on the roster."""
    wanted = (
        select(Campaign, RosterEntry)
        .join(RosterEntry, RosterEntry.campaign_id == Campaign.id)
        .where(RosterEntry.unit_id.in_(list(unit_ids)), Campaign.closed_at.is_(None))
        .order_by(Campaign.year.desc(), Campaign.id, RosterEntry.id)
    )
    return [(campaign, entry) for campaign, entry in session.execute(wanted)]


def expected(session: Session, unit: Unit) -> Sequence[tuple[Campaign, RosterEntry]]:
    """The open campaigns that concern one unit."""
    return campaigns_for(session, [unit.id])


def due_of(campaign: Campaign, entry: RosterEntry | None) -> date:
    """The last day on which a unit is in time: its own later one, or everybody's."""
    return (entry.extended_to if entry else None) or campaign.due_on
