"""Administrators invite, appoint, reset and disable; each shows in what the other may do, at once."""

import re

import pytest
from sqlalchemy import select

from storage.people.accounts import find_account
from storage.session import reading_scope
from storage.tables import AuditEvent, Role
from tests.people import MARKET
from tests.service.conftest import Office
from tests.service.visitors import Browser, Page

PASSWORD = "Lin xi 2024 chun tian lai le"


def link_on(page: Page) -> str:
    """The invitation's address, as it is shown once."""
    found = re.search(r"http://localhost(/invitation\?token=\S+)", page.words)
    assert found, page.words
    return found[1]


def invite(administrator: Browser, login: str = "chenjing", role: Role = Role.CLERK, unit: str = MARKET) -> str:
    page = administrator.send(
        administrator.get("/accounts"),
        "/accounts",
        login=login,
        person="陈静",
        phone="0571",
        role=role.value,
        unit=unit,
    )
    assert page.status == 200, page.words
    return link_on(page)


def choose(visitor: Browser, link: str, password: str = PASSWORD) -> Page:
    return visitor.send(visitor.get(link), "/invitation", new=password, again=password)


def path(office: Office, login: str, what: str) -> str:
    with reading_scope(office.engine) as session:
        account = find_account(session, login)
    assert account is not None
    return f"/accounts/{account.public_id}/{what}"


def test_who_is_invited_chooses_a_password_and_is_in(administrator: Browser, stranger: Browser) -> None:
    page = stranger.get(invite(administrator))
    assert "陈静，您好。您的账号是 chenjing" in page.words
    assert choose(stranger, invite(administrator, "second")).status == 303
    own = stranger.get("/account")
    assert MARKET in own.words
    assert "填报人" in own.words


def test_a_link_works_once(administrator: Browser, stranger: Browser, office: Office) -> None:
    link = invite(administrator)
    page = stranger.get(link)
    assert stranger.send(page, "/invitation", new=PASSWORD, again=PASSWORD).status == 303
    again = Browser(office.app.test_client())
    assert (again.get(link).status, again.get(link).heading) == (410, "邀请链接已失效")
    late = Browser(office.app.test_client())
    token = late.get("/sign-in").all("//form[@action='/sign-in']/input[@name='csrf_token']/@value")[0]
    fields = {"csrf_token": token, "token": link.partition("=")[2], "new": PASSWORD, "again": PASSWORD}
    assert late.post("/invitation", fields).status == 410


def test_a_new_invitation_kills_the_old_link(administrator: Browser, stranger: Browser, office: Office) -> None:
    old = invite(administrator)
    fresh = link_on(administrator.send(administrator.get("/accounts"), path(office, "chenjing", "invite")))
    assert stranger.get(old).status == 410
    assert choose(stranger, fresh).status == 303


@pytest.mark.parametrize("token", ["", "x", "' OR 1=1 --", "\x00", "公"])
def test_a_guessed_invitation_opens_nothing(stranger: Browser, token: str) -> None:
    assert stranger.client.get("/invitation", query_string={"token": token}).status_code == 410


def test_a_weak_password_is_refused_with_every_reason_and_the_link_still_works(
    administrator: Browser, stranger: Browser
) -> None:
    link = invite(administrator)
    page = choose(stranger, link, "chenjing1")
    assert page.status == 422
    for reason in ("至少要 12 个字符，现在是 9 个", "要有 3 种，现在有 2 种", "不能包含账号"):
        assert reason in page.words
    typo = stranger.send(page, "/invitation", new=PASSWORD, again=PASSWORD + "!")
    assert "两次输入的密码不一样" in typo.words
    assert stranger.send(typo, "/invitation", new=PASSWORD, again=PASSWORD).status == 303


def test_a_reset_ends_everything_and_makes_a_new_link(
    administrator: Browser, stranger: Browser, office: Office
) -> None:
    choose(stranger, invite(administrator))
    link = link_on(administrator.send(administrator.get("/accounts"), path(office, "chenjing", "reset")))
    assert stranger.get("/account").status == 302
    assert stranger.sign_in("chenjing", PASSWORD).status == 401
    assert "与最近 5 次用过的密码相同" in choose(stranger, link).words
    assert choose(stranger, link, PASSWORD + "!").status == 303


