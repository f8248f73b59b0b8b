"""Reminders reach a real mail server once; of a server that refuses, hangs or dies the log tells the truth."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select, update

from storage.clock import now
from storage.post import reminders
from storage.post.reminders import Letter
from storage.session import reading_scope, session_scope
from storage.settings import Settings
from storage.tables import Campaign, Reminder, ReminderState, Unit
from tests.mail_servers import Mailbox, certificate, mail_server, scripted_server
from tests.people import ARCHIVES, MARKET
from tests.racing import race
from tests.units import County, collect, county
from workers import mail, post
from workers.post import Post, run_once

REVIEWER = "account:li"
SUBJECT, BODY = "请报送2025年度报告", "临溪县市场监督管理局：\n请于1月26日前报送。\n.\n联系人：王敏\n"
# What a server does is the same whatever the database.
on_one_engine = pytest.mark.parametrize("either", ["sqlite"], indirect=True)
GREETS = ("220 here", "250 here", "250 from")


@pytest.fixture
def here(engine: Engine) -> County:
    """临溪县 with its office and two units."""
    with session_scope(engine) as session:
        return county(session)


@pytest.fixture
def campaign(engine: Engine, here: County) -> Campaign:
    """The reports of both units are expected."""
    with session_scope(engine) as session:
        return collect(session, here.office, here.archives, here.market)


def told(either: Settings, port: int, **more: Any) -> Settings:
    """Settings with a mail server on this machine."""
    given = {
        "smtp_host": "127.0.0.1",
        "smtp_port": port,
        "smtp_security": "none",
        "smtp_from": "临溪县政务公开办 <zwgk@linxi.example>",
        "smtp_seconds": 120.0,
        "quiet_hours": "",
    }
    return Settings(**{**either.model_dump(exclude_unset=True), **given, **more})


def queued(engine: Engine, campaign: Campaign, *units: Unit, to: str = "a@b.example", **said: str) -> list[Reminder]:
    letters = [Letter(unit, to.split(), said.get("subject", SUBJECT), said.get("body", BODY)) for unit in units]
    with session_scope(engine) as session:
        return reminders.post(session, campaign, letters, REVIEWER).made


def now_of(engine: Engine, one: Reminder) -> Reminder:
    with reading_scope(engine) as session:
        return session.get_one(Reminder, one.id)


@pytest.fixture
def mailbox() -> Mailbox:
    """What the mail server is given."""
    return Mailbox()


@pytest.fixture
def server(mailbox: Mailbox) -> Iterator[int]:
    """A mail server that takes everything, unless told otherwise."""
    with mail_server(mailbox) as port:
        yield port


def test_a_reminder_arrives_once_as_the_reviewer_saw_it(
    engine: Engine, either: Settings, campaign: Campaign, here: County, mailbox: Mailbox, server: int
) -> None:
    [one] = queued(engine, campaign, here.market, to="a@b.example c@d.example")
    assert run_once(told(either, server)) == 1
    assert run_once(told(either, server)) == 0
    [arrived] = mailbox.messages
    assert (arrived["Subject"], arrived.get_content().replace("\r\n", "\n")) == (SUBJECT, BODY)
    assert "临溪县政务公开办 <zwgk@linxi.example>" in str(arrived["From"])
    assert mailbox.to == [["a@b.example", "c@d.example"]]
    assert (now_of(engine, one).state, now_of(engine, one).attempts) == (ReminderState.SENT, 1)
    assert now_of(engine, one).sent_at is not None


@on_one_engine
def test_no_line_of_a_subject_becomes_a_header(
    engine: Engine, either: Settings, campaign: Campaign, here: County, mailbox: Mailbox, server: int
) -> None:
    queued(
        engine, campaign, here.market, subject="请报送\r\nBcc: all@x.example\n\nX: y\u2028z", body="好\r\n.\r\nQUIT\r\n"
    )
    run_once(told(either, server))
    [arrived] = mailbox.messages
    assert arrived["Subject"] == "请报送 Bcc: all@x.example X: y z"
    assert (arrived["Bcc"], arrived["X"]) == (None, None)
    assert arrived.get_content().replace("\r\n", "\n") == "好\n.\nQUIT\n"
    assert mailbox.to == [["a@b.example"]]


def test_many_senders_send_each_reminder_once(
    engine: Engine, either: Settings, campaign: Campaign, here: County, mailbox: Mailbox, server: int
) -> None:
    queued(engine, campaign, here.market, here.archives, here.office)
    settings = told(either, server)
    assert sum(race(4, lambda _runner: run_once(settings))) == 3
    assert len(mailbox.messages) == 3


def test_without_the_condition_in_the_claim_two_senders_send_one_reminder_twice(
    engine: Engine, either: Settings, campaign: Campaign, here: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control of the claim: read, then write, and both have it."""
    [one] = queued(engine, campaign, here.market)

    def careless() -> bool:
        with reading_scope(engine) as session:
            return session.scalar(select(Reminder.state).where(Reminder.id == one.id)) is ReminderState.QUEUED

    def write() -> None:
        with session_scope(engine) as session:
            session.execute(update(Reminder).where(Reminder.id == one.id).values(state=ReminderState.SENDING))

    saw = [careless(), careless()]
    write()
    write()
    assert saw == [True, True]
    with session_scope(engine) as session:
        session.execute(update(Reminder).values(state=ReminderState.QUEUED))
    with session_scope(engine) as session:
        first = reminders.claim(session)
    with session_scope(engine) as session:
        assert (first is not None, reminders.claim(session)) == (True, None)


