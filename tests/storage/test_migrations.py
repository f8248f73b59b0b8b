"""The migrations lead to the tables the code speaks of, and to a database that refuses to rewrite history."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from storage.migrations import is_current, upgrade
from storage.session import make_engine, session_scope
from storage.settings import Settings
from storage.tables import Table


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
