"""What the supervising office works with: more about units, batches, reviewing, publication, reminders, templates."""

import sqlalchemy as sa
from alembic import op

from storage.roster.initials import initials_of

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add columns and tables; nothing that is there changes its meaning."""
    _units()
    _jobs()
    _batches()
    _reviewing()
    _publications()
    _reminders()
    _templates()
    for column in ("actor", "action", "subject", "at"):
        _index("audit_event", column, "number")


def _text(name: str, length: int | None = None, *, default: str | None = None, null: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.String(length) if length else sa.Text(), nullable=null, server_default=default)


def _moment(name: str, *, null: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=null)


def _number(name: str, *, default: str | None = None) -> sa.Column[object]:
    return sa.Column(name, sa.Integer(), nullable=False, server_default=default)


def _large(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.BigInteger(), nullable=False)


def _yes_or_no(name: str, *, default: sa.False_ | None = None) -> sa.Column[object]:
    return sa.Column(name, sa.Boolean(), nullable=False, server_default=default)


def _key() -> sa.Column[object]:
    return sa.Column("id", sa.Integer(), primary_key=True)


def _public_id() -> tuple[sa.Column[object], sa.UniqueConstraint]:
    return _text("public_id", 22), sa.UniqueConstraint("public_id")


def _of(table: str, *, null: bool = False, name: str = "") -> sa.Column[object]:
    return sa.Column(name or f"{table}_id", sa.Integer(), sa.ForeignKey(f"{table}.id"), nullable=null)


def _index(table: str, *columns: str) -> None:
    op.create_index(f"ix_{table}_{'_'.join(columns)}", table, columns)


def _units() -> None:
    op.add_column("unit", _text("kind", 16, default="other"))
    op.add_column("unit", _number("position", default="0"))
    for name in ("short_name", "initials", "email"):
        op.add_column("unit", _text(name, default=""))
    op.add_column("unit", _of("unit", null=True, name="predecessor_id"), inline_references=True)
    op.add_column("unit", sa.Column("ended_on", sa.Date(), nullable=True))
    op.add_column("unit", _of("unit", null=True, name="successor_id"), inline_references=True)
    for name in ("extended_because", "added_because"):
        op.add_column("roster_entry", _text(name, default=""))
    _index("unit", "predecessor_id")
    _spell_units()
    op.add_column("account", _text("email", default=""))
    op.add_column("account", _moment("enabled_at", null=True))
    op.add_column("comment", _text("quote", default=""))
    op.add_column("submission", _text("replaced", null=True))


def _spell_units() -> None:
    unit = sa.table("unit", sa.column("id", sa.Integer), sa.column("name", sa.Text), sa.column("initials", sa.Text))
    here = op.get_bind()
    for id_, name in here.execute(sa.select(unit.c.id, unit.c.name)).all():
        here.execute(sa.update(unit).where(unit.c.id == id_).values(initials=initials_of(name)))


def _jobs() -> None:
    op.add_column("job", _yes_or_no("on_hold", default=sa.false()))
    op.add_column("job", _text("seconds", null=True))
    op.add_column("worker", _text("stage", 16, null=True))
    op.add_column("worker", _text("about", default=""))


def _batches() -> None:
    op.create_table(
        "batch",
        _key(),
        *_public_id(),
        _of("campaign"),
        _number("number"),
        _text("state", 16),
        _text("scope", 16),
        _text("format", 16),
        _text("template_version", 64),
        _text("renderer_version", 32),
        _moment("started_at"),
        _text("started_by"),
        _moment("resumed_at"),
        _moment("finished_at", null=True),
        sa.UniqueConstraint("campaign_id", "number"),
    )
    op.create_table(
        "batch_item",
        _key(),
        _of("batch"),
        _of("unit"),
        _of("job", null=True),
        _yes_or_no("reused"),
        _text("left_out", 32, null=True),
        sa.UniqueConstraint("batch_id", "unit_id"),
    )
    _index("batch_item", "job_id")


def _reviewing() -> None:
    one_each = sa.UniqueConstraint("report_id", "account_id")
    op.create_table("looking", _key(), _of("report"), _of("account"), _moment("seen_at"), one_each)
    op.create_table("text_band", _key(), _of("revision"), _large("band"))
    _index("text_band", "band")
    _index("text_band", "revision_id")
    other, once = _of("revision", name="other_id"), sa.UniqueConstraint("revision_id", "other_id")
    op.create_table("likeness", _key(), _of("revision"), other, _number("percent"), once)
    _index("likeness", "other_id")


def _publications() -> None:
    op.create_table(
        "publication",
        _key(),
        *_public_id(),
        _of("report"),
        _of("revision"),
        _of("job"),
        _number("number"),
        _moment("published_at"),
        _text("published_by"),
        _text("correction"),
        _moment("withdrawn_at", null=True),
        _text("withdrawn_because"),
        sa.UniqueConstraint("report_id", "number"),
    )


def _reminders() -> None:
    op.create_table(
        "reminder",
        _key(),
        *_public_id(),
        _of("campaign"),
        _of("unit"),
        *(_text(name) for name in ("to", "subject", "body")),
        _text("state", 16),
        _moment("made_at"),
        _text("made_by"),
        _moment("not_before"),
        _moment("claimed_at", null=True),
        _moment("sent_at", null=True),
        _number("attempts"),
        _text("error_code", 64, null=True),
        _text("error"),
    )
    _index("reminder", "campaign_id")
    _index("reminder", "state", "not_before")


def _templates() -> None:
    op.create_table(
        "template_version",
        _key(),
        *_public_id(),
        _text("definition", 64),
        _text("edition", 16),
        _number("number"),
        _text("version", 64),
        _text("sha256", 64),
        _large("bytes"),
        _text("storage_key"),
        _text("file_name"),
        _text("state", 16),
        _moment("uploaded_at"),
        _text("uploaded_by"),
        _text("examination", null=True),
        _of("job", null=True, name="trial_job_id"),
        _moment("activated_at", null=True),
        _text("activated_by", null=True),
        sa.UniqueConstraint("storage_key"),
        sa.UniqueConstraint("definition", "edition", "sha256"),
    )
    _index("template_version", "version")
