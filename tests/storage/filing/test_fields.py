"""What is typed is kept field by field: nothing lost, nothing overwritten unseen, whoever types at the same moment."""

from typing import Any

import pytest
from sqlalchemy import Engine, func, select, true

from reports.admitting import Change
from reports.drafting import draft_answers
from reports.states import Move, ReportState
from storage.filing import fields, steps
from storage.filing.fields import NotOpen, Outcome, fields_of, typed_in
from storage.session import reading_scope, session_scope
from storage.tables import AuditEvent, Report, Unit
from tests.people import MARKET, annual, but, ordinary_report, read
from tests.racing import race

CLERK, COLLEAGUE = "account:wang", "account:li"
CELL, OTHER = "requests.received.natural_person", "requests.received.legal_person.company"
TOTAL, TEXT, REASON = "requests.received.total", "overview.proactive", f"X1@{CELL}"
SAVERS = 20


@pytest.fixture
def report(engine: Engine) -> Report:
    """A report that a clerk has begun."""
    with session_scope(engine) as session:
        unit = Unit(name=MARKET)
        session.add(unit)
        session.flush()
        definition = annual()
        report = Report(
            unit_id=unit.id,
            definition=definition.id,
            edition=definition.edition,
            year=2024,
            state=ReportState.DRAFT,
        )
        session.add(report)
    return report


def save(engine: Engine, report: Report, *changes: Change, by: str = CLERK) -> Outcome:
    with session_scope(engine) as session:
        return fields.save(session, report, changes, by, annual())


def kept(engine: Engine, report: Report) -> dict[str, tuple[str, str, int]]:
    """Value, note and version of every field."""
    with reading_scope(engine) as session:
        return {name: (one.value, one.note, one.version) for name, one in fields_of(session, report).items()}


def told(engine: Engine) -> int:
    with reading_scope(engine) as session:
        return session.scalars(select(func.count()).where(AuditEvent.action == "report.filled")).one()


def test_what_is_typed_is_kept_as_it_was_typed_with_who_and_when(engine: Engine, report: Report) -> None:
    [field] = save(engine, report, Change(CELL, "１２件", "含口头", 0)).saved
    assert (field.value, field.note, field.version, field.changed_by) == ("１２件", "含口头", 1, CLERK)
    assert field.changed_at.tzinfo is not None
    assert kept(engine, report) == {CELL: ("１２件", "含口头", 1)}


def test_whoever_saves_over_what_he_has_seen_gets_the_next_version(engine: Engine, report: Report) -> None:
    save(engine, report, Change(CELL, "1", version=0))
    assert save(engine, report, Change(CELL, "2", version=1)).saved[0].version == 2


@pytest.mark.parametrize("seen", [0, 1, 3])
def test_whoever_saves_over_what_he_has_not_seen_is_shown_it(engine: Engine, report: Report, seen: int) -> None:
    save(engine, report, Change(CELL, "1", version=0))
    save(engine, report, Change(CELL, "2", version=1), by=COLLEAGUE)
    outcome = save(engine, report, Change(CELL, "3", version=seen))
    assert outcome.saved == ()
    [theirs] = outcome.conflicts
    assert (theirs.value, theirs.version, theirs.changed_by) == ("2", 2, COLLEAGUE)
    assert kept(engine, report) == {CELL: ("2", "", 2)}


def test_whoever_types_the_same_is_in_no_conflict(engine: Engine, report: Report) -> None:
    save(engine, report, Change(CELL, "1", version=0))
    outcome = save(engine, report, Change(CELL, "1", version=0), by=COLLEAGUE)
    assert [(one.version, one.changed_by) for one in outcome.saved] == [(1, CLERK)]
    assert told(engine) == 1


def test_whoever_does_not_care_always_saves(engine: Engine, report: Report) -> None:
    save(engine, report, Change(CELL, "1"))
    assert save(engine, report, Change(CELL, "2")).saved[0].version == 2


def test_one_conflict_does_not_hold_up_the_other_fields(engine: Engine, report: Report) -> None:
    save(engine, report, Change(CELL, "1", version=0), by=COLLEAGUE)
    outcome = save(engine, report, Change(CELL, "2", version=0), Change(OTHER, "3", version=0))
    assert [one.name for one in outcome.saved] == [OTHER]
    assert [one.name for one in outcome.conflicts] == [CELL]