def test_a_disabled_account_is_out_at_once_and_comes_back(
    administrator: Browser, clerk: Browser, office: Office
) -> None:
    assert clerk.get("/account").status == 200
    administrator.send(administrator.get("/accounts"), path(office, "wangfang", "disable"))
    assert clerk.get("/account").status == 302
    assert "已停用" in administrator.get("/accounts").words
    administrator.send(administrator.get("/accounts"), path(office, "wangfang", "enable"))
    assert clerk.get("/account").status == 302, "he has to sign in again"


def test_roles_are_given_and_taken(administrator: Browser, clerk: Browser, office: Office) -> None:
    page = administrator.get("/accounts")
    added = administrator.send(page, path(office, "wangfang", "appoint"), role="head", unit=MARKET)
    assert added.status == 303
    assert "审签人" in clerk.get("/account").words
    fields = {"role": "head", "unit": MARKET}
    [token] = set(page.all("//form[@action='/accounts']/input[@name='csrf_token']/@value"))
    assert administrator.post(path(office, "wangfang", "dismiss"), {**fields, "csrf_token": token}).status == 303
    assert "审签人" not in clerk.get("/account").words


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"login": "wangfang", "role": "clerk", "unit": MARKET}, "已有账号“wangfang”"),
        ({"login": "x y", "role": "clerk", "unit": MARKET}, "2 至 64 个字母"),
        ({"login": "new", "role": "clerk", "unit": "没有这个局"}, "没有名为“没有这个局”的单位"),
        ({"login": "new", "role": "clerk", "unit": ""}, "要指定单位"),
        ({"login": "new", "role": "audit", "unit": MARKET}, "不对应单位"),
    ],
)
def test_what_cannot_be_is_refused_and_what_was_typed_stays(
    administrator: Browser, clerk: Browser, office: Office, fields: dict[str, str], said: str
) -> None:
    page = administrator.send(administrator.get("/accounts"), "/accounts", person="陈静", phone="", **fields)
    assert page.status == 422
    assert said in page.words
    assert page.all("//input[@id='person']/@value") == ["陈静"]
    with reading_scope(office.engine) as session:
        assert find_account(session, "new") is None


def test_nobody_puts_himself_out_of_force(administrator: Browser, office: Office) -> None:
    page = administrator.send(administrator.get("/accounts"), path(office, "zhaoqiang", "disable"))
    assert (page.status, "不能停用自己的账号" in page.words) == (422, True)
    assert administrator.get("/account").status == 200


def test_accounts_are_found_by_name_person_and_unit(administrator: Browser, clerk: Browser, reviewer: Browser) -> None:
    for like, found in (("wangf", True), ("wangfang先生", True), ("市场监督", True), ("limin", False), ("%", False)):
        listed = administrator.client.get("/accounts", query_string={"like": like}).get_data(as_text=True)
        assert ("wangfang先生" in listed) is found, like


def test_every_change_is_on_record_under_the_name_of_who_made_it(administrator: Browser, office: Office) -> None:
    invite(administrator)
    administrator.send(administrator.get("/accounts"), path(office, "chenjing", "disable"))
    with reading_scope(office.engine) as session:
        subject = AuditEvent.subject == "account:chenjing"
        events = session.execute(select(AuditEvent.actor, AuditEvent.action).where(subject).order_by(AuditEvent.number))
        told = [tuple(event) for event in events]
    made = ("account.created", "account.appointed", "account.invited", "account.disabled")
    assert told == [("account:zhaoqiang", action) for action in made]


def test_the_link_is_in_no_table(administrator: Browser, office: Office) -> None:
    token = invite(administrator).partition("=")[2]
    with office.engine.connect() as connection:
        for table in ("invitation", "audit_event", "account"):
            assert token not in str(connection.exec_driver_sql(f"SELECT * FROM {table}").all())


def test_only_who_has_that_duty_sees_accounts(clerk: Browser, head: Browser, reviewer: Browser) -> None:
    for somebody in (clerk, head, reviewer):
        assert somebody.get("/accounts").status == 404
