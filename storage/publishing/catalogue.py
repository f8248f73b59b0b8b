"""What the public can find: one query for a page of the catalogue, one for a report; nothing else is reachable."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from storage.tables import (
    Campaign,
    Document,
    Format,
    Job,
    JobState,
    Publication,
    Report,
    Revision,
    RosterEntry,
    Unit,
    UnitKind,
)

_Office = aliased(Unit)
_later = aliased(Publication)
# The last of its report, and not withdrawn.
_OPEN = and_(
    Publication.withdrawn_at.is_(None),
    ~exists().where(_later.report_id == Publication.report_id, _later.number > Publication.number),
)
_KINDS = case({kind.value: place for place, kind in enumerate(UnitKind)}, value=Unit.kind, else_=len(UnitKind))


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody looks for; what is None or empty does not narrow it."""

    year: int | None = None
    office: str = ""
    kind: UnitKind | None = None
    like: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One report as the catalogue lists it: the version in force."""

    report: str
    number: int
    published_at: datetime
    correction: str
    definition: str
    edition: str
    year: int
    unit: str
    code: str | None
    kind: UnitKind
    initials: str
    office: str | None
    pdf_bytes: int | None
    docx_bytes: int | None
    total: int


@dataclass(frozen=True, slots=True)
class Shelf:
    """How many reports of a year there are under one office, of one kind of unit."""

    year: int
    office_id: str | None
    office: str | None
    kind: UnitKind
    reports: int


@dataclass(frozen=True, slots=True)
class Published:
    """One version of a report as it was opened to everybody, with all the others."""

    publication: Publication
    report: Report
    revision: Revision
    unit: Unit
    office: str | None
    versions: Sequence[Publication]
    documents: Mapping[Format, Document]

    @property
    def newest(self) -> Publication:
        """The version in force, or the last that was."""
        return self.versions[-1]

    @property
    def is_newest(self) -> bool:
        return self.newest.id == self.publication.id

    @property
    def changed_at(self) -> datetime:
        """When anything about it last changed that its page shows."""
        moments = [moment for one in self.versions for moment in (one.published_at, one.withdrawn_at) if moment]
        return max(moments)


@dataclass(frozen=True, slots=True)
class Expected:
    """A unit that was to report for a year."""

    definition: str
    edition: str
    unit: str
    kind: UnitKind
    office: str


def lines(session: Session, wanted: Wanted, limit: int, offset: int = 0) -> Sequence[Line]:
    """A page of the catalogue: the newest year first, then office by office, in the office's own order."""
    pdf, docx = aliased(Document), aliased(Document)
    asked = (
        select(
            Report.public_id,
            Publication.number,
            Publication.published_at,
            Publication.correction,
            Report.definition,
            Report.edition,
            Report.year,
            Unit.name,
            Unit.code,
            Unit.kind,
            Unit.initials,
            _Office.name,
            pdf.bytes,
            docx.bytes,
            func.count().over(),
        )
        .select_from(Publication)
        .join(Report, Report.id == Publication.report_id)
        .join(Unit, Unit.id == Report.unit_id)
        .outerjoin(_Office, _Office.id == Unit.supervisor_id)
        .outerjoin(Job, and_(Job.id == Publication.job_id, Job.state == JobState.DONE))
        .outerjoin(pdf, _of(pdf, Format.PDF))
        .outerjoin(docx, _of(docx, Format.DOCX))
        .where(_OPEN, *_narrowed(wanted))
        .order_by(Report.year.desc(), _Office.position, _Office.id, _KINDS, Unit.position, Unit.id, Report.id)
    )
    return [Line(*tuple(row)) for row in session.execute(asked.limit(limit).offset(offset))]


def shelves(session: Session) -> Sequence[Shelf]:
    """Every year, office and kind of which there is anything."""
    asked = (
        select(Report.year, _Office.public_id, _Office.name, Unit.kind, func.count())
        .select_from(Publication)
        .join(Report, Report.id == Publication.report_id)
        .join(Unit, Unit.id == Report.unit_id)
        .outerjoin(_Office, _Office.id == Unit.supervisor_id)
        .where(_OPEN)
        .group_by(Report.year, _Office.public_id, _Office.name, _Office.position, _Office.id, Unit.kind)
        .order_by(Report.year.desc(), _Office.position, _Office.id, _KINDS)
    )
    return [Shelf(*row) for row in session.execute(asked)]


