"""The way of the tables from the first version to today's, run by `nianbao migrate`."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from storage.session import make_engine
from storage.settings import Settings

# Any number, as long as it stays: it lets one process at a time change the tables of a PostgreSQL database.
LOCK = 7_311_026


def upgrade(settings: Settings) -> None:
    """Bring the database to today's tables; does nothing when it already is."""
    engine = make_engine(settings)
    try:
        with engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text(f"SELECT pg_advisory_xact_lock({LOCK})"))
            command.upgrade(_config(connection), "head")
    finally:
        engine.dispose()


def is_current(engine: Engine) -> bool:
    """Whether the database has today's tables."""
    with engine.connect() as connection:
        heads = ScriptDirectory.from_config(_config(connection)).get_heads()
        return set(MigrationContext.configure(connection).get_current_heads()) == set(heads)


def revision_of(connection: Connection) -> str | None:
    """Up to which migration a database has come; None when it has not begun."""
    return MigrationContext.configure(connection).get_current_revision()


def knows(revision: str) -> bool:
    """Whether there is a way from there to today's tables; there is none from tomorrow's."""
    return any(script.revision == revision for script in ScriptDirectory(str(Path(__file__).parent)).walk_revisions())


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["connection"] = connection
    return config
