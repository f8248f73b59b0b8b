"""A draft is sent in once and as it was looked at; it can be taken back, whole, until somebody reviews it."""

import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from reports.admitting import Change
from reports.answers import Answers
from reports.drafting import draft_answers
from reports.states import OPEN, SENT, Move, MoveRefused, ReportState, moves_from
from storage.audit import verify_chain
from storage.filing import fields, sending, steps, submissions
from storage.filing.fields import NotOpen, fields_of, typed_in
from storage.filing.reports import answers_of, latest_submission
from storage.filing.sending import DraftChanged
from storage.filing.submissions import Sent
from storage.session import make_engine, reading_scope, session_scope
from storage.settings import Settings
from storage.tables import Job, JobState, Lane, Report, Revision, Step, Submission, Unit
from tests.orders import RECIPE
from tests.people import MARKET, annual, ordinary_report, read
from tests.racing import race

CLERK, REVIEWER = "account:wang", "account:limin"
CELL = "requests.received.natural_person"
REASON, DECLARATION = {f"X1@{CELL}": "上年漏计 3 件"}, {"filler": "王芳", "filler_phone": "0571-88"}
SENDERS = 20


def begun(engine: Engine) -> Report:
    """A report with everything typed in."""
    with session_scope(engine) as session:
        number = session.scalars(select(func.count()).select_from(Unit)).one()
        unit = Unit(name=f"{MARKET}{number or ''}")
        session.add(unit)
        session.flush()
        key = {"definition": annual().id, "edition": annual().edition, "year": 2024}
        report = Report(unit_id=unit.id, **key, state=ReportState.DRAFT)
        session.add(report)
        session.flush()
        fields.replace(session, report, read(ordinary_report()), CLERK)
    return report


@pytest.fixture
def report(engine: Engine) -> Report:
    """A report with everything typed in."""
    return begun(engine)


def drafted(engine: Engine, report: Report) -> Answers:
    with reading_scope(engine) as session:
        return draft_answers(annual(), MARKET, 2024, typed_in(fields_of(session, report)))


def send(engine: Engine, report: Report, answers: Answers | None = None) -> Sent:
    answers = answers or drafted(engine, report)
    with session_scope(engine) as session:
        mine = session.get_one(Report, report.id)
        return sending.send(session, mine, answers, REASON, DECLARATION, CLERK, RECIPE)


def withdraw(engine: Engine, report: Report) -> None:
    with session_scope(engine) as session:
        sending.withdraw(session, session.get_one(Report, report.id), CLERK)


def move(engine: Engine, report: Report, move: Move) -> None:
    with session_scope(engine) as session:
        steps.take(session, session.get_one(Report, report.id), move, REVIEWER)


def type_in(engine: Engine, report: Report, value: str) -> None:
    with session_scope(engine) as session:
        fields.save(session, report, [Change(CELL, value)], CLERK, annual())


def count(engine: Engine, table: type[object]) -> int:
    with reading_scope(engine) as session:
        return session.scalars(select(func.count()).select_from(table)).one()


def state(engine: Engine, report: Report) -> ReportState:
    with reading_scope(engine) as session:
        return session.get_one(Report, report.id).state


def test_what_is_sent_is_frozen_with_its_reasons_and_its_declaration(engine: Engine, report: Report) -> None:
    answers = drafted(engine, report)
    sent = send(engine, report, answers)
    with reading_scope(engine) as session:
        assert answers_of(session, sent.revision.id) == answers.to_json()
        submission = session.get_one(Submission, sent.submission.id)
    assert json.loads(submission.reasons) == REASON
    assert json.loads(submission.declaration) == DECLARATION
    assert submission.receipt.startswith("2024-")
    assert sent.job.state is JobState.QUEUED
    assert state(engine, report) is ReportState.SUBMITTED


def everything_after_a_rush(engine: Engine, report: Report) -> tuple[int, int, int, int]:
    """Twenty threads send one draft at once; how many submissions, revisions, jobs and steps there are."""
    answers = drafted(engine, report)
    found = race(SENDERS, lambda _: send(engine, report, answers).submission.receipt)
    assert len(set(found)) == count(engine, Submission)
    return count(engine, Submission), count(engine, Revision), count(engine, Job), count(engine, Step)


def test_twenty_threads_that_send_a_draft_make_one_submission(engine: Engine, report: Report) -> None:
    assert everything_after_a_rush(engine, report) == (1, 1, 1, 1)


