"""Accounts of people, what they are appointed to, their sessions and invitations; keys of programs."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.clock import Utc, now
from storage.tables.root import PUBLIC_ID, SHA256, Table, public_id, words


class Role(StrEnum):
    """What an account is appointed to: for one unit the first three, for the whole installation the duties."""

    CLERK = "clerk"
    HEAD = "head"
    REVIEWER = "reviewer"
    SYSTEM = "system"
    SECURITY = "security"
    AUDIT = "audit"


class Account(Table):
    """A person who signs in. Without a password it waits for its invitation to be used."""

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(PUBLIC_ID, unique=True, default=public_id)
    login: Mapped[str] = mapped_column(String(64), unique=True)
    person: Mapped[str] = mapped_column(Text)
    phone: Mapped[str] = mapped_column(Text, default="")
    email: Mapped[str] = mapped_column(Text, default="", server_default="")
    password_hash: Mapped[str | None] = mapped_column(Text)
    password_set_at: Mapped[datetime | None] = mapped_column(Utc)
    must_change: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(Utc, insert_default=now())
    signed_in_at: Mapped[datetime | None] = mapped_column(Utc)
    disabled_at: Mapped[datetime | None] = mapped_column(Utc)
    # Put back in force: from then on it may lie idle anew.
    enabled_at: Mapped[datetime | None] = mapped_column(Utc)


class Appointment(Table):
    """A role of an account: for a unit (a reviewer: for the units this one supervises), or a duty with none."""

    __tablename__ = "appointment"
    __table_args__ = (UniqueConstraint("account_id", "role", "unit_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    role: Mapped[Role] = mapped_column(words(Role))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)


class PastPassword(Table):
    """The hash of a password that was in use, so that it is not chosen again."""

    __tablename__ = "past_password"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    password_hash: Mapped[str] = mapped_column(Text)
    replaced_at: Mapped[datetime] = mapped_column(Utc, insert_default=now())


class LoginSession(Table):
    """A browser that is signed in; only the hash of its token is kept."""

    __tablename__ = "login_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(PUBLIC_ID, unique=True, default=public_id)
    token_sha256: Mapped[str] = mapped_column(SHA256, unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    opened_at: Mapped[datetime] = mapped_column(Utc, insert_default=now())
    seen_at: Mapped[datetime] = mapped_column(Utc, insert_default=now())
    address: Mapped[str] = mapped_column(String(64))
    browser: Mapped[str] = mapped_column(Text)


class Invitation(Table):
    """A link that works once: whoever opens it in time chooses the account's password."""

    __tablename__ = "invitation"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_sha256: Mapped[str] = mapped_column(SHA256, unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    made_at: Mapped[datetime] = mapped_column(Utc, insert_default=now())
    expires_at: Mapped[datetime] = mapped_column(Utc)
    used_at: Mapped[datetime | None] = mapped_column(Utc)


class LoginFailure(Table):
    """A sign-in that failed, counted by name and by address together, so that nobody can lock others out."""

    __tablename__ = "login_failure"

    id: Mapped[int] = mapped_column(primary_key=True)
    # Hashes: what was typed as a name may have been a password.
    login_sha256: Mapped[str] = mapped_column(SHA256, index=True)
    address: Mapped[str] = mapped_column(String(64), index=True)
    at: Mapped[datetime] = mapped_column(Utc, insert_default=now())


class ApiKey(Table):
    """A key a program signs in with; only its hash is kept."""

    __tablename__ = "api_key"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text, unique=True)
    sha256: Mapped[str] = mapped_column(SHA256, unique=True)
    created_at: Mapped[datetime] = mapped_column(Utc, insert_default=now())
    revoked_at: Mapped[datetime | None] = mapped_column(Utc)
