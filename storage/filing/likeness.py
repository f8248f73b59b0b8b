"""Which reports of a year resemble one another: noted when one is sent in, never by comparing all with all."""

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import delete, insert, or_, select
from sqlalchemy.orm import Session

from reports.answers import Answers
from reports.answers import Unit as Named
from reports.likeness import bands, overlap
from storage.filing.reports import latest_submission
from storage.tables import Campaign, Likeness, Report, Revision, TextBand, Unit

# Below that, in per cent, two reports have in common what all have.
WORTH_NOTING: Final = 30
# What everybody writes tells nothing: a band is kept for so many, and of all that share some the nearest are read.
# Both together keep three thousand reports from being compared with one another.
KEPT_OF_A_BAND: Final = 20
NEAREST: Final = 6


@dataclass(frozen=True, slots=True)
class Resemblance:
    """Another revision, and how much of this one's narrative stands in it, in per cent."""

    other_id: int
    percent: int


def note(session: Session, report: Report, revision: Revision, answers: Answers) -> int:
    """Remember what a report that is sent in is made of, and which it resembles; how many others were read for it.

    It is compared with reports of the same year and definition that go to the same office.
    """
    unit = session.get_one(Unit, report.unit_id)
    _forget(session, report)
    if unit.supervisor_id is None:
        return 0
    made_of = bands(answers, f"{report.definition}/{report.edition} {report.year} {unit.supervisor_id}")
    sharing = _sharing(session, made_of)
    near = _nearest(sharing)
    alike = [row for other in near for row in _both_ways(revision, answers, session.get_one(Revision, other))]
    if alike:
        session.execute(insert(Likeness), alike)
    telling = [band for band in sorted(made_of) if len(sharing[band]) < KEPT_OF_A_BAND]
    if telling:
        session.execute(insert(TextBand), [{"revision_id": revision.id, "band": band} for band in telling])
    return len(near)


def resemblances(session: Session, campaign: Campaign, standing: Iterable[int]) -> Mapping[int, Sequence[Resemblance]]:
    """By revision, the others it resembles, the most alike first; of revisions that still stand, and no others."""
    counting = frozenset(standing)
    same = (Report.definition == campaign.definition, Report.edition == campaign.edition, Report.year == campaign.year)
    mine = select(Revision.id).join(Report, Report.id == Revision.report_id).where(*same)
    found: dict[int, list[Resemblance]] = defaultdict(list)
    noted = select(Likeness).where(Likeness.revision_id.in_(mine)).order_by(Likeness.percent.desc(), Likeness.id)
    for one in session.scalars(noted):
        if one.revision_id in counting and one.other_id in counting:
            found[one.revision_id].append(Resemblance(one.other_id, one.percent))
    return found


def resembling(session: Session, revision: Revision) -> Sequence[tuple[Unit, Report, Revision, int]]:
    """Whose reports this one resembles, and how much in per cent, the most alike first; of those that still stand."""
    noted = (
        select(Unit, Report, Revision, Likeness.percent)
        .join(Report, Report.unit_id == Unit.id)
        .join(Revision, Revision.report_id == Report.id)
        .join(Likeness, Likeness.other_id == Revision.id)
        .where(Likeness.revision_id == revision.id)
        .order_by(Likeness.percent.desc(), Likeness.id)
    )
    found = [(unit, report, other, percent) for unit, report, other, percent in session.execute(noted)]
    standing = {report.id: latest_submission(session, report) for _, report, _, _ in found}
    return [one for one in found if (last := standing[one[1].id]) and last.revision_id == one[2].id]


def _forget(session: Session, report: Report) -> None:
    """Only what was sent in last is compared with others."""
    earlier = select(Revision.id).where(Revision.report_id == report.id)
    alike = or_(Likeness.revision_id.in_(earlier), Likeness.other_id.in_(earlier))
    for gone in (delete(TextBand).where(TextBand.revision_id.in_(earlier)), delete(Likeness).where(alike)):
        session.execute(gone, execution_options={"synchronize_session": False})


def _sharing(session: Session, made_of: Collection[int]) -> Mapping[int, Sequence[int]]:
    """By band, the revisions that have it as well."""
    found: dict[int, list[int]] = defaultdict(list)
    for band, revision_id in session.execute(
        select(TextBand.band, TextBand.revision_id).where(TextBand.band.in_(made_of))
    ):
        found[band].append(revision_id)
    return found


def _nearest(sharing: Mapping[int, Sequence[int]]) -> Sequence[int]:
    """The revisions that share the most bands, the newest first where they share as many."""
    shared = Counter(revision for revisions in sharing.values() for revision in revisions)
    return sorted(shared, key=lambda revision: (-shared[revision], -revision))[:NEAREST]


def _both_ways(revision: Revision, answers: Answers, other: Revision) -> list[dict[str, int]]:
    theirs = _narrative(other, answers)
    ways = (
        (revision.id, other.id, overlap(answers, theirs)),
        (other.id, revision.id, overlap(theirs, answers)),
    )
    return [
        {"revision_id": one, "other_id": two, "percent": percent}
        for one, two, percent in ways
        if percent >= WORTH_NOTING
    ]


def _narrative(revision: Revision, like: Answers) -> Answers:
    """The texts of a revision; its figures are of no interest here, and take longer to read."""
    told = json.loads(revision.answers)
    return Answers(like.definition, Named(told["unit"]["name"]), like.year, {}, told["texts"])