def test_emptying_a_field_is_a_change_like_any_other(engine: Engine, report: Report) -> None:
    save(engine, report, Change(CELL, "1", version=0))
    save(engine, report, Change(CELL, "", version=1))
    assert kept(engine, report) == {CELL: ("", "", 2)}


def test_a_blank_in_a_field_nobody_touched_leaves_it_untouched(engine: Engine, report: Report) -> None:
    assert save(engine, report, Change(CELL, "", version=0)).saved[0].version == 0
    assert kept(engine, report) == {}


# --- what a field can hold ---


def test_a_total_keeps_what_is_said_about_it_and_no_figure(engine: Engine, report: Report) -> None:
    save(engine, report, Change(TOTAL, "99", "其中网上12件"))
    assert kept(engine, report) == {TOTAL: ("", "其中网上12件", 1)}


def test_a_text_is_kept_without_what_cannot_be_printed(engine: Engine, report: Report) -> None:
    outcome = save(engine, report, Change(TEXT, "全年\r\n主动\x00公开\u2028信息\u202e", "note"))
    assert kept(engine, report) == {TEXT: ("全年\n主动公开\n信息", "", 1)}
    assert outcome.cleaned == {TEXT: 2}


def test_a_reason_is_kept_beside_the_figures(engine: Engine, report: Report) -> None:
    save(engine, report, Change(REASON, "上年漏计 3 件"))
    assert kept(engine, report) == {REASON: ("上年漏计 3 件", "", 1)}


@pytest.mark.parametrize(
    "change",
    [
        Change("requests.received.nobody", "1"),
        Change("", "1"),
        Change(f"X99@{CELL}", "因为"),
        Change("X1@requests.received.nobody", "因为"),
        Change(CELL, "1" * 65),
        Change(CELL, "1", "说" * 61),
        Change(TEXT, "公" * 30_001),
        Change(REASON, "因" * 1001),
    ],
    ids=lambda change: ascii(change.name)[:40],
)
def test_what_a_field_cannot_hold_is_refused_by_name_and_the_rest_is_kept(
    engine: Engine, report: Report, change: Change
) -> None:
    outcome = save(engine, report, change, Change(OTHER, "3"))
    assert [(one.name, bool(one.reason), bool(one.remedy)) for one in outcome.refused] == [(change.name, True, True)]
    assert set(kept(engine, report)) == {OTHER}


# --- only while the report is open ---


@pytest.mark.parametrize("state", [ReportState.SUBMITTED, ReportState.REVIEWING, ReportState.APPROVED])
def test_nothing_is_changed_in_a_report_that_is_out_of_hand(engine: Engine, report: Report, state: ReportState) -> None:
    with session_scope(engine) as session:
        session.get_one(Report, report.id).state = state
    with pytest.raises(NotOpen) as refused:
        save(engine, report, Change(CELL, "1"))
    assert refused.value.state is state
    assert kept(engine, report) == {}


def sent_meanwhile(engine: Engine, report: Report) -> int:
    """Saving and sending in a race; how many saves were told that they are kept but are not in what was sent."""

    def run(runner: int) -> tuple[str, dict[str, Any]]:
        try:
            with session_scope(engine) as session:
                if runner:
                    fields.save(session, report, [Change(f"{CELL}", str(runner), version=None)], CLERK, annual())
                    return "saved", {}
                mine = session.get_one(Report, report.id)
                steps.take(session, mine, Move.SEND, CLERK)
                return "sent", typed_in(fields_of(session, mine))
        except NotOpen:
            return "late", {}

    outcomes = race(6, run)
    [sent] = [what for word, what in outcomes if word == "sent"]
    after = {name: value for name, (value, _, _) in kept(engine, report).items()}
    return 0 if after == {name: value for name, (value, _) in sent.items()} else 1


def test_what_is_saved_is_in_what_is_sent_or_refused(engine: Engine, report: Report) -> None:
    assert sent_meanwhile(engine, report) == 0


# --- races ---


