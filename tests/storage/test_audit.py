"""Nobody can change, remove or cut off what was written down without being found out."""

import pytest
from sqlalchemy import Engine, func, select, text

from storage import audit
from storage.session import reading_scope, session_scope
from storage.tables import AuditEvent
from tests.racing import race


def written(engine: Engine, events: int) -> None:
    for number in range(events):
        with session_scope(engine) as session:
            audit.record(session, f"clerk-{number}", "report.submitted", "report:1", revision=number)


def breach(engine: Engine) -> audit.Breach | None:
    with reading_scope(engine) as session:
        return audit.verify_chain(session)


def as_the_database_owner(engine: Engine, statement: str) -> None:
    """Who owns the database can remove its guards; the chain is for him."""
    on = " ON audit_event" if engine.dialect.name == "postgresql" else ""
    with session_scope(engine) as session:
        session.execute(text(f"DROP TRIGGER audit_event_no_update{on}"))
        session.execute(text(f"DROP TRIGGER audit_event_no_delete{on}"))
        session.execute(text(statement))


def test_a_chain_nobody_touched_is_whole(engine: Engine) -> None:
    written(engine, 5)
    assert breach(engine) is None


@pytest.mark.parametrize(
    ("tampering", "number", "reason"),
    [
        ("UPDATE audit_event SET actor = 'nobody' WHERE number = 3", 3, "内容被改动"),
        ("UPDATE audit_event SET detail = '{}' WHERE number = 3", 3, "内容被改动"),
        ("UPDATE audit_event SET at = '2020-01-01 00:00:00.000000' WHERE number = 3", 3, "内容被改动"),
        ("UPDATE audit_event SET previous_sha256 = 'x' WHERE number = 3", 3, "与前一条不衔接"),
        ("DELETE FROM audit_event WHERE number = 3", 4, "此前缺少第 3 条"),
        ("DELETE FROM audit_event WHERE number = 5", 5, "记录已丢失，或链尾被改动"),
        ("DELETE FROM audit_event", 1, "记录已丢失，或链尾被改动"),
    ],
)
def test_the_row_that_was_tampered_with_is_named(engine: Engine, tampering: str, number: int, reason: str) -> None:
    written(engine, 5)
    as_the_database_owner(engine, tampering)
    assert breach(engine) == audit.Breach(number, reason)


def test_an_act_that_is_rolled_back_is_not_written_down(engine: Engine) -> None:
    with pytest.raises(ZeroDivisionError), session_scope(engine) as session:
        audit.record(session, "clerk", "report.submitted", "report:1")
        raise ZeroDivisionError
    with reading_scope(engine) as session:
        assert session.scalars(select(func.count()).select_from(AuditEvent)).one() == 0


def test_twenty_who_write_at_once_make_one_chain(engine: Engine) -> None:
    race(20, lambda _: written(engine, 3))
    assert breach(engine) is None
    with reading_scope(engine) as session:
        assert session.scalars(select(func.max(AuditEvent.number))).one() == 60


def test_two_acts_of_one_transaction_follow_each_other(engine: Engine) -> None:
    with session_scope(engine) as session:
        audit.record(session, "clerk", "report.submitted", "report:1")
        audit.record(session, "clerk", "report.submitted", "report:2")
    assert breach(engine) is None
