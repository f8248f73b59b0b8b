"""The trail is found by person, sort, subject and day, the newest first; a chain is proved piece by piece."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, text

from storage import audit
from storage.audit import BEGINNING, verify_on
from storage.audit_trail import Wanted, are_more_than, head, newest, oldest
from storage.session import reading_scope, session_scope


@pytest.fixture
def written(engine: Engine) -> Engine:
    """Twelve acts of two people."""
    with session_scope(engine) as session:
        for number in range(12):
            who, act = ("account:wang", "report.send") if number % 3 else ("account:li", "account.disabled")
            audit.record(session, who, act, f"report:{number % 4}", number=number)
    return engine


def numbers(engine: Engine, wanted: Wanted, limit: int = 100, before: int | None = None) -> list[int]:
    with reading_scope(engine) as session:
        return [event.number for event in newest(session, wanted, limit, before)]


def test_the_newest_come_first_and_the_next_page_goes_on_where_the_last_ended(written: Engine) -> None:
    assert numbers(written, Wanted(), limit=5) == [12, 11, 10, 9, 8]
    assert numbers(written, Wanted(), limit=5, before=8) == [7, 6, 5, 4, 3]
    assert numbers(written, Wanted(), limit=5, before=1) == []


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Wanted(actors=("account:li",)), [10, 7, 4, 1]),
        (Wanted(actions=("account.disabled", "account.enabled")), [10, 7, 4, 1]),
        (Wanted(subjects=("report:0",)), [9, 5, 1]),
        (Wanted(actors=("account:li",), subjects=("report:0",)), [1]),
        (Wanted(actors=()), []),
        (Wanted(subjects=("report:9",)), []),
    ],
)
def test_each_filter_leaves_what_was_asked_for(written: Engine, wanted: Wanted, found: list[int]) -> None:
    assert numbers(written, wanted) == found


def test_a_period_has_a_beginning_and_an_end(written: Engine) -> None:
    with reading_scope(written) as session:
        moments = {event.number: event.at for event in newest(session, Wanted(), 100)}
    end = max(moments.values()) + timedelta(seconds=1)
    assert len(numbers(written, Wanted(since=min(moments.values()), until=end))) == 12
    assert numbers(written, Wanted(since=end)) == []
    assert numbers(written, Wanted(until=min(moments.values()))) == []
    last = moments[12]
    assert 12 in numbers(written, Wanted(since=last))
    assert 12 not in numbers(written, Wanted(until=last))


def test_all_are_gone_through_from_the_oldest_up_to_a_number(written: Engine) -> None:
    with reading_scope(written) as session:
        assert [one.number for one in oldest(session, Wanted(), 4, after=0, up_to=11)] == [1, 2, 3, 4]
        assert [one.number for one in oldest(session, Wanted(), 9, after=8, up_to=11)] == [9, 10, 11]
        assert are_more_than(session, Wanted(), 11)
        assert not are_more_than(session, Wanted(), 12)
        assert head(session)[0] == 12


def test_a_chain_is_read_on_piece_by_piece_while_others_write(written: Engine) -> None:
    so_far, read = BEGINNING, []
    while not so_far.is_over:
        with reading_scope(written) as session:
            so_far = verify_on(session, so_far, limit=5)
        read.append(so_far.number)
        if len(read) == 1:
            with session_scope(written) as session:
                audit.record(session, "account:wang", "report.send", "report:1")
    assert read == [5, 10, 13]
    assert (so_far.breach, so_far.of) == (None, 13)
    with reading_scope(written) as session:
        assert (so_far.number, so_far.sha256) == head(session)


def test_a_chain_whose_length_is_that_of_the_pieces_ends_as_well(written: Engine) -> None:
    with reading_scope(written) as session:
        half = verify_on(session, BEGINNING, limit=6)
        assert (half.number, half.is_over) == (6, False)
        whole = verify_on(session, half, limit=6)
        whole = whole if whole.is_over else verify_on(session, whole, limit=6)
    assert (whole.number, whole.is_over, whole.breach) == (12, True, None)


def test_a_breach_in_a_later_piece_is_found_and_told_with_what_is_still_whole(written: Engine) -> None:
    with reading_scope(written) as session:
        so_far = verify_on(session, BEGINNING, limit=5)
    on = " ON audit_event" if written.dialect.name == "postgresql" else ""
    with session_scope(written) as session:
        session.execute(text(f"DROP TRIGGER audit_event_no_update{on}"))
        session.execute(text("UPDATE audit_event SET actor = 'nobody' WHERE number = 8"))
    with reading_scope(written) as session:
        found = verify_on(session, so_far, limit=100)
    assert found.breach is not None
    assert (found.breach.number, found.breach.reason, found.number) == (8, "内容被改动", 7)
    assert found.is_over
