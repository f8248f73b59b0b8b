"""API keys: shown once, kept as a hash."""

import hashlib
import secrets

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from storage import audit
from storage.clock import now
from storage.session import rows_changed
from storage.tables import ApiKey

MARK = "nb_"


class KeyNameTaken(ValueError):
    """There is a key of that name already, in force or revoked."""

    code = "key_name_taken"

    def __init__(self, name: str) -> None:
        self.for_person = f"已有名为“{name}”的密钥，请换一个名称。"
        self.for_operator = f"api_key.name {name!r} exists"
        super().__init__(self.for_person)


def create_key(session: Session, name: str, actor: str) -> str:
    """A new key; what is returned cannot be had again."""
    if session.scalar(select(ApiKey.id).where(ApiKey.name == name)):
        raise KeyNameTaken(name)
    key = MARK + secrets.token_urlsafe(32)
    session.add(ApiKey(name=name, sha256=_hash(key)))
    audit.record(session, actor, "key.created", f"key:{name}")
    return key


def find_key(session: Session, presented: str) -> ApiKey | None:
    """The key in force that a program presents, if it is one."""
    return session.scalar(select(ApiKey).where(ApiKey.sha256 == _hash(presented), ApiKey.revoked_at.is_(None)))


def revoke_key(session: Session, name: str, actor: str) -> bool:
    """Put a key out of force; False when none of that name is."""
    in_force = update(ApiKey).where(ApiKey.name == name, ApiKey.revoked_at.is_(None))
    if rows_changed(session, in_force.values(revoked_at=now())) != 1:
        return False
    audit.record(session, actor, "key.revoked", f"key:{name}")
    return True


def _hash(key: str) -> str:
    # A slow hash protects words that people choose. Nobody guesses 256 random bits, at any speed,
    # while every request would pay for the slowness and could not be found by index.
    return hashlib.sha256(key.encode()).hexdigest()
