"""What the public finds: by year, office, kind and a few letters, in the office's own order, a page at a time."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from sqlalchemy import Engine, event, insert, select

from reports.states import Move
from storage.filing import steps
from storage.publishing import catalogue, publications
from storage.publishing.catalogue import Wanted
from storage.session import reading_scope, session_scope
from storage.tables import Campaign, Publication, Report, RosterEntry, Unit, UnitKind
from tests.orders import answers_of
from tests.people import ARCHIVES, MARKET
from tests.publishing import REVIEWER, approved, corrected, published, sent
from tests.units import OFFICE, county


@pytest.fixture
def filled(engine: Engine) -> Engine:
    """Two units of one office, with reports of two years; one of them is a department with a short name."""
    with session_scope(engine) as session:
        units = county(session)
        session.get_one(Unit, units.market.id).kind = UnitKind.DEPARTMENT
        session.get_one(Unit, units.market.id).initials = "lxxscjdglj"
        session.get_one(Unit, units.archives.id).position = 1
        for name, year in ((MARKET, 2023), (MARKET, 2024), (ARCHIVES, 2024)):
            published(session, answers_of(name, year=year))
    return engine


def found(engine: Engine, **wanted: object) -> list[tuple[str, int]]:
    with reading_scope(engine) as session:
        return [(line.unit, line.year) for line in catalogue.lines(session, Wanted(**wanted), 10)]  # type: ignore[arg-type]


def test_the_newest_year_comes_first_departments_before_others(filled: Engine) -> None:
    assert found(filled) == [(MARKET, 2024), (ARCHIVES, 2024), (MARKET, 2023)]


@pytest.mark.parametrize(
    ("like", "units"),
    [
        ("市场", {MARKET}),
        ("lxxsc", {MARKET}),
        ("LXXSC", {MARKET}),
        ("临溪 监督", {MARKET}),
        ("临溪县", {MARKET, ARCHIVES}),
        ("%", set()),
        ("_", set()),
        ("没有这个局", set()),
    ],
)
def test_a_name_or_initials_find(filled: Engine, like: str, units: set[str]) -> None:
    assert {unit for unit, _ in found(filled, like=like)} == units


def test_year_kind_and_office_narrow(filled: Engine) -> None:
    with reading_scope(filled) as session:
        office = session.scalars(select(Unit.public_id).where(Unit.name == OFFICE)).one()
    assert found(filled, year=2023) == [(MARKET, 2023)]
    assert found(filled, kind=UnitKind.OTHER) == [(ARCHIVES, 2024)]
    assert len(found(filled, office=office)) == 3
    assert found(filled, office="another") == []


def test_the_shelves_count_what_is_there(filled: Engine) -> None:
    with reading_scope(filled) as session:
        shelves = catalogue.shelves(session)
    assert [(one.year, one.office, one.kind, one.reports) for one in shelves] == [
        (2024, OFFICE, UnitKind.DEPARTMENT, 1),
        (2024, OFFICE, UnitKind.OTHER, 1),
        (2023, OFFICE, UnitKind.DEPARTMENT, 1),
    ]


def test_a_line_tells_version_size_and_correction(filled: Engine) -> None:
    corrected(filled, answers_of(MARKET, overview="改了。"), "更正条数")
    with reading_scope(filled) as session:
        line = catalogue.lines(session, Wanted(2024, like="市场"), 10)[0]
    assert (line.number, line.correction, line.pdf_bytes, line.docx_bytes) == (2, "更正条数", 9, 9)


def test_what_is_withdrawn_or_was_never_published_is_not_listed(filled: Engine) -> None:
    with session_scope(filled) as session:
        approved(session, answers_of("临溪县财政局"))
        sent(session, answers_of("临溪县教育局"))
        for one in session.scalars(select(Publication)).all():
            publications.withdraw(session, one, REVIEWER, "原因")
    assert found(filled) == []
    with reading_scope(filled) as session:
        assert catalogue.shelves(session) == []


@pytest.mark.parametrize("number", [None, 1])
def test_only_what_was_published_is_found(engine: Engine, number: int | None) -> None:
    with session_scope(engine) as session:
        report = approved(session)
        assert catalogue.find(session, report.public_id, number) is None
        publications.publish(session, report, REVIEWER)
        assert catalogue.find(session, report.public_id, number)
        assert catalogue.find(session, report.public_id, 2) is None
        steps.take(session, report, Move.REOPEN, REVIEWER)
        assert catalogue.find(session, report.public_id, number)


def test_a_year_hands_out_its_answers_and_whom_it_expected(filled: Engine) -> None:
    with session_scope(filled) as session:
        units = {one.name: one.id for one in session.scalars(select(Unit))}
        campaign = Campaign(
            supervisor_id=units[OFFICE],
            definition="open-government-annual",
            edition="2021",
            year=2024,
            due_on=date(2025, 1, 20),
            publish_by=date(2025, 1, 31),
        )
        session.add(campaign)
        session.flush()
        session.add(RosterEntry(campaign_id=campaign.id, unit_id=units[MARKET]))
        session.add(RosterEntry(campaign_id=campaign.id, unit_id=units[ARCHIVES], exempt_because="撤销"))
    with reading_scope(filled) as session:
        said = {line.unit: answers for line, answers in catalogue.answers_of_year(session, 2024)}
        expected = catalogue.expected_of_year(session, 2024)
        before = catalogue.mark_of_year(session, 2024)
    assert said[MARKET] == answers_of(MARKET).to_json().decode()
    assert set(said) == {MARKET, ARCHIVES}
    assert [(one.unit, one.office) for one in expected] == [(MARKET, OFFICE)]
    with session_scope(filled) as session:
        publications.withdraw(session, session.scalars(select(Publication)).all()[-1], REVIEWER, "原因")
    with reading_scope(filled) as session:
        assert catalogue.mark_of_year(session, 2024) != before


def test_a_page_of_three_thousand_takes_one_query(filled: Engine) -> None:
    many = 3000
    with session_scope(filled) as session:
        public = session.scalars(select(Publication).limit(1)).one()
        pattern = {"definition": "open-government-annual", "edition": "2021", "year": 2022, "state": "approved"}
        units = [{"public_id": f"u{n}", "name": f"第{n}局", "position": n} for n in range(many)]
        session.execute(insert(Unit), units)
        ids = session.scalars(select(Unit.id).where(Unit.name.like("第%局")).order_by(Unit.position)).all()
        session.execute(insert(Report), [{**pattern, "public_id": f"r{n}", "unit_id": id} for n, id in enumerate(ids)])
        reports = session.scalars(select(Report.id).where(Report.year == 2022)).all()
        kept = {"revision_id": public.revision_id, "job_id": public.job_id, "number": 1, "published_by": REVIEWER}
        session.execute(insert(Publication), [{**kept, "public_id": f"p{id}", "report_id": id} for id in reports])
    with reading_scope(filled) as session, counted(session.connection().engine) as asked:
        page = catalogue.lines(session, Wanted(2022), 50, 1000)
    assert (len(page), page[0].unit, page[0].total) == (50, "第1000局", many)
    assert len(asked) == 1


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    """The statements that are executed meanwhile."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield asked
    event.remove(engine, "before_cursor_execute", note)
