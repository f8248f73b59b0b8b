"""Where each unit's report stands on its way to the public, and what is told about all of them together."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta, timezone
from enum import StrEnum
from typing import Final

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from reports.deadlines import working_days_left
from reports.wording import N_
from service.language import _
from service.public.shown import in_words
from service.words import State
from storage.publishing import publications
from storage.publishing.publications import WORDS, Outcome, Refusal
from storage.roster.standings import Standing, standings
from storage.session import session_scope
from storage.tables import Campaign, Publication, Report, Unit

_CHINA: Final = timezone(timedelta(hours=8))
# Whoever publishes three thousand holds nobody up for longer than these take.
_AT_ONCE: Final = 50
_SOON: Final = 3


class Place(StrEnum):
    """Where a unit's report stands; in the order in which people look at them."""

    READY = "ready"
    CORRECTION = "correction"
    WAITING = "waiting"
    WITHDRAWN = "withdrawn"
    OPEN = "open"
    PUBLISHED = "published"
    EXEMPT = "exempt"


PLACES: Final = {
    Place.READY: State(N_("待公布"), "now"),
    Place.CORRECTION: State(N_("待更正"), "ask"),
    Place.WAITING: State(N_("等待生成文件"), "ask"),
    Place.WITHDRAWN: State(N_("已撤下"), "bad"),
    Place.OPEN: State(N_("未通过审核"), ""),
    Place.PUBLISHED: State(N_("已公布"), "ok"),
    Place.EXEMPT: State(N_("免报"), ""),
}


@dataclass(frozen=True)
class Row:
    """One expected unit."""

    standing: Standing
    place: Place
    versions: Sequence[Publication]
    has_documents: bool
    publish_by: date
    today: date

    @property
    def unit(self) -> Unit:
        return self.standing.unit

    @property
    def report(self) -> Report | None:
        return self.standing.report

    @property
    def last(self) -> Publication | None:
        """The version in force, or the last that was."""
        return self.versions[-1] if self.versions else None

    @property
    def is_public(self) -> bool:
        return self.last is not None and self.last.withdrawn_at is None

    @property
    def open_versions(self) -> Sequence[Publication]:
        """What can be withdrawn, the last first."""
        return [one for one in reversed(self.versions) if one.withdrawn_at is None]

    @property
    def first_day(self) -> date | None:
        """The day on which it was first published."""
        return self.versions[0].published_at.astimezone(_CHINA).date() if self.versions else None

    @property
    def is_late(self) -> bool:
        """Whether it was published after the legal day, or is not published and the day has passed."""
        if self.place is Place.EXEMPT:
            return False
        return (self.first_day or self.today) > self.publish_by

    @property
    def can_be_corrected(self) -> bool:
        """Whether a word on what is corrected is all that is missing."""
        return self.place in (Place.CORRECTION, Place.WITHDRAWN) and self.standing.is_approved and self.has_documents

    @property
    def why_not(self) -> str:
        """What has to happen before it can be published."""
        lacks = self.place in (Place.WAITING, Place.CORRECTION) and self.standing.is_approved and not self.has_documents
        return _(WORDS[Refusal.NO_DOCUMENTS]) if lacks else ""

    @property
    def is_being_corrected(self) -> bool:
        """Whether what will replace the published one is not approved yet."""
        return self.place is Place.CORRECTION and not self.standing.is_approved


