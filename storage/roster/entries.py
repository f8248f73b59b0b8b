"""Changes to a campaign and its roster after it was opened: each with a reason, each on record."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from reports.states import SENT
from reports.wording import _
from storage import audit
from storage.session import find_or_add
from storage.tables import Campaign, Report, RosterEntry, Unit

_LONGEST_REASON = 500
# An extension of more than a year is a slip of the finger.
_FARTHEST = timedelta(days=366)


class RosterNotChanged(ValueError):
    """What was asked of a campaign or its roster cannot be; what is wrong, by field."""

    code = "roster_not_changed"

    def __init__(self, problems: dict[str, str]) -> None:
        self.problems = problems
        self.for_person = "".join(problems.values())
        super().__init__(self.for_person)


def contradictions(year: int, due_on: date, publish_by: date) -> dict[str, str]:
    """What cannot be about the days of a campaign, by field."""
    wrong = {}
    if due_on <= date(year, 12, 31):
        wrong["due_on"] = _("{year}年度还没有结束，报送截止日应在{next}年1月1日以后。").format(year=year, next=year + 1)
    if publish_by < due_on:
        wrong["publish_by"] = _("公布截止日早于报送截止日，请核对。")
    elif publish_by > due_on + _FARTHEST:
        wrong["publish_by"] = _("公布截止日比报送截止日晚了一年以上，请核对。")
    return wrong


def doubts(year: int, due_on: date, publish_by: date, today: date) -> list[str]:
    """What may be, but should be looked at twice."""
    told, legal = [], date(year + 1, 1, 31)
    if due_on > legal:
        told.append(_("报送截止日晚于{year}年1月31日。条例要求各单位在1月31日前报送并公布。").format(year=year + 1))
    elif publish_by > legal:
        told.append(_("公布截止日晚于{year}年1月31日。条例要求各单位在1月31日前公布。").format(year=year + 1))
    if due_on < today:
        told.append(_("报送截止日已经过去，没有报送的单位一开始就是逾期。"))
    return told


def entry_of(session: Session, campaign: Campaign, unit: Unit) -> RosterEntry | None:
    """A unit's place on the roster."""
    return session.scalar(select(RosterEntry).filter_by(campaign_id=campaign.id, unit_id=unit.id))


def expect_too(session: Session, campaign: Campaign, unit: Unit, because: str, actor: str) -> RosterEntry:
    """Add a unit to a roster that was frozen; the reason stays beside it."""
    because = _reason(campaign, because)
    if unit.ended_on is not None:
        raise RosterNotChanged({"unit": _("“{name}”已经撤销，不能列入。").format(name=unit.name)})
    if entry_of(session, campaign, unit) is not None:
        raise RosterNotChanged({"unit": _("“{name}”已经在名单里。").format(name=unit.name)})
    wanted = select(RosterEntry).filter_by(campaign_id=campaign.id, unit_id=unit.id)
    entry = find_or_add(session, wanted, RosterEntry(campaign_id=campaign.id, unit_id=unit.id, added_because=because))
    _record(session, campaign, unit, actor, "roster.added", because=because)
    return entry


def exempt(session: Session, campaign: Campaign, entry: RosterEntry, because: str, actor: str) -> None:
    """Nothing is expected of a unit any more, and everybody can read why."""
    because, unit = _reason(campaign, because), session.get_one(Unit, entry.unit_id)
    if _has_filed(session, campaign, unit):
        sentence = _("“{name}”已经报送，不能免报。要撤下它的报告，请先退回。")
        raise RosterNotChanged({"because": sentence.format(name=unit.name)})
    entry.exempt_because = because
    _record(session, campaign, unit, actor, "roster.exempted", because=because)


def expect_again(session: Session, campaign: Campaign, entry: RosterEntry, actor: str) -> bool:
    """Take an exemption back; False when there is none."""
    _must_be_open(campaign)
    if entry.exempt_because is None:
        return False
    before, entry.exempt_because = entry.exempt_because, None
    _record(session, campaign, session.get_one(Unit, entry.unit_id), actor, "roster.expected", was=before)
    return True


def extend(session: Session, campaign: Campaign, entry: RosterEntry, to: date, because: str, actor: str) -> None:
    """Give one unit a later day, and say why."""
    because = _reason(campaign, because)
    if to <= campaign.due_on:
        refused = _("延期应晚于大家的截止日 {day}。").format(day=campaign.due_on.isoformat())
        raise RosterNotChanged({"to": refused})
    if to > campaign.due_on + _FARTHEST:
        raise RosterNotChanged({"to": _("延期超过一年，请核对。")})
    entry.extended_to, entry.extended_because = to, because
    unit = session.get_one(Unit, entry.unit_id)
    _record(session, campaign, unit, actor, "roster.extended", to=to.isoformat(), because=because)


def end_extension(session: Session, campaign: Campaign, entry: RosterEntry, actor: str) -> bool:
    """Everybody's day counts for this unit again; False when it did."""
    _must_be_open(campaign)
    if entry.extended_to is None:
        return False
    before, entry.extended_to, entry.extended_because = entry.extended_to, None, ""
    unit = session.get_one(Unit, entry.unit_id)
    _record(session, campaign, unit, actor, "roster.extension_ended", was=before.isoformat())
    return True


def reschedule(session: Session, campaign: Campaign, due_on: date, publish_by: date, actor: str) -> bool:
    """Other days for everybody; False when they are the same."""
    _must_be_open(campaign)
    if wrong := contradictions(campaign.year, due_on, publish_by):
        raise RosterNotChanged(wrong)
    was = {"due_on": campaign.due_on, "publish_by": campaign.publish_by}
    if was == {"due_on": due_on, "publish_by": publish_by}:
        return False
    campaign.due_on, campaign.publish_by = due_on, publish_by
    session.flush()
    now = {"due_on": due_on, "publish_by": publish_by}
    told = {name: [was[name].isoformat(), now[name].isoformat()] for name in was if was[name] != now[name]}
    audit.record(session, actor, "campaign.rescheduled", f"campaign:{campaign.public_id}", **told)
    return True


def _reason(campaign: Campaign, because: str) -> str:
    _must_be_open(campaign)
    because = because.strip()
    if not because:
        raise RosterNotChanged({"because": _("请写明原因，它会显示在名单里。")})
    if len(because) > _LONGEST_REASON:
        raise RosterNotChanged({"because": _("原因最多 {n} 个字。").format(n=_LONGEST_REASON)})
    return because


def _must_be_open(campaign: Campaign) -> None:
    if campaign.closed_at is not None:
        raise RosterNotChanged({"": _("这一年度填报已经结束，名单和日期不能再改。")})


def _has_filed(session: Session, campaign: Campaign, unit: Unit) -> bool:
    key = {"definition": campaign.definition, "edition": campaign.edition, "year": campaign.year}
    return session.scalar(select(Report.state).filter_by(unit_id=unit.id, **key)) in SENT


def _record(session: Session, campaign: Campaign, unit: Unit, actor: str, action: str, **told: Any) -> None:
    session.flush()
    audit.record(session, actor, action, f"campaign:{campaign.public_id}", unit=unit.name, **told)
