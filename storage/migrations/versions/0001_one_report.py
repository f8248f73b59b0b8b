"""The tables that carry one report the whole way."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

NO_EVENT = "0" * 64


def upgrade() -> None:
    """Make the tables, and let the database itself refuse to rewrite history."""
    _reports()
    _jobs()
    _access()
    _audit()
    _refuse("revision", "UPDATE")
    _refuse("audit_event", "UPDATE")
    _refuse("audit_event", "DELETE")
    _refuse("audit_head", "DELETE")


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _text(name: str, length: int | None = None, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.String(length) if length else sa.Text(), nullable=nullable)


def _number(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Integer(), nullable=False)


def _key(name: str = "id") -> sa.Column[object]:
    return sa.Column(name, sa.Integer(), primary_key=True, autoincrement=name == "id")


def _of(table: str) -> sa.Column[object]:
    return sa.Column(f"{table}_id", sa.Integer(), sa.ForeignKey(f"{table}.id"), nullable=False)


def _reports() -> None:
    op.create_table("unit", _key(), _text("name"), sa.UniqueConstraint("name"))
    op.create_table(
        "report",
        _key(),
        _text("public_id", 22),
        _of("unit"),
        _text("definition", 64),
        _text("edition", 16),
        _number("year"),
        _text("state", 16),
        _moment("created_at"),
        sa.UniqueConstraint("public_id"),
        sa.UniqueConstraint("unit_id", "definition", "edition", "year"),
    )
    op.create_table(
        "revision",
        _key(),
        _of("report"),
        _number("number"),
        _text("answers"),
        _text("sha256", 64),
        _moment("created_at"),
        _text("created_by"),
        sa.UniqueConstraint("report_id", "number"),
    )


def _jobs() -> None:
    op.create_table(
        "job",
        _key(),
        _text("public_id", 22),
        _of("revision"),
        _text("template_version", 64),
        _text("renderer_version", 32),
        _text("format", 16),
        _text("lane", 16),
        _text("state", 16),
        _moment("created_at"),
        _number("fence"),
        _text("owner", 32, nullable=True),
        _moment("claimed_at", nullable=True),
        _moment("finished_at", nullable=True),
        _moment("published_at", nullable=True),
        _moment("next_attempt_at", nullable=True),
        _number("lost_count"),
        _number("fail_count"),
        _text("error_code", 64, nullable=True),
        _text("error_for_person", nullable=True),
        _text("error_for_operator", nullable=True),
        sa.UniqueConstraint("public_id"),
        sa.UniqueConstraint("revision_id", "template_version", "renderer_version", "format"),
    )
    op.create_index("ix_job_state_lane", "job", ["state", "lane"])
    op.create_table(
        "document",
        _key(),
        _of("job"),
        _number("fence"),
        _text("format", 16),
        _text("sha256", 64),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        _number("pages"),
        _text("storage_key"),
        _moment("created_at"),
        sa.UniqueConstraint("job_id", "fence", "format"),
        sa.UniqueConstraint("storage_key"),
    )
    op.create_table(
        "worker",
        sa.Column("boot_id", sa.String(32), primary_key=True),
        _text("lane", 16),
        _text("host"),
        _number("pid"),
        _moment("started_at"),
        _moment("heartbeat_at"),
    )


def _access() -> None:
    op.create_table(
        "api_key",
        _key(),
        _text("name"),
        _text("sha256", 64),
        _moment("created_at"),
        _moment("revoked_at", nullable=True),
        sa.UniqueConstraint("name"),
        sa.UniqueConstraint("sha256"),
    )


def _audit() -> None:
    op.create_table(
        "audit_event",
        _key("number"),
        _moment("at"),
        _text("actor"),
        _text("action", 64),
        _text("subject"),
        _text("detail"),
        _text("previous_sha256", 64),
        _text("sha256", 64),
        sa.UniqueConstraint("previous_sha256"),
    )
    head = op.create_table(
        "audit_head",
        _key(),
        _number("number"),
        _text("sha256", 64),
        sa.CheckConstraint("id = 1", name="only_one"),
    )
    op.bulk_insert(head, [{"id": 1, "number": 0, "sha256": NO_EVENT}])


def _refuse(table: str, action: str) -> None:
    name, reason = f"{table}_no_{action.lower()}", f"{table} may not be changed by {action}"
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"CREATE TRIGGER {name} BEFORE {action} ON {table} BEGIN SELECT RAISE(ABORT, '{reason}'); END")
        return
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{reason}'; END $$"
    )
    events = f"{action} OR TRUNCATE" if action == "DELETE" else action
    op.execute(f"CREATE TRIGGER {name} BEFORE {events} ON {table} FOR EACH STATEMENT EXECUTE FUNCTION {name}()")