@dataclass(frozen=True)
class Board:
    """All expected units of a campaign, as the office that publishes sees them."""

    campaign: Campaign
    rows: Sequence[Row]
    today: date

    def at(self, place: Place) -> Sequence[Row]:
        return [row for row in self.rows if row.place == place]

    @property
    def counts(self) -> Sequence[tuple[Place, int]]:
        return [(place, count) for place in Place if (count := len(self.at(place)))]

    @property
    def due(self) -> Sequence[Row]:
        """Those that must be published."""
        return [row for row in self.rows if row.place is not Place.EXEMPT]

    @property
    def public(self) -> Sequence[Row]:
        return [row for row in self.due if row.is_public]

    @property
    def on_time(self) -> Sequence[Row]:
        return [row for row in self.public if not row.is_late]

    @property
    def late(self) -> Sequence[Row]:
        """Published, and after the legal day."""
        return [row for row in self.public if row.is_late]

    @property
    def missing(self) -> Sequence[Row]:
        return [row for row in self.due if not row.is_public]

    @property
    def rate(self) -> str:
        """The share that was published in time: 97.5%, and 100% only when it is all of them."""
        if not self.due:
            return "—"
        # Rounded down: 2,999 of 3,000 are not 100 %.
        thousandths = 1000 * len(self.on_time) // len(self.due)
        return f"{thousandths // 10}%" if thousandths % 10 == 0 else f"{thousandths / 10:.1f}%"

    @property
    def deadline(self) -> tuple[str, str]:
        """How long there is still time to publish, and the look that repeats how pressing that is."""
        day, left = in_words(self.campaign.publish_by), working_days_left(self.today, self.campaign.publish_by)
        if self.today > self.campaign.publish_by:
            many = sum(row.is_late and not row.is_public for row in self.rows)
            if not many:
                return _("公布截止日 {day} 已过，应公布的都已公布。").format(day=day), "ok"
            return _("公布截止日 {day} 已过，还有 {n} 个单位没有公布。").format(day=day, n=many), "bad"
        look = "ask" if left <= _SOON and self.missing else ""
        return _("{day}前公布，还有 {n} 个工作日。").format(day=day, n=left), look

    def statement(self, office: str) -> Sequence[str]:
        """The 公布情况, sentence by sentence."""
        year, due = self.campaign.year, len(self.due)
        told = [
            _(
                "{office}主管的单位中，应公布{year}年政府信息公开工作年度报告的共 {due} 个；"
                "截至{today}，已公布 {public} 个，尚未公布 {missing} 个。"
            ).format(
                office=office,
                year=year,
                due=due,
                today=in_words(self.today),
                public=len(self.public),
                missing=len(self.missing),
            ),
            _("在{day}前公布的 {n} 个，按时公布率 {rate}；逾期公布的 {late} 个。").format(
                day=in_words(self.campaign.publish_by), n=len(self.on_time), rate=self.rate, late=len(self.late)
            ),
        ]
        if exempt := self.at(Place.EXEMPT):
            told.append(_("不需报送的 {n} 个，原因附后。").format(n=len(exempt)))
        return told


def board(session: Session, campaign: Campaign, today: date) -> Board:
    """Where every unit on a campaign's roster stands; three queries, however many units there are."""
    lines = standings(session, campaign)
    versions = publications.versions_of(session, [one.report.id for one in lines if one.report])
    sent = [one.submission.revision_id for one in lines if one.submission and one.is_approved]
    made = publications.revisions_with_documents(session, sent)
    return Board(campaign, [_row(one, versions, made, campaign, today) for one in lines], today)


def publish_chosen(engine: Engine, report_ids: Iterable[int], actor: str) -> Sequence[Outcome]:
    """Publish these reports, a few in each transaction; what cannot be is named with the reason."""
    wanted, outcomes = list(report_ids), []
    for start in range(0, len(wanted), _AT_ONCE):
        with session_scope(engine) as session:
            some = session.scalars(select(Report).where(Report.id.in_(wanted[start : start + _AT_ONCE]))).all()
            outcomes += publications.publish_many(session, some, actor)
    return outcomes


def _row(
    one: Standing, versions: Mapping[int, Sequence[Publication]], made: frozenset[int], campaign: Campaign, today: date
) -> Row:
    public = versions.get(one.report.id, ()) if one.report else ()
    ready = one.submission is not None and one.submission.revision_id in made
    return Row(one, _place(one, public, ready), public, ready, campaign.publish_by, today)


def _place(one: Standing, versions: Sequence[Publication], ready: bool) -> Place:
    if versions:
        last = versions[-1]
        if last.withdrawn_at is not None:
            return Place.WITHDRAWN
        # Reopened or approved anew: what is public will have to be corrected.
        same = one.is_approved and one.submission is not None and one.submission.revision_id == last.revision_id
        return Place.PUBLISHED if same else Place.CORRECTION
    if one.is_exempt:
        return Place.EXEMPT
    if not one.is_approved:
        return Place.OPEN
    return Place.READY if ready else Place.WAITING
