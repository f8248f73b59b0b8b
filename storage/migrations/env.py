"""Alembic's door: runs the migrations on the connection it is handed."""

from alembic import context

from storage.tables import Table

# SQLite can change a table only by making it anew.
context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Table.metadata,
    render_as_batch=True,
)
context.run_migrations()
