"""Working days are counted as offices work: both ends, no weekends, no holidays, the Sundays worked instead."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.deadlines import Holidays, published, working_days_left, working_days_on

NONE = Holidays(frozenset(), frozenset())
DAYS = st.dates(date(2024, 1, 1), date(2029, 12, 31))


@pytest.mark.parametrize(
    ("today", "due", "left"),
    [
        ("2026-01-19", "2026-01-26", 6),
        ("2026-01-26", "2026-01-26", 1),
        ("2026-01-24", "2026-01-25", 0),
        ("2026-01-27", "2026-01-26", 0),
        # The new year's holiday, and the Sunday after it on which people work.
        ("2026-01-01", "2026-01-05", 2),
        # The spring festival is over a week long.
        ("2026-02-13", "2026-02-25", 4),
        ("2025-01-26", "2025-01-31", 2),
        # A year whose holidays are not known yet: Monday to Friday.
        ("2029-01-01", "2029-01-07", 5),
    ],
)
def test_working_days_are_counted(today: str, due: str, left: int) -> None:
    assert working_days_left(date.fromisoformat(today), date.fromisoformat(due)) == left


@given(DAYS, DAYS)
def test_of_seven_days_in_a_row_five_are_worked_when_there_are_no_holidays(today: date, due: date) -> None:
    assert working_days_left(today, due + timedelta(days=7), NONE) >= working_days_left(today, due, NONE)
    assert working_days_left(today, today + timedelta(days=6), NONE) == 5


@given(DAYS)
def test_tomorrow_there_is_at_most_one_working_day_fewer(today: date) -> None:
    due = today + timedelta(days=40)
    now, tomorrow = (working_days_left(today + timedelta(days=days), due) for days in (0, 1))
    assert now - tomorrow == int(published().works(today))


def test_whoever_works_instead_works_on_a_weekend_and_whoever_is_off_was_due() -> None:
    assert {day.weekday() for day in published().work} <= {5, 6}
    assert published().off.isdisjoint(published().work)


def test_so_many_working_days_on_weekends_and_holidays_are_left_out() -> None:
    friday = date(2026, 1, 16)
    assert working_days_on(friday, 3) == date(2026, 1, 21)
    assert working_days_on(friday, 0) == friday


def test_a_saturday_on_which_people_work_counts() -> None:
    friday, saturday = date(2026, 1, 16), date(2026, 1, 17)
    assert working_days_on(friday, 1, Holidays(off=(), work=(saturday,))) == saturday