@pytest.fixture
def taken_port() -> Iterator[int]:
    """A port at which nobody answers, and nobody else can."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield int(taken.getsockname()[1])


def test_a_server_that_is_away_is_tried_again_later_and_then_given_up(
    engine: Engine, either: Settings, campaign: Campaign, here: County, taken_port: int
) -> None:
    [one] = queued(engine, campaign, here.market)
    settings = told(either, taken_port, retry_seconds=(3600, 3600))
    for attempt, state in ((1, "queued"), (2, "queued"), (3, "failed")):
        assert run_once(settings) == 1
        found = now_of(engine, one)
        assert (found.state.value, found.attempts, found.error_code) == (state, attempt, "mail_not_delivered")
        assert run_once(settings) == 0, "not before its time"
        with session_scope(engine) as session:
            session.execute(update(Reminder).values(not_before=now()))
    assert found.error == "邮件服务器连不上，请系统管理员检查网络和邮件设置。"


@on_one_engine
@pytest.mark.parametrize("drip", [False, True], ids=["silent", "dripping"])
@pytest.mark.parametrize("heard", [(), ("220 here",), GREETS])
def test_a_server_that_hangs_is_left_in_time_and_tried_again(
    engine: Engine, either: Settings, campaign: Campaign, here: County, heard: tuple[str, ...], drip: bool
) -> None:
    [one] = queued(engine, campaign, here.market)
    with scripted_server(*heard, drip=drip) as port:
        assert run_once(told(either, port, smtp_seconds=0.5, retry_seconds=(3600,))) == 1
    found = now_of(engine, one)
    assert (found.state, found.attempts) == (ReminderState.QUEUED, 1)
    assert "没有在限定时间内答复" in found.error


@on_one_engine
@pytest.mark.parametrize("ends", [(), ("DIE",)], ids=["hangs", "dies"])
def test_what_was_handed_over_without_an_answer_is_not_sent_again(
    engine: Engine, either: Settings, campaign: Campaign, here: County, ends: tuple[str, ...]
) -> None:
    [one] = queued(engine, campaign, here.market)
    with scripted_server(*GREETS, "250 to", "354 go on", *ends) as port:
        settings = told(either, port, smtp_seconds=8)
        assert (run_once(settings), run_once(settings)) == (1, 0)
    assert now_of(engine, one).state is ReminderState.UNCERTAIN
    assert "没有再发" in now_of(engine, one).error


@on_one_engine
@pytest.mark.parametrize(
    ("where", "said", "state"),
    [
        ("RCPT", "550 no such user", "failed"),
        ("RCPT", "451 come later", "queued"),
        ("DATA", "554 spam", "failed"),
        ("DATA", "452 full", "queued"),
    ],
)
def test_a_refusal_for_good_is_told_at_once_and_one_for_now_is_tried_again(
    engine: Engine, either: Settings, campaign: Campaign, here: County, where: str, said: str, state: str
) -> None:
    [one] = queued(engine, campaign, here.market)
    with mail_server(Mailbox(answers={where: said})) as port:
        run_once(told(either, port, retry_seconds=(3600,)))
    assert now_of(engine, one).state.value == state
    assert now_of(engine, one).error


@on_one_engine
def test_one_address_that_is_refused_keeps_no_other_from_its_reminder(
    engine: Engine, either: Settings, campaign: Campaign, here: County
) -> None:
    [one] = queued(engine, campaign, here.market, to="old@b.example new@b.example")
    mailbox = Mailbox(answers={"old@b.example": "550 gone"})
    with mail_server(mailbox) as port:
        run_once(told(either, port))
    assert mailbox.to == [["new@b.example"]]
    found = now_of(engine, one)
    assert (found.state, found.error) == (ReminderState.SENT, "old@b.example：550 gone")


@on_one_engine
@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_an_encrypted_line_is_made_to_whom_we_know_and_to_nobody_else(
    engine: Engine,
    either: Settings,
    campaign: Campaign,
    here: County,
    security: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stranger, known = queued(engine, campaign, here.market, here.archives)
    file, context = certificate(tmp_path)
    mailbox = Mailbox()
    how = {"ssl_context": context} if security == "tls" else {"tls_context": context, "require_starttls": True}
    with mail_server(mailbox, **how) as port:
        settings = told(either, port, smtp_security=security, retry_seconds=(3600,))
        with closing(Post(settings)) as post_:
            assert post_.round()
        assert "加密连接没有建立" in now_of(engine, stranger).error
        monkeypatch.setenv("SSL_CERT_FILE", str(file))
        assert run_once(settings) == 1
    assert (now_of(engine, known).state, len(mailbox.messages)) == (ReminderState.SENT, 1)


@on_one_engine
def test_a_password_that_the_server_does_not_want_is_told(
    engine: Engine, either: Settings, campaign: Campaign, here: County
) -> None:
    [one] = queued(engine, campaign, here.market)
    with scripted_server("220 here", "250-here\r\n250 AUTH PLAIN", "535 no", "535 no", "535 no") as port:
        run_once(told(either, port, smtp_user="zwgk", smtp_password="wrong"))
    assert "不接受发件账号或密码" in now_of(engine, one).error


def test_during_quiet_hours_nothing_leaves(
    engine: Engine, either: Settings, campaign: Campaign, here: County, mailbox: Mailbox, server: int
) -> None:
    [one] = queued(engine, campaign, here.market)
    with reading_scope(engine) as session:
        clock = session.scalars(now().select()).one() + timedelta(hours=8)
    around = f"{(clock - timedelta(hours=1)):%H:%M}-{(clock + timedelta(hours=2)):%H:%M}"
    assert run_once(told(either, server, quiet_hours=around)) == 0
    assert (mailbox.messages, now_of(engine, one).state) == ([], ReminderState.QUEUED)


def test_a_sender_that_died_leaves_no_reminder_to_be_sent_twice(
    engine: Engine, either: Settings, campaign: Campaign, here: County, mailbox: Mailbox, server: int
) -> None:
    [one] = queued(engine, campaign, here.market)
    with session_scope(engine) as session:
        claimed = reminders.claim(session)
    assert claimed is not None
    settings = told(either, server, smtp_seconds=20)
    assert run_once(settings) == 0, "its sender may still be at work"
    assert now_of(engine, one).state is ReminderState.SENDING
    with session_scope(engine) as session:
        long_ago = session.scalars(now().select()).one() - timedelta(seconds=2 * 20 + post.MARGIN_SECONDS + 1)
        session.execute(update(Reminder).values(claimed_at=long_ago))
    assert run_once(settings) == 0
    found = now_of(engine, one)
    assert (found.state, found.error_code, mailbox.messages) == (ReminderState.UNCERTAIN, "sender_lost", [])
    with session_scope(engine) as session:
        assert reminders.sent(session, claimed), "unless it comes back and knows better"
    assert now_of(engine, one).state is ReminderState.SENT


@on_one_engine
def test_who_is_killed_in_mid_sending_has_not_sent_it_as_far_as_anybody_knows(
    either: Settings, engine: Engine, campaign: Campaign, here: County
) -> None:
    [one] = queued(engine, campaign, here.market)
    with scripted_server(*GREETS, "250 to", "354 go on") as port:
        settings = told(either, port, smtp_seconds=600)
        command = [sys.executable, "-m", "service.cli", "post"]
        with subprocess.Popen(command, env={**os.environ, **environment(settings)}) as sender:
            try:
                wait_until_claimed(engine, one)
            finally:
                sender.send_signal(signal.SIGKILL)
    assert now_of(engine, one).state is ReminderState.SENDING
    with mail_server(Mailbox()) as port, closing(Post(told(either, port))) as other:
        assert not other.round()
    assert now_of(engine, one).state is ReminderState.SENDING


def environment(settings: Settings) -> dict[str, str]:
    return {
        "NIANBAO_DATA_DIR": str(settings.data_dir),
        "NIANBAO_DATABASE_URL": settings.database_url,
        "NIANBAO_SMTP_HOST": settings.smtp_host,
        "NIANBAO_SMTP_PORT": str(settings.smtp_port),
        "NIANBAO_SMTP_SECURITY": "none",
        "NIANBAO_SMTP_FROM": settings.smtp_from,
        "NIANBAO_SMTP_SECONDS": str(settings.smtp_seconds),
        "NIANBAO_QUIET_HOURS": "",
    }


def wait_until_claimed(engine: Engine, one: Reminder) -> None:
    from threading import Event

    for _try in range(1200):
        if now_of(engine, one).state is ReminderState.SENDING:
            return
        Event().wait(0.1)
    raise AssertionError("never claimed")


@on_one_engine
def test_a_message_is_the_same_at_every_try(engine: Engine, either: Settings, campaign: Campaign, here: County) -> None:
    [one] = queued(engine, campaign, here.market)
    settings = told(either, 25)
    first, second = (mail.message(now_of(engine, one), settings) for _ in range(2))
    assert first["Message-ID"] == second["Message-ID"] == f"<{one.public_id}@linxi.example>"
    assert first.as_bytes() == second.as_bytes()


def test_the_second_click_writes_nothing_down(engine: Engine, campaign: Campaign, here: County) -> None:
    made = race(4, lambda _runner: len(queued(engine, campaign, here.market, here.archives)))
    assert sorted(made) == [0, 0, 0, 2]


def test_what_was_sent_a_moment_ago_is_not_sent_again_but_other_words_are(
    engine: Engine, either: Settings, campaign: Campaign, here: County, server: int
) -> None:
    queued(engine, campaign, here.market)
    run_once(told(either, server))
    assert queued(engine, campaign, here.market) == []
    assert len(queued(engine, campaign, here.market, body="请接电话。")) == 1


def test_only_what_is_still_queued_can_be_taken_back(
    engine: Engine, either: Settings, campaign: Campaign, here: County, mailbox: Mailbox, server: int
) -> None:
    first, second = queued(engine, campaign, here.market, here.archives)
    with session_scope(engine) as session:
        assert reminders.cancel(session, campaign, REVIEWER, first.public_id) == 1
    assert run_once(told(either, server)) == 1
    with session_scope(engine) as session:
        assert reminders.cancel(session, campaign, REVIEWER) == 0
    assert [one.state for one in (now_of(engine, first), now_of(engine, second))] == ["cancelled", "sent"]
    with reading_scope(engine) as session:
        assert [unit.name for _one, unit in reminders.log_of(session, campaign, 10)] == [ARCHIVES, MARKET]
        assert list(reminders.last_of_units(session, campaign)) == [here.archives.id]
