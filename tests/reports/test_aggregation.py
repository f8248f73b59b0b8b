"""Reports are added up cell by cell, to the last digit, and the sum says whose figures are not in it."""

from dataclasses import replace
from decimal import Decimal

import pytest

from reports.aggregation import CannotAddUp, add_up
from reports.answers import Unit
from reports.checks import check
from reports.loading import Definitions
from reports.reading import read_answers
from tests.people import (
    ANNUAL,
    ARCHIVES,
    DEFINITIONS,
    LANJIANG,
    MARKET,
    as_json,
    but,
    nil_return,
    ordinary_report,
    read,
)

FEES = "article_20_8.fees.charged"
RECEIVED = "requests.received.total"
TOWN = "临溪县青石镇人民政府"


def test_every_cell_is_the_sum_of_its_parts():
    whole = add_up([read(ordinary_report()), read(ordinary_report(TOWN)), read(nil_return())])
    once = read(ordinary_report())
    assert whole.figures == {name: 2 * figure.value for name, figure in once.figures.items()}
    assert (whole.definition.reference, whole.year) == (ANNUAL, 2024)
    assert whole.counted == (MARKET, TOWN, ARCHIVES)
    assert whole.complete


def test_what_adds_up_in_every_part_adds_up_in_the_whole():
    parts = [read(ordinary_report(f"临溪县第{number}局")) for number in range(5)]
    whole = but(nil_return(LANJIANG), cells={name: str(sum) for name, sum in add_up(parts).figures.items()})
    assert check(read(whole)) == []


def test_money_is_added_exactly():
    parts = [read(but(nil_return(f"第{number}局"), cells={FEES: "0.000001"})) for number in range(10)]
    parts.append(read(but(nil_return(), cells={FEES: "999999999999.9"})))
    assert add_up(parts).figures[FEES] == Decimal("999999999999.900010")


def test_one_report_is_its_own_sum():
    one = read(ordinary_report())
    assert add_up([one]).figures == {name: figure.value for name, figure in one.figures.items()}


def test_a_blank_is_counted_and_not_taken_for_zero():
    blank = read(but(nil_return(TOWN), cells={RECEIVED: None, FEES: "未统计"}))
    whole = add_up([read(ordinary_report()), blank])
    assert whole.figures[RECEIVED] == 16
    assert whole.blanks == {RECEIVED: 1, FEES: 1}
    assert not whole.complete


def test_a_cell_that_nobody_filled_in_has_no_sum():
    whole = add_up([read(but(nil_return(unit), cells={RECEIVED: None})) for unit in (ARCHIVES, TOWN)])
    assert RECEIVED not in whole.figures
    assert whole.blanks == {RECEIVED: 2}


def test_an_expected_unit_that_is_not_there_is_named():
    whole = add_up([read(nil_return())], expected=[MARKET, ARCHIVES, TOWN, MARKET])
    assert whole.missing == (MARKET, TOWN)
    assert not whole.complete


def test_nothing_cannot_be_added_up():
    with pytest.raises(CannotAddUp, match="没有可汇总的报告"):
        add_up([])


def test_different_years_cannot_be_added_up():
    with pytest.raises(CannotAddUp, match=f"“{TOWN}2023年政府信息公开工作年度报告”与“{ARCHIVES}2024年.*不是同一年度"):
        add_up([read(nil_return()), read(nil_return(TOWN, 2023))])


def test_different_kinds_of_report_cannot_be_added_up(define):
    other = define('[[section]]\nkey = "words"\nheading = "一"\ntexts = [{ key = "all" }]')
    with pytest.raises(CannotAddUp, match="不是同一年度的同一种报告"):
        add_up([read(nil_return()), replace(read(nil_return(TOWN)), definition=other)])


def test_one_edition_read_from_two_places_is_one_edition(tmp_path):
    copy = tmp_path / ANNUAL / "definition.toml"
    copy.parent.mkdir(parents=True)
    copy.write_bytes((DEFINITIONS.folder_of(DEFINITIONS[ANNUAL]) / "definition.toml").read_bytes())
    elsewhere = read_answers(as_json(nil_return(TOWN)), Definitions(tmp_path))
    assert add_up([read(nil_return()), elsewhere]).counted == (ARCHIVES, TOWN)


def test_one_unit_is_not_added_twice():
    with pytest.raises(CannotAddUp, match=f"“{ARCHIVES}”出现了两次"):
        add_up([read(nil_return()), read(ordinary_report(ARCHIVES))])


def test_ten_thousand_reports_are_added_up():
    one = read(ordinary_report())
    whole = add_up(replace(one, unit=Unit(f"第{number}局")) for number in range(10_000))
    assert whole.figures[FEES] == Decimal("123650.000")
    assert whole.figures[RECEIVED] == 160_000
    assert len(whole.counted) == 10_000
