"""A reviewer's words reach the clerk with the return, all together and not before."""

import pytest
from sqlalchemy import Engine

from reports.states import Move
from storage.filing import steps
from storage.filing.comments import add_comment, collected, comments_of, hand_over, take_back
from storage.filing.submissions import submit
from storage.session import reading_scope, session_scope
from storage.tables import Report
from tests.orders import CLERK, RECIPE, answers_of

REVIEWER = "account:limin"
CELL = "requests.received.natural_person"


@pytest.fixture
def report(engine: Engine) -> Report:
    """A report that was sent in."""
    with session_scope(engine) as session:
        return submit(session, answers_of(), CLERK, RECIPE).report


def say(engine: Engine, report: Report, text: str, name: str = CELL) -> None:
    with session_scope(engine) as session:
        add_comment(session, report, name, text, REVIEWER)


def give_back(engine: Engine, report: Report) -> int:
    """The reviewer returns the report; how many words come with it."""
    with session_scope(engine) as session:
        step = steps.take(session, session.get_one(Report, report.id), Move.RETURN, REVIEWER, remark="请改")
        return hand_over(session, report, step)


def seen(engine: Engine, report: Report) -> tuple[list[str], list[str]]:
    """What the clerk sees, and what the reviewer has not handed over."""
    with reading_scope(engine) as session:
        return (
            [one.text for one in comments_of(session, report)],
            [one.text for one in collected(session, report)],
        )


def test_the_clerk_sees_nothing_while_the_reviewer_is_reading(engine: Engine, report: Report) -> None:
    say(engine, report, "与上年不一致")
    assert seen(engine, report) == ([], ["与上年不一致"])


def test_with_the_return_everything_noted_is_handed_over(engine: Engine, report: Report) -> None:
    say(engine, report, "与上年不一致")
    say(engine, report, "请补充措施", "problems.improved")
    say(engine, report, "总体不错", "")
    assert give_back(engine, report) == 3
    assert seen(engine, report) == (["与上年不一致", "请补充措施", "总体不错"], [])


def test_only_the_words_of_the_last_return_count(engine: Engine, report: Report) -> None:
    say(engine, report, "第一次")
    give_back(engine, report)
    with session_scope(engine) as session:
        submit(session, answers_of(overview="改过了。"), CLERK, RECIPE)
    say(engine, report, "第二次")
    give_back(engine, report)
    assert seen(engine, report) == (["第二次"], [])


def test_of_a_return_without_words_none_of_an_older_one_are_shown(engine: Engine, report: Report) -> None:
    say(engine, report, "第一次")
    give_back(engine, report)
    with session_scope(engine) as session:
        submit(session, answers_of(overview="改过了。"), CLERK, RECIPE)
    give_back(engine, report)
    assert seen(engine, report) == ([], [])


def test_a_word_can_be_taken_back_until_it_is_handed_over(engine: Engine, report: Report) -> None:
    say(engine, report, "看错了")
    with session_scope(engine) as session:
        [word] = collected(session, report)
        assert take_back(session, word)
    say(engine, report, "没看错")
    give_back(engine, report)
    with session_scope(engine) as session:
        [word] = comments_of(session, report)
        assert not take_back(session, word)
    assert seen(engine, report) == (["没看错"], [])
