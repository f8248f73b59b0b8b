"""Signing in, as a person and as somebody who tries: what is told, what is kept, what is over."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from service import create_app
from storage import audit
from storage.clock import seconds_ago
from storage.people import lockout, passwords
from storage.people.accounts import create_account, disable, enable
from storage.people.passwords import hashed, set_password
from storage.people.policy import Person
from storage.session import reading_scope, session_scope
from storage.settings import Settings
from storage.tables import Account, AuditEvent, LoginFailure, LoginSession, Role
from tests.service.conftest import Office
from tests.service.visitors import Browser, Page, told
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


def from_address(office: Office, address: str) -> Browser:
    """Somebody at another address."""
    client = office.app.test_client()
    client.environ_base["REMOTE_ADDR"] = address
    return Browser(client)


def wait(office: Office, seconds: float) -> None:
    """As if so many seconds had gone by since every failure."""
    with session_scope(office.engine) as session:
        for failure in session.scalars(select(LoginFailure)):
            failure.at -= timedelta(seconds=seconds)


def fail(office: Office, browser: Browser, times: int = 5) -> Page:
    """So many wrong passwords, each as soon as it may be tried; the last answer."""
    for _ in range(times):
        page = browser.sign_in("wangfang", "wrong")
        wait(office, 16)
    return page


def events(office: Office, *actions: str) -> list[tuple[str, str, str]]:
    with reading_scope(office.engine) as session:
        assert audit.verify_chain(session) is None
        wanted = select(AuditEvent).where(AuditEvent.action.in_(actions)).order_by(AuditEvent.number)
        return [(event.actor, event.action, event.subject) for event in session.scalars(wanted)]


def test_a_stranger_is_asked_who_he_is_and_then_gets_where_he_wanted(wang: Person, stranger: Browser) -> None:
    door = stranger.get("/account").answer.headers["Location"]
    assert door == "/sign-in?next=/account"
    inside = stranger.send(stranger.get(door), "/sign-in", login="wangfang", password=PASSWORD)
    assert inside.answer.headers["Location"] == "/account"
    assert "wangfang" in stranger.get("/account").words


@pytest.mark.parametrize("typed", ["WangFang", "  wangfang ", "ｗａｎｇｆａｎｇ"])
def test_a_name_may_be_typed_in_any_way(wang: Person, stranger: Browser, typed: str) -> None:
    assert stranger.sign_in(typed, PASSWORD).status == 303


@pytest.mark.parametrize("password", ["", "wrong", PASSWORD.upper(), PASSWORD + " ", "x" * 5_000, "\x00", "公"])
def test_a_wrong_password_is_refused_and_can_be_corrected_on_the_spot(
    wang: Person, stranger: Browser, password: str
) -> None:
    page = stranger.sign_in("wangfang", password)
    assert page.status == 401
    assert page.title.startswith("错误：登录")
    assert "账号或密码不对" in page.words
    assert page.all("//input[@id='login']/@value") == ["wangfang"]
    assert page.all("//input[@id='password']/@value") == []
    assert stranger.send(page, "/sign-in", login="wangfang", password=PASSWORD).status == 303


def test_nobody_is_told_which_accounts_there_are(office: Office, wang: Person) -> None:
    with session_scope(office.engine) as session:
        invited = create_account(session, "invited", "某人", "operator:root")
        gone = person_with(session, "gone")
        account = session.get_one(Account, gone.account_id)
        set_password(session, account, hashed(PASSWORD), "operator:root")
        disable(session, account, "operator:root")
    seen = set()
    for login, password in (("wangfang", "wrong"), ("nobody", "wrong"), (invited.login, ""), ("gone", "wrong")):
        page = Browser(office.app.test_client()).sign_in(login, password)
        words = page.words.replace(page.answer.headers["X-Request-ID"], "")
        seen.add((page.status, words, frozenset(page.answer.headers.keys())))
    assert len(seen) == 1


def test_only_who_knows_the_password_is_told_that_the_account_is_out_of_force(
    office: Office, wang: Person, stranger: Browser
) -> None:
    with session_scope(office.engine) as session:
        disable(session, session.get_one(Account, wang.account_id), "operator:root")
    page = stranger.sign_in("wangfang", PASSWORD)
    assert (page.status, "密码是对的，但这个账号已经停用" in page.words) == (403, True)
    assert stranger.get("/account").status == 302
    assert stranger.sign_in("wangfang", "wrong").status == 401


def test_who_has_not_come_for_long_finds_the_account_put_out_of_force(
    office: Office, wang: Person, stranger: Browser
) -> None:
    with session_scope(office.engine) as session:
        long_ago = session.scalars(select(seconds_ago(451 * 86400))).one()
        moments = {"created_at": long_ago, "signed_in_at": long_ago, "password_set_at": long_ago}
        session.execute(update(Account).where(Account.id == wang.account_id).values(**moments))
    assert stranger.sign_in("wangfang", PASSWORD).status == 403
    with session_scope(office.engine) as session:
        account = session.get_one(Account, wang.account_id)
        assert account.disabled_at is not None
        told = select(AuditEvent.actor, AuditEvent.detail).where(AuditEvent.action == "account.disabled")
        assert [tuple(row) for row in session.execute(told)] == [("system:idle", '{"because": "idle", "days": 450}')]
        enable(session, account, "operator:root")
    # Not at once again: the day on which it was put back counts.
    assert stranger.sign_in("wangfang", PASSWORD).status == 303


def test_for_every_name_a_hash_is_computed(
    office: Office, wang: Person, stranger: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    monkeypatch.setattr(passwords, "fits", lambda password, kept: asked.append(kept is None) or False)
    for login in ("wangfang", "nobody"):
        assert stranger.sign_in(login, "wrong").status == 401
    assert asked == [False, True]


def test_after_three_failures_the_page_asks_for_patience(
    office: Office, wang: Person, stranger: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Longer than a busy machine needs between two attempts.
    monkeypatch.setattr(lockout, "WAITS", (0, 0, 0, 100, 200, 900))
    for _ in range(3):
        assert stranger.sign_in("wangfang", "wrong").status == 401
    page = stranger.sign_in("wangfang", PASSWORD)
    assert page.status == 429
    assert "请稍等" in page.words
    assert 0 < int(page.answer.headers["Retry-After"]) <= 100
    wait(office, 100)
    assert stranger.sign_in("wangfang", PASSWORD).status == 303


def test_a_lock_says_when_it_ends_and_whom_to_call(office: Office, wang: Person, stranger: Browser) -> None:
    fail(office, stranger)
    page = stranger.sign_in("wangfang", PASSWORD)
    assert page.status == 429
    assert "已暂停从这里登录" in page.words
    assert "以后可以再试" in page.words
    assert f"{office.units.office.name} 王敏 0571-8800" in page.words
    assert int(page.answer.headers["Retry-After"]) > 600


def test_a_lock_of_a_name_that_is_not_there_looks_the_same(office: Office, wang: Person, stranger: Browser) -> None:
    for _ in range(5):
        stranger.sign_in("nobody", "wrong")
        wait(office, 16)
    assert "已暂停从这里登录" in stranger.sign_in("nobody", "wrong").words


def test_nobody_is_locked_out_by_others(office: Office, wang: Person) -> None:
    attacker, owner = from_address(office, "10.0.0.66"), from_address(office, "10.0.0.7")
    fail(office, attacker)
    assert attacker.sign_in("wangfang", PASSWORD).status == 429
    assert owner.sign_in("wangfang", PASSWORD).status == 303


def test_a_network_of_ipv6_is_one_address(office: Office, wang: Person) -> None:
    fail(office, from_address(office, "2001:db8:1:2::66"))
    assert from_address(office, "2001:db8:1:2:ffff::1").sign_in("wangfang", PASSWORD).status == 429
    assert from_address(office, "2001:db8:1:3::66").sign_in("wangfang", PASSWORD).status == 303


def test_behind_a_proxy_its_word_counts_and_no_visitors(settings: Settings) -> None:
    for proxies, told_address in ((0, "10.9.9.9"), (1, "10.0.0.66")):
        app: Flask = create_app(settings.model_copy(update={"proxies": proxies}))
        with app.test_client() as client:
            client.environ_base["REMOTE_ADDR"] = "10.9.9.9"
            Browser(client).get("/sign-in")
            from service.signing_in import address

            client.get("/sign-in", headers={"X-Forwarded-For": "1.2.3.4, 10.0.0.66"})
            assert address() == told_address
        app.extensions["nianbao"].engine.dispose()


def test_every_sign_in_is_on_record_and_so_is_every_failure(office: Office, wang: Person, stranger: Browser) -> None:
    stranger.sign_in("wangfang", "wrong")
    stranger.sign_in("my secret password", "wrong")
    stranger.sign_in("wangfang", PASSWORD)
    stranger.send(stranger.get("/account"), "/sign-out")
    assert events(office, "session.opened", "session.refused", "session.closed") == [
        ("unknown", "session.refused", "account:wangfang"),
        ("unknown", "session.refused", "account:?"),
        ("account:wangfang", "session.opened", "account:wangfang"),
        ("account:wangfang", "session.closed", "account:wangfang"),
    ]
    with office.engine.connect() as connection:
        for table in ("audit_event", "login_failure"):
            kept = str(connection.exec_driver_sql(f"SELECT * FROM {table}").all())
            assert "secret password" not in kept
            assert PASSWORD not in kept


def cookie(browser: Browser) -> str:
    found = browser.client.get_cookie("nianbao")
    assert found is not None
    return found.value


def test_the_session_of_before_the_sign_in_is_not_kept(wang: Person, stranger: Browser) -> None:
    with stranger.client.session_transaction() as session:
        session["planted"] = "by somebody else"
        session["token"] = "planted"
    stranger.sign_in("wangfang", PASSWORD)
    with stranger.client.session_transaction() as session:
        assert "planted" not in session
        assert session["token"] != "planted"


def test_each_sign_in_has_a_token_of_its_own(wang: Person, stranger: Browser) -> None:
    tokens = set()
    for _ in range(3):
        stranger.sign_in("wangfang", PASSWORD)
        with stranger.client.session_transaction() as session:
            tokens.add(session["token"])
    assert len(tokens) == 3


def test_a_stolen_cookie_is_worth_nothing_after_leaving(office: Office, wang: Person, stranger: Browser) -> None:
    stranger.sign_in("wangfang", PASSWORD)
    stolen = cookie(stranger)
    thief = Browser(office.app.test_client())
    thief.client.set_cookie("nianbao", stolen)
    assert thief.get("/account").status == 200
    stranger.send(stranger.get("/account"), "/sign-out")
    thief.client.set_cookie("nianbao", stolen)
    assert thief.get("/account").status == 302


def test_a_room_that_everybody_has_left_is_signed_out_though_a_page_looks_again_by_itself(
    office: Office, clerk: Browser
) -> None:
    def age(seconds: float) -> None:
        with session_scope(office.engine) as session:
            session.execute(update(LoginSession).values(seen_at=seconds_ago(seconds)))

    age(20 * 60)
    assert clerk.get("/account", **{"HX-Request": "true"}).status == 200
    with reading_scope(office.engine) as session:
        old = session.scalars(select(LoginSession.seen_at)).one()
    clerk.get("/account")
    with reading_scope(office.engine) as session:
        assert session.scalars(select(LoginSession.seen_at)).one() > old + timedelta(minutes=15)
    age(31 * 60)
    assert clerk.get("/account").status == 302


def test_a_script_without_a_session_is_told_so_and_may_send_again(office: Office, clerk: Browser) -> None:
    page = clerk.get("/account")
    [token] = page.all("//meta[@name='csrf-token']/@content")
    with session_scope(office.engine) as session:
        session.execute(update(LoginSession).values(seen_at=seconds_ago(3600)))
    headers = {"X-CSRFToken": str(token), "Accept": "application/json"}
    for _ in range(2):
        answer = clerk.client.post("/reports/x/fields", json={"changes": []}, headers=headers)
        assert (answer.status_code, told(answer)["code"]) == (401, "signed_out")


def test_one_browser_is_ended_from_another(office: Office, wang: Person, stranger: Browser) -> None:
    stranger.sign_in("wangfang", PASSWORD)
    other = from_address(office, "10.0.0.7")
    other.sign_in("wangfang", PASSWORD)
    page = stranger.get("/account")
    [action] = page.all("//form[contains(@action, '/sessions/')]/@action")
    assert "10.0.0.7" in page.words
    stranger.send(page, action)
    assert other.get("/account").status == 302
    assert stranger.get("/account").status == 200


def test_nobody_ends_the_session_of_another(office: Office, clerk: Browser, head: Browser) -> None:
    with reading_scope(office.engine) as session:
        ids = session.scalars(select(LoginSession.public_id)).all()
    [token] = clerk.get("/account").all("//meta[@name='csrf-token']/@content")
    for public_id in ids:
        clerk.post(f"/account/sessions/{public_id}/end", {"csrf_token": token})
    assert head.get("/account").status == 200
    assert clerk.get("/account").status == 302, "one's own may be ended"


def test_a_new_password_needs_the_old_one_and_ends_every_other_browser(
    office: Office, wang: Person, stranger: Browser
) -> None:
    stranger.sign_in("wangfang", PASSWORD)
    other = from_address(office, "10.0.0.7")
    other.sign_in("wangfang", PASSWORD)
    page = stranger.get("/account/password")
    refused = stranger.send(page, "/account/password", old="wrong", new=ANOTHER, again=ANOTHER)
    assert (refused.status, "现在的密码不对" in refused.words) == (422, True)
    changed = stranger.send(refused, "/account/password", old=PASSWORD, new=ANOTHER, again=ANOTHER)
    assert changed.answer.location == "/account?done=password"
    assert stranger.get("/account").status == 200
    assert other.get("/account").status == 302
    assert other.sign_in("wangfang", PASSWORD).status == 401
    assert other.sign_in("wangfang", ANOTHER).status == 303


def test_who_has_an_old_password_chooses_a_new_one_before_anything_else(
    office: Office, wang: Person, stranger: Browser
) -> None:
    with session_scope(office.engine) as session:
        session.execute(update(Account).values(password_set_at=seconds_ago(91 * 86400)))
    stranger.sign_in("wangfang", PASSWORD)
    assert stranger.get("/").answer.location == "/account/password"
    script = stranger.client.get("/account", headers={"Accept": "application/json"})
    assert (script.status_code, told(script)["code"]) == (403, "password_due")
    page = stranger.get("/account/password")
    assert "密码已到期" in page.words
    stranger.send(page, "/account/password", old=PASSWORD, new=ANOTHER, again=ANOTHER)
    assert stranger.get("/account").status == 200


def test_a_hash_of_old_parameters_is_renewed_at_the_next_sign_in(
    office: Office, wang: Person, stranger: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def kept() -> str:
        with reading_scope(office.engine) as session:
            return str(session.scalars(select(Account.password_hash)).one())

    before = kept()
    monkeypatch.setattr(passwords, "is_outdated", lambda _: True)
    assert stranger.sign_in("wangfang", PASSWORD).status == 303
    assert kept() != before
    monkeypatch.undo()
    assert stranger.sign_in("wangfang", PASSWORD).status == 303
    with reading_scope(office.engine) as session:
        assert session.get_one(Account, wang.account_id).password_set_at is not None
