"""Reports made of another unit's words are noted when they are sent in, and nobody compares all with all."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import Session

from reports.answers import Answers
from storage.filing import likeness
from storage.filing.likeness import KEPT_OF_A_BAND, NEAREST, note, resemblances
from storage.filing.reports import report_for
from storage.filing.submissions import snapshot, submit, withdraw
from storage.roster.standings import standings
from storage.session import reading_scope, session_scope
from storage.tables import Campaign, Likeness, Report, Revision, TextBand, Unit
from tests.orders import CLERK, RECIPE
from tests.people import ARCHIVES, LANJIANG, MARKET, annual, but, ordinary_report, read
from tests.units import County, collect

OWN = "申请由专人当日登记，分送三个科室办理；答复以前请法制科室看一遍，寄出以后归入当年的案卷，由档案室统一保管。"


@pytest.fixture
def campaign(engine: Engine, here: County) -> Campaign:
    with session_scope(engine) as session:
        return collect(session, here.office, here.archives, here.market, year=2024)


def answers(unit: str, **texts: str) -> Answers:
    """A report whose every text is the same as that of anybody else, but these."""
    return read(but(ordinary_report(unit), texts={name.replace("__", "."): text for name, text in texts.items()}))


def other_words(unit: str) -> Answers:
    names = ordinary_report()["texts"]
    return read(but(ordinary_report(unit), texts={name: f"第{at}项：{OWN}"[at:] for at, name in enumerate(names)}))


def sent(engine: Engine, said: Answers) -> Report:
    with session_scope(engine) as session:
        return submit(session, said, CLERK, RECIPE).report


def alike(engine: Engine, campaign: Campaign) -> dict[str, dict[str, int]]:
    """By unit, whom it resembles and how much."""
    with reading_scope(engine) as session:
        lines = [one for one in standings(session, campaign) if one.submission]
        names = {one.submission.revision_id: one.unit.name for one in lines if one.submission}
        found = resemblances(session, campaign, names)
        return {names[one]: {names[two.other_id]: two.percent for two in found[one]} for one in found}


def test_two_reports_of_the_same_words_resemble_each_other(engine: Engine, campaign: Campaign) -> None:
    sent(engine, answers(MARKET))
    sent(engine, answers(ARCHIVES))
    assert alike(engine, campaign) == {MARKET: {ARCHIVES: 100}, ARCHIVES: {MARKET: 100}}


def test_two_that_are_sent_in_at_the_same_moment_find_each_other(engine: Engine, campaign: Campaign) -> None:
    with ThreadPoolExecutor(1) as pool:
        with session_scope(engine) as session:
            submit(session, answers(MARKET), CLERK, RECIPE)
            second = pool.submit(sent, engine, answers(ARCHIVES))
            while not is_waited_for(session):
                time.sleep(0.01)
        second.result()
    assert alike(engine, campaign) == {MARKET: {ARCHIVES: 100}, ARCHIVES: {MARKET: 100}}


def is_waited_for(session: Session) -> bool:
    """Whether somebody waits for what this transaction holds; SQLite lets nobody in who could."""
    if session.get_bind().dialect.name == "sqlite":
        return True
    waiting = text("SELECT count(*) FROM pg_locks WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid))")
    return session.scalars(waiting).one() > 0


def test_a_report_of_its_own_words_resembles_none(engine: Engine, campaign: Campaign) -> None:
    sent(engine, answers(MARKET))
    sent(engine, other_words(ARCHIVES))
    assert alike(engine, campaign) == {}


def test_how_much_is_told_from_either_side(engine: Engine, campaign: Campaign) -> None:
    sent(engine, answers(MARKET))
    sent(engine, answers(ARCHIVES, problems__found=OWN))
    found = alike(engine, campaign)
    assert 30 < found[ARCHIVES][MARKET] < found[MARKET][ARCHIVES] < 100


def test_what_was_rewritten_and_sent_again_resembles_nobody_any_more(engine: Engine, campaign: Campaign) -> None:
    sent(engine, answers(MARKET))
    sent(engine, answers(ARCHIVES))
    sent(engine, other_words(ARCHIVES))
    assert alike(engine, campaign) == {}
    with reading_scope(engine) as session:
        assert session.scalars(select(func.count()).select_from(Likeness)).one() == 0


def test_what_was_withdrawn_does_not_count(engine: Engine, campaign: Campaign) -> None:
    sent(engine, answers(MARKET))
    report = sent(engine, answers(ARCHIVES))
    with session_scope(engine) as session:
        withdraw(session, session.get_one(Report, report.id), CLERK)
    assert alike(engine, campaign) == {}


def test_sending_the_same_again_after_withdrawing_is_noted_once(engine: Engine, campaign: Campaign) -> None:
    sent(engine, answers(MARKET))
    report = sent(engine, answers(ARCHIVES))
    with session_scope(engine) as session:
        withdraw(session, session.get_one(Report, report.id), CLERK)
    sent(engine, answers(ARCHIVES))
    assert alike(engine, campaign) == {MARKET: {ARCHIVES: 100}, ARCHIVES: {MARKET: 100}}


def test_another_offices_reports_and_another_years_are_not_compared(
    engine: Engine, here: County, campaign: Campaign
) -> None:
    sent(engine, answers(MARKET))
    with session_scope(engine) as session:
        session.get_one(Unit, here.elsewhere.id).supervisor_id = here.elsewhere.id
    sent(engine, answers(LANJIANG))
    sent(engine, read(ordinary_report(ARCHIVES, year=2025)))
    with reading_scope(engine) as session:
        assert session.scalars(select(func.count()).select_from(Likeness)).one() == 0


def test_a_unit_that_answers_to_no_office_is_compared_with_none(engine: Engine, campaign: Campaign) -> None:
    sent(engine, answers("无主管机关的单位"))
    with reading_scope(engine) as session:
        assert session.scalars(select(func.count()).select_from(TextBand)).one() == 0


class TestWhenEverybodyWritesTheSame:
    """Which is the worst there can be: a hundred reports of one text, as the office gave it to all of them."""

    COUNT = 100

    def compared(self, engine: Engine, here: County) -> list[int]:
        """With how many others each of them is compared, one sent in after the other."""
        with session_scope(engine) as session:
            made = [self.made(session, here, number) for number in range(self.COUNT)]
            return [note(session, report, revision, answers(MARKET)) for report, revision in made]

    def test_each_is_compared_with_a_handful_however_many_there_are(self, engine: Engine, here: County) -> None:
        assert self.compared(engine, here)[NEAREST:] == [NEAREST] * (self.COUNT - NEAREST)

    def test_what_is_kept_to_find_them_by_does_not_grow_either(self, engine: Engine, here: County) -> None:
        self.compared(engine, here)
        of_a_band = select(func.count()).select_from(TextBand).group_by(TextBand.band)
        with reading_scope(engine) as session:
            assert set(session.scalars(of_a_band)) == {KEPT_OF_A_BAND}

    def test_without_the_limits_each_would_be_compared_with_all(
        self, engine: Engine, here: County, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(likeness, "NEAREST", self.COUNT)
        monkeypatch.setattr(likeness, "KEPT_OF_A_BAND", self.COUNT)
        self.COUNT = 30
        assert self.compared(engine, here) == list(range(30))

    def made(self, session: Session, here: County, number: int) -> tuple[Report, Revision]:
        """One more unit with this report."""
        name = f"临溪县第{number}局"
        unit = Unit(name=name, supervisor_id=here.office.id)
        session.add(unit)
        session.flush()
        report = report_for(session, unit, annual(), 2024)
        return report, snapshot(session, report, answers(name), CLERK)