def find(session: Session, report_public_id: str, number: int | None = None) -> Published | None:
    """A version of a report, or its last; None when it was never published. It may have been withdrawn."""
    asked = (
        select(Publication, Report, Revision, Unit, _Office.name)
        .join(Report, Report.id == Publication.report_id)
        .join(Revision, Revision.id == Publication.revision_id)
        .join(Unit, Unit.id == Report.unit_id)
        .outerjoin(_Office, _Office.id == Unit.supervisor_id)
        .where(Report.public_id == report_public_id)
        .order_by(Publication.number)
    )
    rows = session.execute(asked).all()
    for publication, report, revision, unit, office in reversed(rows):
        if number in (None, publication.number):
            versions = [row[0] for row in rows]
            made = _documents(session, publication)
            return Published(publication, report, revision, unit, office, versions, made)
    return None


def ever_published(session: Session) -> Sequence[str]:
    """Every report with an address, those that were withdrawn among them."""
    asked = select(Report.public_id).where(exists().where(Publication.report_id == Report.id))
    return session.scalars(asked.order_by(Report.public_id)).all()


def answers_of_year(session: Session, year: int) -> Iterator[tuple[Line, str]]:
    """Every report of a year in the order of the catalogue, with its answers."""
    listed = lines(session, Wanted(year), limit=1_000_000)
    asked = (
        select(Report.public_id, Revision.answers)
        .select_from(Publication)
        .join(Report, Report.id == Publication.report_id)
        .join(Revision, Revision.id == Publication.revision_id)
        .where(_OPEN, Report.year == year)
    )
    said = {row[0]: row[1] for row in session.execute(asked)}
    return ((line, said[line.report]) for line in listed if line.report in said)


def expected_of_year(session: Session, year: int) -> Sequence[Expected]:
    """The units that were to report for a year, those that are exempt left out."""
    asked = (
        select(Campaign.definition, Campaign.edition, Unit.name, Unit.kind, _Office.name)
        .select_from(RosterEntry)
        .join(Campaign, Campaign.id == RosterEntry.campaign_id)
        .join(Unit, Unit.id == RosterEntry.unit_id)
        .join(_Office, _Office.id == Campaign.supervisor_id)
        .where(Campaign.year == year, RosterEntry.exempt_because.is_(None))
        .order_by(_Office.position, _Office.id, Unit.position, Unit.id)
    )
    return [Expected(*row) for row in session.execute(asked)]


def mark_of_year(session: Session, year: int) -> str:
    """Changes whenever anything changes that is told of a year as a whole."""
    made = select(func.count(), func.max(Publication.id), func.count(Publication.withdrawn_at))
    ours = session.execute(made.select_from(Publication).join(Report).where(Report.year == year)).one()
    roster = select(func.count(), func.max(RosterEntry.id), func.count(RosterEntry.exempt_because))
    theirs = session.execute(roster.select_from(RosterEntry).join(Campaign).where(Campaign.year == year)).one()
    return "-".join(str(number or 0) for number in (*ours, *theirs))


def _of(document: type[Document], format: Format) -> ColumnElement[bool]:
    return and_(document.job_id == Job.id, document.fence == Job.fence, document.format == format)


def _narrowed(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    if wanted.year is not None:
        yield Report.year == wanted.year
    if wanted.office:
        yield _Office.public_id == wanted.office
    if wanted.kind is not None:
        yield Unit.kind == wanted.kind
    for word in wanted.like.split():
        small = word.lower()
        yield or_(
            Unit.name.contains(word, autoescape=True),
            Unit.short_name.contains(word, autoescape=True),
            func.lower(Unit.initials).contains(small, autoescape=True),
        )


def _documents(session: Session, publication: Publication) -> Mapping[Format, Document]:
    same = and_(Job.id == Document.job_id, Job.fence == Document.fence)
    asked: Select[Document] = select(Document).join(Job, same)
    asked = asked.where(Job.id == publication.job_id, Job.state == JobState.DONE)
    return {one.format: one for one in session.scalars(asked)}
