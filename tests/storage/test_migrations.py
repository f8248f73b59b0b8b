"""The migrations lead to the tables the code speaks of, and to a database that refuses to rewrite history."""

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from reports.drafting import draft_answers
from storage.filing.fields import fields_of, typed_in
from storage.filing.reports import latest_submission
from storage.migrations import _config, is_current, upgrade
from storage.session import make_engine, session_scope
from storage.settings import Settings
from storage.tables import Report, Table
from tests.people import MARKET, but, ordinary_report, read


def test_the_tables_in_the_code_are_those_of_the_last_migration(engine: Engine) -> None:
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Table.metadata) == []


def test_a_table_nobody_migrated_is_noticed(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE api_key ADD COLUMN forgotten TEXT"))
        assert compare_metadata(MigrationContext.configure(connection), Table.metadata) != []


def test_upgrading_twice_changes_nothing(either: Settings, engine: Engine) -> None:
    upgrade(either)
    assert is_current(engine)


def test_an_empty_database_is_not_current(settings: Settings) -> None:
    empty = make_engine(settings.model_copy(update={"database_url": "sqlite://"}))
    assert not is_current(empty)
    empty.dispose()


HISTORY = "INSERT INTO audit_event VALUES (1, '2026-01-05 08:00:00', 'clerk', 'submit', 'report', '{}', 'a', 'b')"


@pytest.mark.parametrize(
    "statement",
    ["UPDATE audit_event SET actor = 'nobody'", "DELETE FROM audit_event", "DELETE FROM audit_head"],
)
def test_history_is_refused_any_change(engine: Engine, statement: str) -> None:
    with session_scope(engine) as session:
        session.execute(text(HISTORY))
    with pytest.raises(DBAPIError, match="may not be changed"), session_scope(engine) as session:
        session.execute(text(statement))


def test_what_was_sent_before_there_were_forms_is_a_submission_and_stands_in_its_form(
    either: Settings, engine: Engine
) -> None:
    note = {"value": 9, "note": "其中修订2件"}
    money, in_force = "article_20_8.fees.charged", "article_20_1.normative_documents.in_force"
    answers = read(but(ordinary_report(), cells={money: "12.50", in_force: note}))
    begin_anew(either, engine)
    with engine.begin() as connection:
        command.upgrade(_config(connection), "0001")
        for statement in BEFORE_FORMS:
            connection.execute(text(statement), {"answers": answers.to_json().decode(), "sha256": answers.digest})
    upgrade(either)
    with session_scope(engine) as session:
        report = session.get_one(Report, 1)
        typed = typed_in(fields_of(session, report))
        assert draft_answers(answers.definition, MARKET, 2024, typed).to_json() == answers.to_json()
        standing = latest_submission(session, report)
        assert standing is not None
        assert standing.receipt.startswith("2024-")


def begin_anew(settings: Settings, engine: Engine) -> None:
    """As if nothing had ever been migrated."""
    if engine.dialect.name == "sqlite":
        engine.dispose()
        (settings.data_dir / "nianbao.sqlite3").unlink()
        return
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))


BEFORE_FORMS = (
    f"INSERT INTO unit (id, name) VALUES (1, '{MARKET}')",
    "INSERT INTO report (id, public_id, unit_id, definition, edition, year, state, created_at) "
    "VALUES (1, 'r', 1, 'open-government-annual', '2021', 2024, 'submitted', '2025-01-20 08:00:00.000000')",
    "INSERT INTO revision (id, report_id, number, answers, sha256, created_at, created_by) "
    "VALUES (1, 1, 1, '{}', 'older', '2025-01-20 08:00:00.000000', 'key:x')",
    "INSERT INTO revision (id, report_id, number, answers, sha256, created_at, created_by) "
    "VALUES (2, 1, 2, :answers, :sha256, '2025-01-21 08:00:00.000000', 'key:x')",
)