def test_of_twenty_threads_that_save_one_field_every_version_goes_to_one(engine: Engine, report: Report) -> None:
    outcomes = race(SAVERS, lambda runner: save(engine, report, Change(CELL, f"{runner + 1}")))
    assert sorted(outcome.saved[0].version for outcome in outcomes) == list(range(1, SAVERS + 1))
    last = max(outcomes, key=lambda outcome: outcome.saved[0].version)
    assert kept(engine, report)[CELL][0] == last.saved[0].value


def test_whoever_tries_again_over_what_he_is_shown_gets_through(engine: Engine, report: Report) -> None:
    def run(runner: int) -> int:
        seen = 0
        while True:
            outcome = save(engine, report, Change(CELL, f"{runner + 1}", version=seen))
            if outcome.saved:
                return outcome.saved[0].version
            seen = outcome.conflicts[0].version

    assert sorted(race(5, run)) == [1, 2, 3, 4, 5]


def overwritten_unseen(engine: Engine, report: Report) -> int:
    """Twenty threads that have all seen version 1 save; how many more than one of them were told that it is kept."""
    save(engine, report, Change(CELL, "0", version=0))
    outcomes = race(SAVERS, lambda runner: save(engine, report, Change(CELL, f"{runner + 1}", version=1)))
    winners = [one.saved[0].value for one in outcomes if one.saved]
    assert kept(engine, report)[CELL][0] in winners
    assert all(one.conflicts[0].value in winners for one in outcomes if one.conflicts)
    return len(winners) - 1


def test_of_twenty_threads_that_have_seen_the_same_only_one_saves(engine: Engine, report: Report) -> None:
    assert overwritten_unseen(engine, report) == 0


def test_without_its_guard_they_would_overwrite_each_other(
    engine: Engine, report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fields, "_unchanged", lambda change: true())
    assert overwritten_unseen(engine, report) == SAVERS - 1


def test_twenty_threads_that_save_two_fields_in_opposite_order_do_not_wait_for_each_other(
    engine: Engine, report: Report
) -> None:
    def run(runner: int) -> Outcome:
        both = [Change(CELL, f"{runner}"), Change(OTHER, f"{runner}")]
        return save(engine, report, *(both if runner % 2 else reversed(both)))

    race(SAVERS, run)
    values = kept(engine, report)
    # Both by the same thread: the last one's.
    assert values[CELL][0] == values[OTHER][0]


# --- many at once ---


def test_only_blank_fields_are_filled_and_the_others_named(engine: Engine, report: Report) -> None:
    save(engine, report, Change(CELL, "12"), Change(OTHER, ""), Change("requests.carried_in.natural_person", "0"))
    names = [CELL, OTHER, "requests.carried_in.natural_person", "requests.carried_out.natural_person"]
    with session_scope(engine) as session:
        written, left = fields.fill_blanks(session, report, dict.fromkeys(names, "0"), CLERK)
    assert (written, left) == ((OTHER, "requests.carried_out.natural_person"), (CELL,))
    assert {name: value for name, (value, _, _) in kept(engine, report).items()} == dict.fromkeys(names, "0") | {
        CELL: "12"
    }


def test_a_draft_becomes_the_answers_that_a_program_sent(engine: Engine, report: Report) -> None:
    note = {"value": 9, "note": "其中修订2件"}
    document = but(ordinary_report(), cells={"article_20_1.normative_documents.in_force": note})
    answers = read(document)
    save(engine, report, Change(CELL, "99"), Change(TEXT, "旧的"), Change(REASON, "因为"))
    with session_scope(engine) as session:
        fields.replace(session, report, answers, "key:系统")
    with reading_scope(engine) as session:
        typed = typed_in(fields_of(session, report))
    assert draft_answers(annual(), MARKET, 2024, typed).to_json() == answers.to_json()
    assert typed[REASON] == ("因为", "")


def test_what_a_program_did_not_send_is_blank_afterwards(engine: Engine, report: Report) -> None:
    save(engine, report, Change(CELL, "99"))
    blank = read({**ordinary_report(), "cells": {}, "texts": {}})
    with session_scope(engine) as session:
        fields.replace(session, report, blank, "key:系统")
    assert kept(engine, report) == {CELL: ("", "", 2)}
