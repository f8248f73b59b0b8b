"""A report's steps: taken once, whoever else tries, and told in order."""

from datetime import date

import pytest
from sqlalchemy import Engine

from reports.states import Move, MoveRefused, ReportState
from storage.filing import steps
from storage.filing.steps import last_step, steps_of, take
from storage.filing.submissions import submit
from storage.session import reading_scope, session_scope
from storage.tables import Report
from tests.orders import CLERK, RECIPE, answers_of
from tests.racing import race

REVIEWER = "account:li"
REVIEWERS = 12


@pytest.fixture
def report(engine: Engine) -> int:
    """A report that was sent in."""
    with session_scope(engine) as session:
        return submit(session, answers_of(), CLERK, RECIPE).report.id


def returned(engine: Engine, report: int) -> bool:
    """Whether this reviewer was the one who returned it."""
    try:
        with session_scope(engine) as session:
            take(session, session.get_one(Report, report), Move.RETURN, REVIEWER, remark="请核对。")
    except MoveRefused:
        return False
    return True


def test_the_way_of_a_report_is_told_from_the_first_step_on(engine: Engine, report: int) -> None:
    with session_scope(engine) as session:
        one = session.get_one(Report, report)
        take(session, one, Move.BEGIN_REVIEW, REVIEWER)
        take(session, one, Move.RETURN, REVIEWER, remark="第三部分请核对。", due_on=date(2025, 1, 22))
    with reading_scope(engine) as session:
        one = session.get_one(Report, report)
        told = [(step.number, step.move, step.before, step.after) for step in steps_of(session, one)]
        back = last_step(session, one, Move.RETURN)
    assert told == [
        (1, Move.SEND, ReportState.DRAFT, ReportState.SUBMITTED),
        (2, Move.BEGIN_REVIEW, ReportState.SUBMITTED, ReportState.REVIEWING),
        (3, Move.RETURN, ReportState.REVIEWING, ReportState.RETURNED),
    ]
    assert back is not None
    assert (back.remark, back.due_on) == ("第三部分请核对。", date(2025, 1, 22))


def test_of_many_reviewers_who_return_a_report_at_once_one_does(engine: Engine, report: int) -> None:
    assert race(REVIEWERS, lambda _: returned(engine, report)).count(True) == 1
    with reading_scope(engine) as session:
        assert len(steps_of(session, session.get_one(Report, report))) == 2


def test_a_step_that_was_seen_too_late_is_refused(engine: Engine, report: int) -> None:
    with session_scope(engine) as session:
        stale = session.get_one(Report, report)
        session.expunge(stale)
    assert returned(engine, report)
    with session_scope(engine) as session:
        session.add(stale)
        with pytest.raises(MoveRefused) as refused:
            take(session, stale, Move.APPROVE, REVIEWER)
        assert refused.value.state is ReportState.RETURNED


def test_without_the_guard_both_would_have_their_way(
    engine: Engine, report: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(steps, "rows_changed", lambda session, statement: 1)
    with session_scope(engine) as session:
        stale = session.get_one(Report, report)
        session.expunge(stale)
    assert returned(engine, report)
    with session_scope(engine) as session:
        session.add(stale)
        take(session, stale, Move.APPROVE, REVIEWER)
