"""An operator opens, lists and closes the year's collection at the command line."""

from datetime import date

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from service.cli import main
from storage.session import make_engine, session_scope
from storage.settings import Settings
from storage.tables import Campaign, RosterEntry, Unit
from tests.people import ANNUAL, ARCHIVES, MARKET
from tests.units import OFFICE, county

DAYS = ("--due", "2025-01-26", "--publish-by", "2025-01-31")


@pytest.fixture(autouse=True)
def at_home(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands read their settings from the environment; 临溪县 has its units."""
    monkeypatch.setenv("NIANBAO_DATA_DIR", str(settings.data_dir))
    engine = make_engine(settings)
    with session_scope(engine) as session:
        county(session)
    engine.dispose()


def nianbao(*words: str) -> Result:
    return CliRunner().invoke(main, ["campaign", *words])


def roster(settings: Settings) -> list[str]:
    engine = make_engine(settings)
    with session_scope(engine) as session:
        named = select(Unit.name).join(RosterEntry, RosterEntry.unit_id == Unit.id).order_by(Unit.name)
        found = list(session.scalars(named))
    engine.dispose()
    return found


def number_of_the_only_one(settings: Settings) -> str:
    engine = make_engine(settings)
    with session_scope(engine) as session:
        campaign = session.scalars(select(Campaign)).one()
    engine.dispose()
    assert (campaign.due_on, campaign.publish_by) == (date(2025, 1, 26), date(2025, 1, 31))
    return campaign.public_id


def test_a_campaign_expects_every_unit_of_its_office(settings: Settings) -> None:
    opened = nianbao("open", OFFICE, ANNUAL, "2024", *DAYS)
    assert (opened.exit_code, "2 个单位" in opened.output) == (0, True)
    assert roster(settings) == sorted([ARCHIVES, MARKET])
    assert number_of_the_only_one(settings) in opened.output


def test_a_unit_can_be_left_out(settings: Settings) -> None:
    assert nianbao("open", OFFICE, ANNUAL, "2024", *DAYS, "--exempt", ARCHIVES).exit_code == 0
    assert roster(settings) == [MARKET]


def test_it_is_listed_and_closed_once(settings: Settings) -> None:
    assert "还没有年度填报" in nianbao("list").output
    nianbao("open", OFFICE, ANNUAL, "2024", *DAYS)
    number = number_of_the_only_one(settings)
    assert "进行中" in nianbao("list").output
    assert nianbao("close", number).exit_code == 0
    assert "已结束" in nianbao("list").output
    assert nianbao("close", number).exit_code == 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("open", "某某局", ANNUAL, "2024", *DAYS), "没有名为"),
        (("open", MARKET, ANNUAL, "2024", *DAYS), "还没有下属单位"),
        (("open", OFFICE, ANNUAL, "1999", *DAYS), "年度应在"),
        (("open", OFFICE, "nothing/1", "2024", *DAYS), "没有“nothing/1”"),
        (("open", OFFICE, ANNUAL, "2024", *DAYS, "--exempt", "某某局"), "下属单位里没有"),
        (("open", OFFICE, ANNUAL, "2024", "--due", "2025-02-01", "--publish-by", "2025-01-31"), "早于"),
        (("open", OFFICE, ANNUAL, "2024", "--due", "元月", "--publish-by", "2025-01-31"), "元月"),
        (("close", "nothing"), "没有编号"),
    ],
)
def test_what_cannot_be_is_refused_in_words(settings: Settings, words: tuple[str, ...], said: str) -> None:
    refused = nianbao(*words)
    assert (refused.exit_code, said in refused.output) == (2, True)
    assert roster(settings) == []


def test_the_same_campaign_is_not_opened_twice(settings: Settings) -> None:
    nianbao("open", OFFICE, ANNUAL, "2024", *DAYS)
    refused = nianbao("open", OFFICE, ANNUAL, "2024", *DAYS)
    assert (refused.exit_code, "不能再建一次" in refused.output) == (2, True)
    assert len(roster(settings)) == 2
