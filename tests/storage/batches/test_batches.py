"""A batch has one line for every unit that is expected: its job, or the reason why there is none."""

from collections import Counter

import pytest
from sqlalchemy import Engine, event, select

from reports.states import Move
from storage.audit import verify_chain
from storage.batches import batches, moves
from storage.batches.batches import BatchOpen, Forecast
from storage.batches.progress import progress
from storage.making import jobs
from storage.making.jobs import Recipe
from storage.session import reading_scope, session_scope
from storage.tables import (
    AuditEvent,
    Batch,
    BatchState,
    Campaign,
    Job,
    JobState,
    Lane,
    Report,
    ReportState,
    RosterEntry,
    Scope,
    Unit,
)
from tests.batches import (
    REVIEWER,
    campaign_of,
    fail,
    items,
    jobs_of,
    make,
    move,
    now_in,
    send,
    started,
    states,
)
from tests.orders import RECIPE
from tests.racing import race
from tests.units import collect

RUNNERS = 8


def told(engine: Engine, batch: Batch) -> dict[str, int]:
    with reading_scope(engine) as session:
        counted = progress(session, batch)
    return {"total": counted.total, "done": counted.done, "reused": counted.reused, "left_out": counted.left_out}


def expected(engine: Engine, batch: Batch) -> Counter[str]:
    return Counter(item.left_out or "made" for item in items(engine, batch))


def test_every_expected_unit_has_a_line_in_the_order_of_the_list(engine: Engine) -> None:
    batch = started(engine, campaign_of(engine, approved=2, sent=1, returned=1, silent=1))
    assert [item.left_out for item in items(engine, batch)] == [None, None, "not_approved", "returned", "not_begun"]
    assert told(engine, batch) == {"total": 2, "done": 0, "reused": 0, "left_out": 3}


def test_what_was_sent_in_is_made_when_that_is_asked_for(engine: Engine) -> None:
    batch = started(engine, campaign_of(engine, approved=2, sent=1, returned=1), Scope.SENT)
    assert expected(engine, batch) == {"made": 3, "returned": 1}


@pytest.mark.parametrize(
    ("state", "begun", "reason"),
    [
        (ReportState.DRAFT, False, "not_begun"),
        (ReportState.DRAFT, True, "not_sent"),
        (ReportState.SIGNING, True, "not_sent"),
    ],
)
def test_a_report_that_was_not_sent_says_how_far_it_is(
    engine: Engine, state: ReportState, begun: bool, reason: str
) -> None:
    campaign = campaign_of(engine, silent=1)
    with session_scope(engine) as session:
        unit = session.scalars(select(Unit).join(RosterEntry, RosterEntry.unit_id == Unit.id)).one()
        key = {"definition": campaign.definition, "edition": campaign.edition, "year": campaign.year}
        session.add(Report(unit_id=unit.id, **key, state=state, started="blank" if begun else None))
    assert expected(engine, started(engine, campaign)) == {reason: 1}


def test_of_an_exempt_unit_nothing_is_made_unless_there_is_something(engine: Engine) -> None:
    campaign = campaign_of(engine, approved=1, silent=1)
    with session_scope(engine) as session:
        for entry in session.scalars(select(RosterEntry)):
            entry.exempt_because = "已撤销"
    assert [item.left_out for item in items(engine, started(engine, campaign))] == [None, "exempt"]


def test_jobs_wait_in_the_lane_of_batches_after_the_recipe_of_the_batch(engine: Engine) -> None:
    batch = started(engine, campaign_of(engine, approved=2))
    with reading_scope(engine) as session:
        mine = session.scalars(select(Job).where(Job.id.in_(jobs_of(engine, batch)))).all()
    assert {(job.lane, job.state, job.template_version) for job in mine} == {
        (Lane.BATCH, JobState.QUEUED, RECIPE.template_version)
    }
    assert (batch.template_version, batch.renderer_version) == (RECIPE.template_version, RECIPE.renderer_version)


def test_what_has_not_changed_is_taken_over_and_what_has_changed_is_made(engine: Engine) -> None:
    campaign = campaign_of(engine, approved=3)
    first = started(engine, campaign)
    make(engine, jobs_of(engine, first))
    assert now_in(engine, first).state is BatchState.RUNNING
    close(engine, first)
    with session_scope(engine) as session:
        unit = session.scalars(select(Unit).where(Unit.id == items(engine, first)[0].unit_id)).one()
        move(session, [unit], Move.REOPEN)
        send(session, unit, "全年主动公开政府信息15条。")
        move(session, [unit], Move.APPROVE)
    second = started(engine, campaign)
    assert (first.number, second.number) == (1, 2)
    assert told(engine, second) == {"total": 3, "done": 2, "reused": 2, "left_out": 0}
    assert [item.reused for item in items(engine, second)] == [False, True, True]


def test_after_another_recipe_everything_is_made_anew(engine: Engine) -> None:
    campaign = campaign_of(engine, approved=2)
    first = started(engine, campaign)
    make(engine, jobs_of(engine, first))
    close(engine, first)
    second = started(engine, campaign, recipe=Recipe("template-2", "renderer-1"))
    assert told(engine, second) == {"total": 2, "done": 0, "reused": 0, "left_out": 0}


