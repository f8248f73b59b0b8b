"""The invented district: every report adds up, but for the mistakes that were planted; and it stands in every state."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from sqlalchemy import Engine, func, select

from reports.answers import Answers
from reports.checks import check
from reports.comparing import compare
from reports.definition import Severity
from reports.drafting import check_draft
from reports.findings import blocks
from reports.likeness import overlap
from reports.states import ReportState
from service.demo.build import NotEmpty, is_built
from service.demo.district import Agency, district, narratives
from service.demo.start import prepare, told
from service.demo.writing import COPIED, PLANTED, STRIKING, UNTOUCHED, answers, last_year, this_year
from storage.migrations import upgrade
from storage.people import accounts, passwords
from storage.session import make_engine, reading_scope, session_scope
from storage.settings import Settings
from storage.tables import Campaign, Comment, Report, Role, RosterEntry, Step, Submission, Unit
from tests.people import annual, shown

YEAR = 2025
AGENCIES = district().agencies


def told_by(agency: Agency) -> tuple[Answers, Answers]:
    """Last year's answers of a unit, and this year's as far as they are filled in."""
    before = answers(annual(), agency, YEAR - 1, last_year(annual(), agency, YEAR - 1))
    return before, answers(annual(), agency, YEAR, this_year(annual(), agency, YEAR, before))


def test_there_are_forty_units_and_no_two_of_one_name() -> None:
    assert len({one.name for one in AGENCIES}) == 40


@pytest.mark.parametrize("agency", AGENCIES, ids=shown)
def test_last_year_everything_added_up(agency: Agency) -> None:
    before, _now = told_by(agency)
    assert check(before) == []


@pytest.mark.parametrize(
    "agency", [one for one in AGENCIES if one.name not in {*PLANTED, *STRIKING, *UNTOUCHED}], ids=shown
)
def test_this_year_no_unit_errs_that_was_not_made_to(agency: Agency) -> None:
    before, now = told_by(agency)
    assert check_draft(now, before) == []


@pytest.mark.parametrize("name", PLANTED)
def test_every_planted_mistake_is_found(name: str) -> None:
    before, now = told_by(next(one for one in AGENCIES if one.name == name))
    found = {cell for finding in check_draft(now, before) for cell in finding.cells}
    assert found & PLANTED[name].keys()


@pytest.mark.parametrize("name", STRIKING)
def test_what_reviewers_are_to_notice_is_right_but_needs_a_reason_or_is_nothing_like_last_years(name: str) -> None:
    before, now = told_by(next(one for one in AGENCIES if one.name == name))
    found = check(now, before)
    assert not blocks(found)
    striking = {row.cell.name for row in compare(now, before) if row.striking}
    explained = {one.cells[0] for one in found if one.severity is Severity.EXPLAIN}
    assert STRIKING[name].keys() <= striking | explained


def test_one_unit_has_handed_in_anothers_words() -> None:
    [(copied, source)] = COPIED.items()
    one, other = (told_by(next(agency for agency in AGENCIES if agency.name == name))[1] for name in (copied, source))
    assert overlap(one, other) >= 90


def test_units_do_not_say_the_same_in_the_same_words() -> None:
    for text in narratives():
        said = {told_by(agency)[0].texts[text] for agency in AGENCIES}
        assert len(said) >= min(4, len(narratives()[text]["wordings"]))


@contextmanager
def closing_engine(settings: Settings) -> Iterator[Engine]:
    """The database of these settings, for a moment."""
    engine = make_engine(settings)
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The district in a database of its own."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("demo"))
    prepare(settings)
    return settings


def test_this_years_reports_stand_in_every_state_and_last_years_are_approved(built: Settings) -> None:
    with closing_engine(built) as engine, reading_scope(engine) as session:
        latest = session.scalars(select(func.max(Report.year))).one()
        states = {
            year: set(session.scalars(select(Report.state).where(Report.year == year))) for year in (latest - 1, latest)
        }
        assert states == {latest - 1: {ReportState.APPROVED}, latest: set(ReportState)}
        assert session.scalars(select(func.count()).select_from(RosterEntry)).one() == 80
        assert session.scalar(select(RosterEntry.exempt_because).where(RosterEntry.exempt_because.is_not(None)))
        assert session.scalar(select(RosterEntry.extended_to).where(RosterEntry.extended_to.is_not(None)))
        assert session.scalars(select(func.count()).select_from(Comment)).one() >= 3
        due = session.scalars(select(Campaign.due_on).where(Campaign.closed_at.is_(None))).one()
        assert due > date.today()
        sent = select(Submission.made_at).join(Step, Step.submission_id == Submission.id)
        assert len(set(session.scalars(sent))) > 10


def test_every_role_has_somebody_and_the_passwords_printed_are_theirs(built: Settings) -> None:
    logins = prepare(built)
    assert {role for one in logins for role, _unit in one.member.appointed} == set(Role)
    with closing_engine(built) as engine, reading_scope(engine) as session:
        for login in logins:
            account = accounts.find_account(session, login.member.login)
            assert account
            assert passwords.fits(login.password, account.password_hash)
            passwords.check(login.password, "djbh", (login.member.login, login.member.person))
    assert all(one.password in told(logins) for one in logins)


def test_a_second_start_changes_the_passwords_and_nothing_else(built: Settings) -> None:
    first, second = prepare(built), prepare(built)
    assert not {one.password for one in first} & {one.password for one in second}
    with closing_engine(built) as engine, reading_scope(engine) as session:
        assert session.scalars(select(func.count()).select_from(Unit)).one() == 40


def test_nothing_invented_is_mixed_with_what_is_real(tmp_path_factory: pytest.TempPathFactory) -> None:
    settings = Settings(data_dir=tmp_path_factory.mktemp("real"))
    upgrade(settings)
    with closing_engine(settings) as engine, session_scope(engine) as session:
        session.add(Unit(name="临溪县档案局"))
        session.flush()
        with pytest.raises(NotEmpty):
            is_built(session)
    with pytest.raises(NotEmpty):
        prepare(settings)
