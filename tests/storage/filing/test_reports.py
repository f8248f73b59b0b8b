"""What a clerk submits is kept once, with one job, however often it is sent."""

import pytest
from sqlalchemy import Engine, func, select, text
from sqlalchemy.exc import DBAPIError

from reports.states import Move, MoveRefused, ReportState
from storage.filing import reports, steps, submissions
from storage.filing.submissions import submit
from storage.session import reading_scope, session_scope
from storage.tables import AuditEvent, Job, JobState, Lane, Report, Revision, Submission, Unit
from tests.orders import CLERK, RECIPE, answers_of, ordered
from tests.people import ARCHIVES, MARKET
from tests.racing import race

SENDERS = 20


def sent(engine: Engine, **answers: object) -> tuple[int, int, int]:
    """Submit; the numbers of the report, the revision and the job it led to."""
    with session_scope(engine) as session:
        submission = submit(session, answers_of(**answers), CLERK, RECIPE)  # type: ignore[arg-type]
        return submission.report.id, submission.revision.number, submission.job.id


def count(engine: Engine, table: type[object]) -> int:
    with reading_scope(engine) as session:
        return session.scalars(select(func.count()).select_from(table)).one()


def test_a_first_submission_makes_a_report_a_revision_and_a_job(engine: Engine) -> None:
    with session_scope(engine) as session:
        submission = submit(session, answers_of(), CLERK, RECIPE, Lane.BATCH)
    assert submission.is_new
    assert submission.revision.number == 1
    assert submission.revision.answers.encode() == answers_of().to_json()
    assert submission.revision.created_by == CLERK
    assert (submission.job.state, submission.job.lane) == (JobState.QUEUED, Lane.BATCH)


def test_the_same_answers_again_find_the_same_revision_and_job(engine: Engine) -> None:
    assert sent(engine) == sent(engine)
    assert count(engine, AuditEvent) == 1


def test_other_answers_make_the_next_revision(engine: Engine) -> None:
    report, first, job = sent(engine)
    again, second, other_job = sent(engine, overview="主动公开二十件。")
    assert (again, first, second) == (report, 1, 2)
    assert other_job != job


def test_answers_that_return_to_an_earlier_wording_find_its_revision_and_its_documents(engine: Engine) -> None:
    first = sent(engine)
    sent(engine, overview="主动公开二十件。")
    assert sent(engine) == first
    assert count(engine, Submission) == 3


def test_a_report_in_review_takes_no_other_answers_but_knows_its_own(engine: Engine) -> None:
    report, _, job = sent(engine)
    with session_scope(engine) as session:
        steps.take(session, session.get_one(Report, report), Move.BEGIN_REVIEW, "account:li")
    assert sent(engine)[2] == job
    with pytest.raises(MoveRefused):
        sent(engine, overview="主动公开二十件。")
    assert count(engine, Revision) == 1


def test_no_program_sends_past_the_head_who_has_the_report_on_the_desk(engine: Engine) -> None:
    report, _, _ = sent(engine)
    with session_scope(engine) as session:
        one = session.get_one(Report, report)
        submissions.withdraw(session, one, CLERK)
        steps.take(session, one, Move.ASK_HEAD, CLERK)
    with pytest.raises(MoveRefused):
        sent(engine)


def test_what_was_withdrawn_does_not_count_and_can_be_sent_again(engine: Engine) -> None:
    report, _, job = sent(engine)
    with session_scope(engine) as session:
        submissions.withdraw(session, session.get_one(Report, report), CLERK)
    with reading_scope(engine) as session:
        one = session.get_one(Report, report)
        assert (one.state, reports.latest_revision(session, one)) == (ReportState.DRAFT, None)
        assert reports.list_reports(session) == []
    assert sent(engine)[2] == job


def test_each_unit_and_each_year_has_its_own_report(engine: Engine) -> None:
    told = [sent(engine), sent(engine, unit=MARKET), sent(engine, year=2023)]
    assert len({report for report, _, _ in told}) == 3
    assert count(engine, Unit) == 2


def everything_after_a_rush(engine: Engine) -> tuple[int, int, int, int]:
    """Twenty threads send the same form at once; how many units, reports, revisions and jobs there are."""
    race(SENDERS, lambda _: sent(engine))
    return (count(engine, Unit), count(engine, Report), count(engine, Revision), count(engine, Job))


def test_twenty_threads_that_send_the_same_form_make_one_job(engine: Engine) -> None:
    assert everything_after_a_rush(engine) == (1, 1, 1, 1)


def test_without_its_guard_each_of_them_would_make_a_job(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(submissions, "_says_the_same", lambda revision, answers: False)
    assert everything_after_a_rush(engine) == (1, 1, SENDERS, SENDERS)


def test_twenty_threads_that_send_different_answers_are_numbered_one_by_one(engine: Engine) -> None:
    numbers = race(SENDERS, lambda runner: sent(engine, overview=f"第{runner}稿。")[1])
    assert sorted(numbers) == list(range(1, SENDERS + 1))


def test_a_revision_cannot_be_rewritten(engine: Engine) -> None:
    ordered(engine)
    with pytest.raises(DBAPIError, match="may not be changed"), session_scope(engine) as session:
        session.execute(text("UPDATE revision SET answers = '{}'"))


def test_a_submission_that_fails_leaves_nothing_behind(engine: Engine) -> None:
    with pytest.raises(ZeroDivisionError), session_scope(engine) as session:
        submit(session, answers_of(), CLERK, RECIPE)
        raise ZeroDivisionError
    assert (count(engine, Unit), count(engine, Job), count(engine, AuditEvent)) == (0, 0, 0)


def test_the_list_shows_each_report_once_the_last_submitted_first(engine: Engine) -> None:
    sent(engine)
    sent(engine, unit=MARKET)
    sent(engine, overview="主动公开二十件。")
    with reading_scope(engine) as session:
        lines = reports.list_reports(session)
    assert [(line.unit, line.revision) for line in lines] == [(ARCHIVES, 2), (MARKET, 1)]
    assert {line.job_state for line in lines} == {JobState.QUEUED}


def test_a_report_is_found_by_its_public_id_and_by_no_other(engine: Engine) -> None:
    with session_scope(engine) as session:
        report = submit(session, answers_of(), CLERK, RECIPE).report
    with reading_scope(engine) as session:
        assert reports.find_report(session, report.public_id) is not None
        assert reports.find_report(session, str(report.id)) is None