def test_when_all_of_it_was_there_before_it_is_finished_at_once(engine: Engine) -> None:
    campaign = campaign_of(engine, approved=2, silent=1)
    first = started(engine, campaign)
    make(engine, jobs_of(engine, first))
    close(engine, first)
    second = started(engine, campaign)
    assert (second.state, second.finished_at) == (BatchState.FINISHED, second.started_at)


def test_a_campaign_in_which_nobody_is_ready_is_finished_at_once_and_says_why(engine: Engine) -> None:
    batch = started(engine, campaign_of(engine, silent=2))
    assert batch.state is BatchState.FINISHED
    assert expected(engine, batch) == {"not_begun": 2}


def test_a_campaign_without_units_can_be_started_as_well(engine: Engine) -> None:
    batch = started(engine, campaign_of(engine))
    assert batch.state is BatchState.FINISHED
    assert told(engine, batch) == {"total": 0, "done": 0, "reused": 0, "left_out": 0}


def test_what_had_failed_or_was_cancelled_begins_anew_in_the_next_batch(engine: Engine) -> None:
    campaign = campaign_of(engine, approved=3)
    first = started(engine, campaign)
    fail(engine, jobs_of(engine, first)[:1])
    with session_scope(engine) as session:
        assert moves.cancel(session, session.get_one(Batch, first.id), REVIEWER)
    second = started(engine, campaign)
    assert states(engine, second) == [JobState.QUEUED] * 3
    assert jobs_of(engine, first) == jobs_of(engine, second)
    make(engine, jobs_of(engine, second))


def test_what_somebody_is_making_already_counts_as_this_batchs(engine: Engine) -> None:
    campaign = campaign_of(engine, approved=1)
    with session_scope(engine) as session:
        revision = session.scalars(select(jobs.Revision)).one()
        job_id = jobs.order(session, revision, RECIPE, Lane.PREVIEW).id
    batch = started(engine, campaign)
    assert jobs_of(engine, batch) == [job_id]
    make(engine, [job_id])
    assert told(engine, batch) == {"total": 1, "done": 1, "reused": 0, "left_out": 0}


def test_a_forecast_says_what_a_start_would_find(engine: Engine) -> None:
    campaign = campaign_of(engine, approved=2, sent=1, silent=2)
    make(engine, jobs_of(engine, started(engine, campaign))[:1])
    with reading_scope(engine) as session:
        found = batches.forecasts(session, campaign, RECIPE)
    assert found[Scope.APPROVED] == Forecast(total=2, reused=1, left_out={"not_approved": 1, "not_begun": 2})
    assert found[Scope.SENT].total == 3


def test_a_start_is_written_down(engine: Engine) -> None:
    batch = started(engine, campaign_of(engine, approved=2, silent=1))
    with session_scope(engine) as session:
        event = session.scalars(select(AuditEvent).where(AuditEvent.action == "batch.started")).one()
        assert (event.actor, event.subject) == (REVIEWER, f"batch:{batch.public_id}")
        assert '"jobs": 2' in event.detail
        assert verify_chain(session) is None


def start_many(engine: Engine, campaign: Campaign) -> list[Batch | None]:
    def run(_number: int) -> Batch | None:
        try:
            return started(engine, campaign)
        except BatchOpen:
            return None

    return [batch for batch in race(RUNNERS, run) if batch]


def test_of_many_who_start_at_once_one_starts(engine: Engine) -> None:
    campaign = campaign_of(engine, approved=2)
    assert len(start_many(engine, campaign)) == 1


def test_without_the_look_at_others_there_would_be_many(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    campaign = campaign_of(engine, approved=2)
    monkeypatch.setattr(batches, "open_batch", lambda session, campaign: None)
    assert len(start_many(engine, campaign)) == RUNNERS


def test_who_is_refused_is_told_which_batch_is_in_the_way(engine: Engine) -> None:
    campaign = campaign_of(engine, approved=1)
    first = started(engine, campaign)
    with pytest.raises(BatchOpen) as refused:
        started(engine, campaign)
    assert refused.value.public_id == first.public_id
    assert "第 1 批" in refused.value.for_person


def test_two_campaigns_do_not_stand_in_each_others_way(engine: Engine) -> None:
    assert started(engine, campaign_of(engine, approved=1)).number == 1
    assert started(engine, campaign_of(engine, approved=1)).number == 1


def test_three_thousand_units_are_ordered_in_a_few_statements(engine: Engine) -> None:
    with session_scope(engine) as session:
        office = Unit(name="澜江市人民政府办公室")
        session.add(office)
        session.flush()
        units = [Unit(name=f"{number}", supervisor_id=office.id) for number in range(3000)]
        session.add_all(units)
        session.flush()
        campaign = collect(session, office, *units, year=2024)
    statements: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *told: statements.append(told[2]))
    batch = started(engine, campaign)
    assert len(statements) < 40
    assert expected(engine, batch) == {"not_begun": 3000}


def close(engine: Engine, batch: Batch) -> None:
    with session_scope(engine) as session:
        assert moves.close_if_through(session, session.get_one(Batch, batch.id))
