"""What comes each year is due at its hour in China, and is made good for a day."""

from datetime import UTC, datetime, timedelta

import pytest

from storage.each_year import due_since
from storage.settings import Settings, SettingsRefused, load_settings

# 21:00 in China.
DUE = datetime(2026, 1, 20, 13, tzinfo=UTC)


@pytest.mark.parametrize(
    ("after", "is_due"),
    [
        (timedelta(seconds=-1), False),
        (timedelta(0), True),
        (timedelta(hours=23, minutes=59), True),
        (timedelta(days=1), False),
        (timedelta(days=180), False),
    ],
)
def test_it_is_due_from_its_hour_on_for_a_day(after: timedelta, is_due: bool) -> None:
    assert due_since("01-20 21:00", DUE + after) == (DUE if is_due else None)


def test_what_is_due_on_the_last_evening_of_a_year_is_made_good_in_the_next() -> None:
    assert due_since("12-31 23:00", datetime(2026, 1, 1, 1, tzinfo=UTC)) == datetime(2025, 12, 31, 15, tzinfo=UTC)


def test_nothing_is_due_where_nothing_is_set() -> None:
    assert due_since(Settings().batch_at, DUE) is None


@pytest.mark.parametrize("text", ["01-20", "1-20 21:00", "02-29 21:00", "13-01 21:00", "01-20 24:00", "每年 1 月"])
def test_what_is_no_day_and_hour_of_each_year_is_refused_in_words(text: str) -> None:
    with pytest.raises(SettingsRefused) as refused:
        load_settings(batch_at=text)
    assert "例如 01-20 21:00" in refused.value.for_person
