"""A key opens the door until it is revoked, and the database never knew it."""

import pytest
from sqlalchemy import Engine, select

from storage import audit
from storage.people.keys import KeyNameTaken, create_key, find_key, revoke_key
from storage.session import session_scope
from storage.tables import ApiKey, AuditEvent

ADMINISTRATOR = "admin:李强"


def key_of(engine: Engine, name: str) -> str:
    with session_scope(engine) as session:
        return create_key(session, name, ADMINISTRATOR)


def opens(engine: Engine, presented: str) -> str | None:
    with session_scope(engine) as session:
        key = find_key(session, presented)
        return key.name if key else None


def test_a_key_opens_and_a_wrong_one_does_not(engine: Engine) -> None:
    key = key_of(engine, "市政府网站")
    assert opens(engine, key) == "市政府网站"
    assert opens(engine, key[:-1] + ("A" if key[-1] != "A" else "B")) is None
    assert opens(engine, "") is None


def test_the_database_does_not_know_the_key(engine: Engine) -> None:
    key = key_of(engine, "市政府网站")
    with session_scope(engine) as session:
        kept = session.scalars(select(ApiKey)).one()
        events = session.scalars(select(AuditEvent)).all()
    assert key not in f"{vars(kept)} {[vars(event) for event in events]}"


def test_a_revoked_key_opens_nothing(engine: Engine) -> None:
    key = key_of(engine, "市政府网站")
    with session_scope(engine) as session:
        assert revoke_key(session, "市政府网站", ADMINISTRATOR)
    assert opens(engine, key) is None


def test_revoking_what_is_not_in_force_says_so(engine: Engine) -> None:
    with session_scope(engine) as session:
        assert not revoke_key(session, "没有这个", ADMINISTRATOR)


def test_a_name_is_given_once(engine: Engine) -> None:
    key_of(engine, "市政府网站")
    with pytest.raises(KeyNameTaken, match="已有名为“市政府网站”的密钥"):
        key_of(engine, "市政府网站")


def test_who_made_and_who_revoked_a_key_is_written_down(engine: Engine) -> None:
    key_of(engine, "市政府网站")
    with session_scope(engine) as session:
        revoke_key(session, "市政府网站", ADMINISTRATOR)
    with session_scope(engine) as session:
        events = session.scalars(select(AuditEvent).order_by(AuditEvent.number)).all()
        assert [(event.actor, event.action) for event in events] == [
            (ADMINISTRATOR, "key.created"),
            (ADMINISTRATOR, "key.revoked"),
        ]
        assert audit.verify_chain(session) is None
