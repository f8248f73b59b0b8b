"""Quiet hours are by the clocks of China, and go over midnight."""

from datetime import UTC, datetime

import pytest

from storage.post.quiet_hours import quiet_hours


def at(clock: str) -> datetime:
    """A moment of 26 January, by the clocks of China."""
    return datetime.fromisoformat(f"2026-01-26T{clock}:00+08:00").astimezone(UTC)


@pytest.mark.parametrize(
    ("hours", "clock", "end"),
    [
        ("20:00-08:00", "19:59", None),
        ("20:00-08:00", "20:00", "2026-01-27T08:00:00+08:00"),
        ("20:00-08:00", "07:59", "2026-01-26T08:00:00+08:00"),
        ("20:00-08:00", "08:00", None),
        ("12:00 – 14:30", "13:00", "2026-01-26T14:30:00+08:00"),
        ("12:00至14:30", "14:30", None),
        ("22:00-00:00", "23:00", "2026-01-27T00:00:00+08:00"),
    ],
)
def test_it_is_quiet_until_they_end(hours: str, clock: str, end: str | None) -> None:
    known = quiet_hours(hours)
    assert known is not None
    assert known.until(at(clock)) == (end and datetime.fromisoformat(end))


def test_nothing_written_is_never_quiet() -> None:
    assert quiet_hours(" ") is None


@pytest.mark.parametrize("text", ["20-8", "25:00-08:00", "20:00", "20:00-20:00", "晚上", "20:60-08:00"])
def test_what_is_no_span_of_hours_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=text):
        quiet_hours(text)
