"""A reviewer approves or returns what he saw; of two who decide at once the second is told, and nothing is lost."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import Engine, select

from reports.states import Move, MoveRefused, ReportState, after, moves_from
from storage.audit import verify_chain
from storage.filing import reviewing, steps
from storage.filing.comments import collected, comments_of, edit, find_comment, rounds
from storage.filing.reviewing import Overtaken, Return, approve, begin, give_back, note
from storage.filing.sending import withdraw
from storage.filing.steps import steps_of
from storage.filing.submissions import submit
from storage.session import reading_scope, session_scope
from storage.tables import AuditEvent, Comment, Report, Step
from tests.orders import CLERK, RECIPE, answers_of
from tests.racing import race

SHEN, LI = "account:shen", "account:li"
CELL = "requests.received.natural_person"
NEW_DAY = date(2026, 1, 29)


@pytest.fixture
def report(engine: Engine) -> Report:
    with session_scope(engine) as session:
        return submit(session, answers_of(), CLERK, RECIPE).report


def does(engine: Engine, act: Callable[..., object], report: Report, *told: object) -> object:
    """One act in a transaction of its own."""
    with session_scope(engine) as session:
        return act(session, session.get_one(Report, report.id), *told)


def sent_again(engine: Engine) -> None:
    with session_scope(engine) as session:
        submit(session, answers_of(overview="改过了。"), CLERK, RECIPE)


def state(engine: Engine, report: Report) -> ReportState:
    with reading_scope(engine) as session:
        return session.get_one(Report, report.id).state


def given(remark: str = "请改", *noted: int, move: Move = Move.RETURN) -> Return:
    return Return(remark, NEW_DAY, noted, move)


class TestBeginning:
    def test_from_then_on_the_clerk_cannot_withdraw(self, engine: Engine, report: Report) -> None:
        does(engine, begin, report, SHEN)
        with pytest.raises(MoveRefused):
            does(engine, withdraw, report, CLERK)

    def test_a_second_reviewer_finds_it_begun(self, engine: Engine, report: Report) -> None:
        does(engine, begin, report, SHEN)
        assert does(engine, begin, report, LI) is None
        with reading_scope(engine) as session:
            begun = [one.by for one in steps_of(session, report) if one.move is Move.BEGIN_REVIEW]
        assert begun == [SHEN]

    def test_with_the_first_word_noted_it_begins(self, engine: Engine, report: Report) -> None:
        does(engine, note, report, CELL, "请核对", SHEN, "一段话")
        assert state(engine, report) is ReportState.REVIEWING
        with reading_scope(engine) as session:
            [word] = collected(session, report)
        assert (word.text, word.quote, word.by) == ("请核对", "一段话", SHEN)


class TestApproving:
    def test_what_was_seen_is_approved(self, engine: Engine, report: Report) -> None:
        does(engine, approve, report, SHEN, 1)
        assert state(engine, report) is ReportState.APPROVED

    def test_what_was_sent_again_since_is_not(self, engine: Engine, report: Report) -> None:
        sent_again(engine)
        with pytest.raises(Overtaken):
            does(engine, approve, report, SHEN, 1)
        assert state(engine, report) is ReportState.SUBMITTED
        does(engine, approve, report, SHEN, 2)

    def test_what_is_not_submitted_is_not(self, engine: Engine, report: Report) -> None:
        does(engine, withdraw, report, CLERK)
        with pytest.raises(MoveRefused):
            does(engine, approve, report, SHEN, 1)


class TestReturning:
    def test_the_words_go_with_it_and_the_new_day(self, engine: Engine, report: Report) -> None:
        word = does(engine, note, report, CELL, "请核对", SHEN)
        does(engine, give_back, report, SHEN, 1, given("见批注", word.id))
        with reading_scope(engine) as session:
            assert [one.text for one in comments_of(session, report)] == ["请核对"]
            last = steps_of(session, report)[-1]
            assert (last.remark, last.due_on) == ("见批注", NEW_DAY)
            assert list(rounds(session, report)) == [last.id]

    def test_a_word_that_a_colleague_noted_meanwhile_is_looked_at_first(self, engine: Engine, report: Report) -> None:
        does(engine, note, report, CELL, "还有一处", LI)
        with pytest.raises(Overtaken):
            does(engine, give_back, report, SHEN, 1, given())
        assert state(engine, report) is ReportState.REVIEWING

    def test_what_was_approved_is_reopened_only_by_who_means_to(self, engine: Engine, report: Report) -> None:
        does(engine, approve, report, LI, 1)
        with pytest.raises(MoveRefused):
            does(engine, give_back, report, SHEN, 1, given())
        does(engine, give_back, report, SHEN, 1, given("公布前发现笔误", move=Move.REOPEN))
        assert state(engine, report) is ReportState.RETURNED

    def test_nothing_can_be_noted_on_what_was_returned(self, engine: Engine, report: Report) -> None:
        does(engine, give_back, report, SHEN, 1, given())
        with pytest.raises(MoveRefused):
            does(engine, note, report, CELL, "晚了一步", LI)


class TestWords:
    def test_what_was_noted_can_be_said_otherwise(self, engine: Engine, report: Report) -> None:
        word = does(engine, note, report, CELL, "请核对", SHEN)
        assert self.says(engine, word, "请与台账核对", seen="请核对")

    def test_not_over_a_colleague_who_said_it_otherwise_first(self, engine: Engine, report: Report) -> None:
        word = does(engine, note, report, CELL, "请核对", SHEN)
        assert self.says(engine, word, "请与台账核对", seen="请核对")
        assert not self.says(engine, word, "请说明", seen="请核对")

    def test_what_was_handed_over_is_not_found_any_more(self, engine: Engine, report: Report) -> None:
        word = does(engine, note, report, CELL, "请核对", SHEN)
        does(engine, give_back, report, SHEN, 1, given("见批注", word.id))
        assert not self.says(engine, word, "请说明", seen="请核对")
        with reading_scope(engine) as session:
            assert find_comment(session, report, word.id) is None

    def says(self, engine: Engine, word: Comment, text: str, seen: str) -> bool:
        with session_scope(engine) as session:
            return edit(session, session.get_one(Comment, word.id), text, LI, seen)


class TestAtOnce:
    """Approved, returned and withdrawn in the same moment."""

    def decide(self, engine: Engine, report: Report) -> list[str]:
        """What became of three who act at once: the move, or that it was refused."""

        def run(runner: int) -> str:
            acts: list[Callable[[], object]] = [
                lambda: does(engine, approve, report, SHEN, 1),
                lambda: does(engine, give_back, report, LI, 1, given()),
                lambda: does(engine, withdraw, report, CLERK),
            ]
            try:
                acts[runner]()
            except (MoveRefused, Overtaken):
                return "refused"
            return "done"

        return race(3, run)

    def test_one_of_them_has_it_and_the_others_are_told(self, engine: Engine, report: Report) -> None:
        outcomes = self.decide(engine, report)
        assert sorted(outcomes) == ["done", "refused", "refused"]
        won = (ReportState.APPROVED, ReportState.RETURNED, ReportState.DRAFT)[outcomes.index("done")]
        assert state(engine, report) is won
        with reading_scope(engine) as session:
            assert session.query(Step).count() == 2
            assert verify_chain(session) is None
            assert session.scalars(select(AuditEvent.action)).all().count("report.send") == 1

    def test_without_the_guard_two_of_them_would_have_it(
        self, engine: Engine, report: Report, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        # Every move leads on from everywhere, and nobody asks what it was that the reviewer saw.
        leads = {move: after(state, move) for state in ReportState for move in moves_from(state)}
        monkeypatch.setattr(steps, "after", lambda state, move: leads[move])
        monkeypatch.setattr(reviewing, "after", lambda state, move: leads[move])
        monkeypatch.setattr(reviewing, "_as_seen", lambda session, report, seen: None)
        assert self.decide(engine, report).count("done") > 1
