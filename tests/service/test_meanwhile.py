"""While a password is hashed nothing is locked: what administrators do meanwhile counts, not what was read before."""

from collections.abc import Callable

import pytest

from storage.people import invitations, passwords
from storage.people.accounts import disable, enable
from storage.people.passwords import hashed, set_password
from storage.people.policy import Person
from storage.session import reading_scope, session_scope
from storage.tables import Account, Role
from tests.service.conftest import Office
from tests.service.visitors import Browser
from tests.units import person_with

PASSWORD = "Lin xi 2024 chun tian lai le"
ANOTHER = "Qiu tian 2025 ye lai le"


@pytest.fixture
def wang(office: Office) -> Person:
    """A clerk with a password."""
    new_hash = hashed(PASSWORD)
    with session_scope(office.engine) as session:
        person = person_with(session, "wangfang", (Role.CLERK, office.units.market))
        set_password(session, session.get_one(Account, person.account_id), new_hash, person.actor)
    return person


def while_hashing(office: Office, wang: Person, monkeypatch: pytest.MonkeyPatch, what: Callable[..., object]) -> None:
    """Let the administrator do this to the account while the next password is compared."""
    compare = passwords.fits

    def late(password: str, kept: str | None) -> bool:
        monkeypatch.undo()
        with session_scope(office.engine) as session:
            what(session, session.get_one(Account, wang.account_id), "account:zhaoqiang")
        return compare(password, kept)

    monkeypatch.setattr(passwords, "fits", late)


def kept(office: Office, wang: Person) -> str | None:
    with reading_scope(office.engine) as session:
        return session.get_one(Account, wang.account_id).password_hash


def test_a_password_that_is_reset_while_it_is_compared_opens_nothing(
    office: Office, wang: Person, stranger: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    while_hashing(office, wang, monkeypatch, invitations.reset)
    assert stranger.sign_in("wangfang", PASSWORD).status == 401
    assert stranger.get("/account").status == 302


def test_an_account_that_is_disabled_while_its_password_is_compared_has_no_session_later(
    office: Office, wang: Person, stranger: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    while_hashing(office, wang, monkeypatch, disable)
    assert stranger.sign_in("wangfang", PASSWORD).status == 403
    with session_scope(office.engine) as session:
        assert enable(session, session.get_one(Account, wang.account_id), "account:zhaoqiang")
    assert stranger.get("/account").status == 302


@pytest.mark.parametrize("what", [invitations.reset, disable])
def test_who_was_shut_out_does_not_come_back_with_a_new_password(
    office: Office, wang: Person, stranger: Browser, monkeypatch: pytest.MonkeyPatch, what: Callable[..., object]
) -> None:
    stranger.sign_in("wangfang", PASSWORD)
    page, before = stranger.get("/account/password"), kept(office, wang)
    while_hashing(office, wang, monkeypatch, what)
    refused = stranger.send(page, "/account/password", old=PASSWORD, new=ANOTHER, again=ANOTHER)
    assert refused.answer.location == "/sign-in"
    assert kept(office, wang) == (before if what is disable else None)
    with session_scope(office.engine) as session:
        enable(session, session.get_one(Account, wang.account_id), "account:zhaoqiang")
    assert stranger.get("/account").status == 302