def test_without_its_guard_each_of_them_would_make_a_submission(
    engine: Engine, report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(submissions, "_says_the_same", lambda revision, answers: False)
    assert everything_after_a_rush(engine, report)[0] == SENDERS


def test_what_was_changed_after_it_was_looked_at_is_not_sent(engine: Engine, report: Report) -> None:
    looked_at = drafted(engine, report)
    type_in(engine, report, "99")
    with pytest.raises(DraftChanged):
        send(engine, report, looked_at)
    assert (count(engine, Submission), state(engine, report)) == (0, ReportState.DRAFT)


def saving(session: Session, report: Report) -> None:
    """Somebody's save, under way until the session's transaction ends."""
    fields.save(session, session.get_one(Report, report.id), [Change(CELL, "99")], CLERK, annual())


def test_whoever_sends_waits_for_a_save_that_is_under_way(engine: Engine, report: Report) -> None:
    looked_at = drafted(engine, report)
    with ThreadPoolExecutor(1) as pool:
        with session_scope(engine) as session:
            saving(session, report)
            sent = pool.submit(send, engine, report, looked_at)
        with pytest.raises(DraftChanged):
            sent.result()


def test_without_waiting_a_save_would_be_told_kept_and_be_missing_in_what_was_sent(
    province: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fields, "_hold_open", lambda session, report: None)
    # The audit trail's own lock would hold up whoever sends, though only after he has read the fields.
    monkeypatch.setattr(fields, "audit", SimpleNamespace(record=lambda *told, **detail: None))
    engine = make_engine(province)
    try:
        report = begun(engine)
        with session_scope(engine) as session:
            saving(session, report)
            sent = send(engine, report).revision
        assert sent.sha256 != drafted(engine, report).digest
    finally:
        engine.dispose()


def test_what_was_withdrawn_is_open_again_with_everything_in_it(engine: Engine, report: Report) -> None:
    before = drafted(engine, report).to_json()
    send(engine, report)
    withdraw(engine, report)
    assert drafted(engine, report).to_json() == before
    with reading_scope(engine) as session:
        assert latest_submission(session, report) is None
    type_in(engine, report, "13")


def test_what_is_being_reviewed_cannot_be_withdrawn(engine: Engine, report: Report) -> None:
    send(engine, report)
    move(engine, report, Move.BEGIN_REVIEW)
    with pytest.raises(MoveRefused):
        withdraw(engine, report)


def test_of_a_clerk_who_withdraws_and_a_reviewer_who_begins_one_is_faster(engine: Engine, report: Report) -> None:
    send(engine, report)

    def run(runner: int) -> bool:
        with suppress(MoveRefused):
            if runner % 2:
                move(engine, report, Move.BEGIN_REVIEW)
            else:
                withdraw(engine, report)
            return True
        return False

    assert sum(race(6, run)) == 1


def test_a_second_submission_has_a_receipt_of_its_own(engine: Engine, report: Report) -> None:
    first = send(engine, report)
    withdraw(engine, report)
    second = send(engine, report)
    assert first.submission.receipt != second.submission.receipt
    # The same answers are the same revision, and their documents are made already or on their way.
    assert (second.revision.id, second.job.id) == (first.revision.id, first.job.id)


def test_a_preview_makes_the_documents_of_a_draft_and_sends_nothing(engine: Engine, report: Report) -> None:
    def previewed(_runner: int) -> int:
        answers = drafted(engine, report)
        with session_scope(engine) as session:
            job = sending.preview(session, session.get_one(Report, report.id), answers, CLERK, RECIPE)
            assert job.lane is Lane.PREVIEW
            return job.id

    [job] = {*race(6, previewed)}
    assert (count(engine, Revision), count(engine, Submission), state(engine, report)) == (1, 0, ReportState.DRAFT)
    type_in(engine, report, "13")
    assert previewed(0) != job
    assert count(engine, Revision) == 2


# --- any way that a report can go ---

ACTS = st.lists(st.sampled_from([*Move, "type"]), max_size=25)


@given(ACTS)
@examples(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_whatever_people_try_one_after_the_other_the_report_stands_where_its_steps_lead(
    engine: Engine, acts: list[Move | str]
) -> None:
    report = begun(engine)
    stands, value, sent = ReportState.DRAFT, 12, 0
    for act in acts:
        value += 1
        try:
            if act == "type":
                type_in(engine, report, f"{value}")
                assert stands in OPEN
                continue
            if act is Move.SEND:
                # Sending what stands as sent already is no step.
                sent += send(engine, report).is_new
            elif act is Move.WITHDRAW:
                withdraw(engine, report)
            else:
                move(engine, report, Move(act))
        except NotOpen:
            assert stands not in OPEN
        except MoveRefused as refused:
            assert refused.state is stands
            assert act not in moves_from(stands)
        stands = state(engine, report)
    with reading_scope(engine) as session:
        way = steps.steps_of(session, report)
        assert [step.number for step in way] == list(range(1, len(way) + 1))
        assert [step.before for step in way[1:]] == [step.after for step in way[:-1]]
        assert (way[-1].after if way else ReportState.DRAFT) is stands
        standing = latest_submission(session, report)
        assert (standing is not None) >= (stands in SENT)
        made = session.scalars(select(func.count()).where(Submission.report_id == report.id)).one()
        assert made == sent == sum(step.move is Move.SEND for step in way)
        assert verify_chain(session) is None
