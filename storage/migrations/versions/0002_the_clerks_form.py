"""Accounts, campaigns, and the form: what is typed, sent, returned and said about it."""

import json
import secrets
from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables; what was sent in so far becomes submissions, and the last of each report stands in its form."""
    _units()
    _accounts()
    _form()
    _what_was_sent()
    _what_the_form_shows()


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _day(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Date(), nullable=nullable)


def _text(name: str, length: int | None = None, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.String(length) if length else sa.Text(), nullable=nullable)


def _number(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Integer(), nullable=False)


def _key() -> sa.Column[object]:
    return sa.Column("id", sa.Integer(), primary_key=True)


def _of(table: str, *, nullable: bool = False, name: str = "") -> sa.Column[object]:
    return sa.Column(name or f"{table}_id", sa.Integer(), sa.ForeignKey(f"{table}.id"), nullable=nullable)


def _index(table: str, *columns: str, unique: bool = False) -> None:
    op.create_index(f"ix_{table}_{'_'.join(columns)}", table, columns, unique=unique)


def _units() -> None:
    # SQLite adds a column that may not be empty only with a default.
    op.add_column("unit", sa.Column("public_id", sa.String(22), nullable=False, server_default=""))
    op.add_column("unit", _text("code", 18, nullable=True))
    # Inline, because SQLite cannot add a constraint to a table that is there.
    op.add_column("unit", _of("unit", nullable=True, name="supervisor_id"), inline_references=True)
    op.add_column("unit", sa.Column("contact", sa.Text(), nullable=False, server_default=""))
    unit = sa.table("unit", sa.column("id"), sa.column("public_id"))
    for (id,) in op.get_bind().execute(sa.select(unit.c.id)).all():
        named = sa.update(unit).where(unit.c.id == id).values(public_id=secrets.token_urlsafe(16))
        op.get_bind().execute(named)
    _index("unit", "public_id", unique=True)
    _index("unit", "code", unique=True)
    _index("unit", "supervisor_id")
    op.create_table(
        "campaign",
        _key(),
        _text("public_id", 22),
        _of("unit", name="supervisor_id"),
        _text("definition", 64),
        _text("edition", 16),
        _number("year"),
        _day("due_on"),
        _day("publish_by"),
        _moment("opened_at"),
        _moment("closed_at", nullable=True),
        sa.UniqueConstraint("public_id"),
        sa.UniqueConstraint("supervisor_id", "definition", "year"),
    )
    op.create_table(
        "roster_entry",
        _key(),
        _of("campaign"),
        _of("unit"),
        _day("extended_to", nullable=True),
        _text("exempt_because", nullable=True),
        sa.UniqueConstraint("campaign_id", "unit_id"),
    )
    _index("roster_entry", "unit_id")


def _accounts() -> None:
    op.create_table(
        "account",
        _key(),
        _text("public_id", 22),
        _text("login", 64),
        _text("person"),
        _text("phone"),
        _text("password_hash", nullable=True),
        _moment("password_set_at", nullable=True),
        sa.Column("must_change", sa.Boolean(), nullable=False),
        _moment("created_at"),
        _moment("signed_in_at", nullable=True),
        _moment("disabled_at", nullable=True),
        sa.UniqueConstraint("public_id"),
        sa.UniqueConstraint("login"),
    )
    op.create_table(
        "appointment",
        _key(),
        _of("account"),
        _text("role", 16),
        _of("unit", nullable=True),
        sa.UniqueConstraint("account_id", "role", "unit_id"),
    )
    _index("appointment", "unit_id")
    _ways_in()


def _ways_in() -> None:
    op.create_table("past_password", _key(), _of("account"), _text("password_hash"), _moment("replaced_at"))
    _index("past_password", "account_id")
    op.create_table(
        "login_session",
        _key(),
        _text("public_id", 22),
        _text("token_sha256", 64),
        _of("account"),
        _moment("opened_at"),
        _moment("seen_at"),
        _text("address", 64),
        _text("browser"),
        sa.UniqueConstraint("public_id"),
        sa.UniqueConstraint("token_sha256"),
    )
    _index("login_session", "account_id")
    op.create_table(
        "invitation",
        _key(),
        _text("token_sha256", 64),
        _of("account"),
        _moment("made_at"),
        _moment("expires_at"),
        _moment("used_at", nullable=True),
        sa.UniqueConstraint("token_sha256"),
    )
    _index("invitation", "account_id")
    op.create_table("login_failure", _key(), _text("login_sha256", 64), _text("address", 64), _moment("at"))
    _index("login_failure", "login_sha256")
    _index("login_failure", "address")


def _form() -> None:
    op.add_column("report", _text("started", 16, nullable=True))
    op.create_table(
        "field",
        _key(),
        _of("report"),
        _text("name", 200),
        _text("value"),
        _text("note"),
        _number("version"),
        _moment("changed_at"),
        _text("changed_by"),
        sa.UniqueConstraint("report_id", "name"),
    )
    op.create_table(
        "submission",
        _key(),
        _of("report"),
        _of("revision"),
        _number("number"),
        _text("receipt", 32),
        _text("reasons"),
        _text("declaration"),
        _moment("made_at"),
        _text("made_by"),
        _moment("withdrawn_at", nullable=True),
        sa.UniqueConstraint("report_id", "number"),
        sa.UniqueConstraint("receipt"),
    )
    _index("submission", "revision_id")
    _on_the_way()


def _on_the_way() -> None:
    op.create_table(
        "step",
        _key(),
        _of("report"),
        _number("number"),
        _text("move", 16),
        _text("before", 16),
        _text("after", 16),
        _moment("at"),
        _text("by"),
        _text("remark"),
        _day("due_on", nullable=True),
        _of("submission", nullable=True),
        sa.UniqueConstraint("report_id", "number"),
    )
    op.create_table(
        "comment",
        _key(),
        _of("report"),
        _of("step", nullable=True),
        _text("name", 200),
        _text("text"),
        _moment("at"),
        _text("by"),
    )
    _index("comment", "report_id")


def _what_was_sent() -> None:
    op.execute(
        "INSERT INTO submission (report_id, revision_id, number, receipt, reasons, declaration, made_at, made_by) "
        "SELECT r.report_id, r.id, r.number, CAST(p.year AS VARCHAR(4)) || '-' || CAST(r.id AS VARCHAR(12)), "
        "'{}', '{}', r.created_at, r.created_by FROM revision r JOIN report p ON p.id = r.report_id"
    )


def _what_the_form_shows() -> None:
    # A report that is returned tomorrow must not open as an empty form.
    when = sa.DateTime(timezone=True)
    sent = sa.text(
        "SELECT report_id, answers, created_at, created_by FROM revision r "
        "WHERE number = (SELECT max(number) FROM revision o WHERE o.report_id = r.report_id)"
    ).columns(sa.column("report_id"), sa.column("answers"), sa.column("created_at", when), sa.column("created_by"))
    texts = ("name", "value", "note", "changed_by")
    kept = [sa.column("report_id"), sa.column("version"), sa.column("changed_at", when), *map(sa.column, texts)]
    for report_id, answers, created_at, created_by in op.get_bind().execute(sent).all():
        same = {"report_id": report_id, "version": 1, "changed_at": created_at, "changed_by": created_by}
        rows = [same | {"name": name, "value": value, "note": note} for name, value, note in _typed(answers)]
        if rows:
            op.get_bind().execute(sa.insert(sa.table("field", *kept)), rows)


def _typed(answers: str) -> Iterator[tuple[str, str, str]]:
    """Name, value and note of everything in the answers, each figure digit for digit."""
    document = json.loads(answers, parse_float=str, parse_int=str)
    for name, cell in document["cells"].items():
        value, note = (cell["value"], cell["note"]) if isinstance(cell, dict) else (cell, "")
        yield name, value, note
    for name, text in document["texts"].items():
        yield name, text, ""
