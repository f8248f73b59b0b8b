"""The root of all tables, and the column types they share."""

import secrets
from enum import StrEnum
from typing import Final

from sqlalchemy import Enum, MetaData, String
from sqlalchemy.orm import DeclarativeBase

NAMING: Final = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
PUBLIC_ID: Final = String(22)
SHA256: Final = String(64)


class Table(DeclarativeBase):
    """The root of all tables."""

    metadata = MetaData(naming_convention=NAMING)


def public_id() -> str:
    """A name for addresses that nobody can guess."""
    return secrets.token_urlsafe(16)


def words(of: type[StrEnum]) -> Enum:
    """A column of these words: plain text in the database, so that a word more needs no migration."""
    return Enum(of, native_enum=False, length=16, values_callable=lambda members: [m.value for m in members])
