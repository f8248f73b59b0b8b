"""Lays out the desk: which unit, which campaign, and everything that belongs to both."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from reports.reading import read_answers
from reports.states import OPEN, SENT, ReportState
from service.deadlines import Deadline, deadline, today
from service.desks import Choice, Contact, Desk, PastReport, Way, has_begun
from service.drafts import Draft, draft_of
from service.language import _
from service.moves import state_in_words, steps_in_words
from service.news import due_of_return, news_of, replaced_of, returned_of
from service.previews import downloads
from service.resources import resources
from service.starting import quicker_ways, ways
from service.words import State, moment
from storage.filing.comments import comments_of
from storage.filing.reports import answers_of_last_year, latest_revision, latest_submission
from storage.people.policy import Act, Person, can, heads_of, units_of
from storage.roster.campaigns import campaigns_for, due_of
from storage.tables import Campaign, Field, Report, RosterEntry, Unit

# Who looks for an older one finds it in the list of reports.
_YEARS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Place:
    """One unit, with one campaign that expects its report, or with none."""

    unit: Unit
    campaign: Campaign | None = None
    entry: RosterEntry | None = None


def desk_of(session: Session, person: Person, unit: str | None, campaign: str | None, told: Sequence[str]) -> Desk:
    """The desk of this person, with the unit and the campaign asked for on top, or the first."""
    places = _places(session, person)
    here = _chosen(places, unit, campaign)
    report = _report(session, here)
    draft = draft_of(session, report) if report else None
    desk = Desk(
        person,
        here.unit,
        [_choice(session, place, here=place is here, alone=_alone(places, place)) for place in places],
        here.campaign,
        here.entry,
        draft,
        contact=_contact(session, here.unit),
        past=_past(session, here, report),
        told=told,
        steps=steps_in_words(session, report) if report else (),
    )
    return _with_what_happened(session, desk, draft) if draft else _with_ways(session, desk)


def _places(session: Session, person: Person) -> Sequence[Place]:
    wanted = select(Unit).where(Unit.id.in_(units_of(person, Act.FILL, Act.SIGN))).order_by(Unit.id)
    units = session.scalars(wanted).all()
    called = campaigns_for(session, [unit.id for unit in units])
    found = []
    for unit in units:
        called_for = [Place(unit, campaign, entry) for campaign, entry in called if entry.unit_id == unit.id]
        found += called_for or [Place(unit)]
    # What is to be done comes first.
    return sorted(found, key=lambda place: place.campaign is None)


def _chosen(places: Sequence[Place], unit: str | None, campaign: str | None) -> Place:
    of_unit = [place for place in places if unit in (None, place.unit.public_id)]
    of_campaign = [place for place in of_unit if place.campaign and place.campaign.public_id == campaign]
    chosen = of_campaign or of_unit
    if not chosen:
        raise NotFound
    return chosen[0]


def _alone(places: Sequence[Place], place: Place) -> bool:
    return sum(other.unit.id == place.unit.id for other in places) == 1


def _choice(session: Session, place: Place, *, here: bool, alone: bool) -> Choice:
    campaign, label = place.campaign, place.unit.name
    if campaign and not alone:
        label = resources().definitions[f"{campaign.definition}/{campaign.edition}"].heading(label, campaign.year)
    return Choice(place.unit.public_id, campaign.public_id if campaign else None, label, _tag(session, place), here)


def _tag(session: Session, place: Place) -> State | None:
    if place.campaign is None:
        return None
    if place.entry and place.entry.exempt_because:
        return State(_("免报"), "")
    report = _report(session, place)
    return state_in_words(report if report and _has_begun(session, report) else None)


def _has_begun(session: Session, report: Report) -> bool:
    # As `has_begun`, without reading a whole report for one word.
    if report.started is not None or report.state is not ReportState.DRAFT:
        return True
    return session.scalar(select(Field.id).where(Field.report_id == report.id).limit(1)) is not None


def _report(session: Session, place: Place) -> Report | None:
    campaign = place.campaign
    if campaign is None:
        return None
    wanted = select(Report).where(Report.unit_id == place.unit.id, Report.definition == campaign.definition)
    return session.scalars(wanted.where(Report.year == campaign.year)).first()


def _contact(session: Session, unit: Unit) -> Contact | None:
    office = session.get(Unit, unit.supervisor_id) if unit.supervisor_id else None
    return Contact(office.name, office.contact or _("还没有登记联系电话。")) if office else None


def _past(session: Session, place: Place, current: Report | None) -> Sequence[PastReport]:
    wanted = select(Report).where(Report.unit_id == place.unit.id).order_by(Report.year.desc(), Report.id.desc())
    past = [_past_report(session, one) for one in session.scalars(wanted) if current is None or one.id != current.id]
    return [one for one in past if one][:_YEARS_SHOWN]


def _past_report(session: Session, report: Report) -> PastReport | None:
    submission, revision = latest_submission(session, report), latest_revision(session, report)
    if submission is None or revision is None:
        return None
    words = _("{when} 报送").format(when=moment(submission.made_at)[:10])
    return PastReport(report.public_id, report.year, words, downloads(session, revision))


def _with_what_happened(session: Session, desk: Desk, draft: Draft) -> Desk:
    """The desk of a report that is there: what became of it, what is left to do, and until when."""
    report = draft.report
    office = desk.contact.office if desk.contact else _("审核人")
    heads = "、".join(head.person for head in heads_of(session, desk.unit))
    revision = latest_revision(session, report) if report.state in SENT else None
    return replace(
        desk,
        deadline=_deadline(desk, due_of_return(session, draft)),
        returned=returned_of(session, draft, comments_of(session, report), office),
        news=news_of(session, draft, desk.campaign, office, heads, signs=can(desk.person, Act.SIGN, desk.unit)),
        replaced=replaced_of(session, draft),
        receipt=latest_submission(session, report) is not None,
        documents=downloads(session, revision) if revision else (),
        quicker=quicker_ways(draft) if report.state in OPEN else (),
        ways=() if has_begun(draft) else _ways(session, desk),
    )


def _with_ways(session: Session, desk: Desk) -> Desk:
    """The desk of a report that nobody has begun, or that nobody wants."""
    if desk.campaign is None or desk.exempt_because:
        return desk
    return replace(desk, deadline=_deadline(desk, None), ways=_ways(session, desk))


def _deadline(desk: Desk, returned_until: date | None) -> Deadline | None:
    if desk.campaign is None or (desk.report and desk.report.state in SENT):
        return None
    due = returned_until or due_of(desk.campaign, desk.entry)
    return deadline(today(), due, desk.campaign.publish_by)


def _ways(session: Session, desk: Desk) -> Sequence[Way]:
    campaign = desk.campaign
    if campaign is None:
        return ()
    office = resources()
    definition = office.definitions[f"{campaign.definition}/{campaign.edition}"]
    said = answers_of_last_year(session, desk.unit.id, campaign.definition, campaign.year)
    return ways(definition, campaign, read_answers(said, office.definitions) if said else None)
