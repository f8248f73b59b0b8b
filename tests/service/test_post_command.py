"""`nianbao post` says what it lacks, sends what is due, and is started by `nianbao up` where mail is set up."""

import pytest
from click.testing import CliRunner, Result

from service.cli import main
from service.machine import programs
from storage.post import reminders
from storage.post.reminders import Letter
from storage.session import make_engine, session_scope
from storage.settings import Settings
from tests.mail_servers import Mailbox, mail_server
from tests.units import collect, county


@pytest.fixture(autouse=True)
def at_home(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands read their settings from the environment."""
    monkeypatch.setenv("NIANBAO_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("NIANBAO_QUIET_HOURS", "")
    monkeypatch.setenv("NIANBAO_SMTP_SECONDS", "120")


def nianbao(*words: str) -> Result:
    return CliRunner().invoke(main, list(words))


def test_without_a_mail_server_it_says_what_to_set() -> None:
    refused = nianbao("post", "--once")
    assert (refused.exit_code, "NIANBAO_SMTP_HOST" in refused.output) == (1, True)


def test_it_sends_what_is_due_and_ends(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    engine, mailbox = make_engine(settings), Mailbox()
    with session_scope(engine) as session:
        units = county(session)
        campaign = collect(session, units.office, units.market)
        reminders.post(session, campaign, [Letter(units.market, ["a@b.example"], "请报送", "请报送")], "account:li")
    engine.dispose()
    with mail_server(mailbox) as port:
        for name, value in (("HOST", "127.0.0.1"), ("PORT", str(port)), ("SECURITY", "none"), ("FROM", "a@x.example")):
            monkeypatch.setenv(f"NIANBAO_SMTP_{name}", value)
        assert "已处理 1 封" in nianbao("post", "--once").output
        assert "已处理 0 封" in nianbao("post", "--once").output
    assert len(mailbox.messages) == 1


def test_a_trial_tells_whether_the_settings_are_right(monkeypatch: pytest.MonkeyPatch) -> None:
    mailbox = Mailbox(answers={"gone@b.example": "550 no such user"})
    with mail_server(mailbox) as port:
        for name, value in (("HOST", "127.0.0.1"), ("PORT", str(port)), ("SECURITY", "none"), ("FROM", "a@x.example")):
            monkeypatch.setenv(f"NIANBAO_SMTP_{name}", value)
        assert "已收下" in nianbao("post", "--try", "a@b.example").output
        refused = nianbao("post", "--try", "gone@b.example")
    assert (refused.exit_code, "550 no such user" in refused.output) == (1, True)
    assert [one["Subject"] for one in mailbox.messages] == ["年报服务试发"]
    assert nianbao("post", "--try", "nobody").exit_code == 2


def test_it_is_started_with_the_rest_where_mail_is_set_up(settings: Settings) -> None:
    def names(settings: Settings) -> list[str]:
        return [program.name for program in programs(settings, "127.0.0.1:8000")]

    assert "post" not in names(settings)
    assert "post" in names(settings.model_copy(update={"smtp_host": "mail.example", "smtp_from": "a@x.example"}))
