"""One message to the mail server: within a time limit, and with the truth about whether it may have arrived."""

import re
import smtplib
import socket
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from functools import partial
from threading import Event, Thread
from typing import Final

from reports.wording import N_
from storage.settings import Settings
from storage.tables import Reminder

_PORTS: Final = {"starttls": 587, "tls": 465, "none": 25}
_MOST_SAID: Final = 300


class NotDelivered(Exception):
    """The mail server did not take a message, or nobody knows whether it did."""

    code = "mail_not_delivered"

    def __init__(self, for_person: str, said: object, *, retry: bool = True, perhaps: bool = False) -> None:
        self.for_operator = str(said)[:_MOST_SAID]
        self.for_person = for_person
        self.retry = retry
        # It was handed over whole, and no answer came.
        self.perhaps = perhaps
        super().__init__(self.for_operator)


def message(one: Reminder, settings: Settings) -> EmailMessage:
    """A reminder as it travels. No field of it can end its line and begin another."""
    name, address = parseaddr(settings.smtp_from)
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Address(_one_line(name), addr_spec=address)
    mail["To"] = ", ".join(_one_line(to) for to in one.to.split())
    mail["Subject"] = _one_line(one.subject)
    mail["Date"] = format_datetime(one.made_at)
    # The same however often it is tried, so that a mailbox can tell a second copy.
    mail["Message-ID"] = f"<{one.public_id}@{address.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    # Letters of one byte pass through every server there is.
    mail.set_content(one.body, cte="base64")
    return mail


def deliver(mail: EmailMessage, to: Sequence[str], settings: Settings) -> dict[str, str]:
    """Hand a message over; the addresses that were refused, with what the server said. NotDelivered when all were."""
    with _explained(), _connection(settings) as server:
        refused = _envelope(server, parseaddr(settings.smtp_from)[1], to)
        _hand_over(server, mail.as_bytes())
    return refused


def _envelope(server: smtplib.SMTP, sender: str, to: Sequence[str]) -> dict[str, str]:
    code, said = server.mail(sender)
    if code != 250:
        raise smtplib.SMTPSenderRefused(code, said, sender)
    answers = {address: server.rcpt(address) for address in to}
    refused = {address: answer for address, answer in answers.items() if answer[0] not in (250, 251)}
    if len(refused) == len(answers):
        raise smtplib.SMTPRecipientsRefused(refused)
    return {address: _words(*answer) for address, answer in refused.items()}


def _hand_over(server: smtplib.SMTP, text: bytes) -> None:
    code, said = server.docmd("DATA")
    if code != 354:
        raise smtplib.SMTPDataError(code, said)
    # A line of one dot would end the message.
    body = re.sub(rb"(?m)^\.", b"..", text)
    try:
        server.send(body + (b"" if body.endswith(b"\r\n") else b"\r\n") + b".\r\n")
        code, said = server.getreply()
    except (OSError, smtplib.SMTPServerDisconnected) as error:
        sentence = N_("邮件已经交出，但邮件服务器没有答复是否收下，没有再发。请打电话确认，需要时重新催报。")
        raise NotDelivered(sentence, repr(error), perhaps=True) from error
    if code != 250:
        raise smtplib.SMTPDataError(code, said)


class _Limited(smtplib.SMTP):
    """A line to a server that can be cut from outside; half a word that was heard then is no answer."""

    is_cut = False

    def getreply(self) -> tuple[int, bytes]:
        answer = super().getreply()
        if self.is_cut:
            raise smtplib.SMTPServerDisconnected("took too long")
        return answer

    def cut(self) -> None:
        """End every wait for this server."""
        self.is_cut = True
        with suppress(OSError, AttributeError):
            self.sock.shutdown(socket.SHUT_RDWR)  # type: ignore[union-attr]


class _LimitedTls(_Limited, smtplib.SMTP_SSL):
    """The same, encrypted from its first byte."""


@contextmanager
def _connection(settings: Settings) -> Iterator[smtplib.SMTP]:
    """A server that greeted and knows us; cut off when the whole takes too long, however busy the line is."""
    security, sender = settings.smtp_security, parseaddr(settings.smtp_from)[1]
    kind = partial(_LimitedTls, context=ssl.create_default_context()) if security == "tls" else _Limited
    # Without a name to greet with it would look for one, which can take long.
    server: _Limited = kind(timeout=settings.smtp_seconds, local_hostname=sender.rpartition("@")[2])
    # What the certificate must be made out to.
    server._host = settings.smtp_host  # type: ignore[attr-defined]
    done = Event()
    Thread(target=_watch, args=(server, done, settings.smtp_seconds), daemon=True).start()
    try:
        _greet(server, settings)
        yield server
        with suppress(OSError, smtplib.SMTPException):
            server.quit()
    finally:
        done.set()
        server.close()


def _greet(server: smtplib.SMTP, settings: Settings) -> None:
    security = settings.smtp_security
    code, said = server.connect(settings.smtp_host, settings.smtp_port or _PORTS[security])
    if code != 220:
        raise smtplib.SMTPConnectError(code, said)
    if security == "starttls":
        server.starttls(context=ssl.create_default_context())
    server.ehlo_or_helo_if_needed()
    if settings.smtp_user:
        server.login(settings.smtp_user, settings.smtp_password.get_secret_value())


def _watch(server: _Limited, done: Event, seconds: float) -> None:
    # Each single wait is limited by itself; a server that says a letter now and then would pass that for ever.
    if done.wait(seconds):
        return
    while not done.wait(0.5):
        server.cut()


@contextmanager
def _explained() -> Iterator[None]:
    """Every trouble on the way as one kind of error, with words and with whether to try again."""
    try:
        yield
    except NotDelivered:
        raise
    except smtplib.SMTPRecipientsRefused as error:
        said = "；".join(f"{to}：{_words(*answer)}" for to, answer in error.recipients.items())
        for_now = any(code < 500 for code, _said in error.recipients.values())
        raise NotDelivered(N_("邮件服务器拒收这些地址，请核对单位的邮箱。"), said, retry=for_now) from error
    except smtplib.SMTPAuthenticationError as error:
        raise NotDelivered(N_("邮件服务器不接受发件账号或密码，请系统管理员核对邮件设置。"), error) from error
    except smtplib.SMTPNotSupportedError as error:
        raise NotDelivered(N_("邮件服务器不支持所设置的加密或登录方式，请系统管理员核对邮件设置。"), error) from error
    except smtplib.SMTPResponseException as error:
        said = _words(error.smtp_code, error.smtp_error)
        raise NotDelivered(N_("邮件服务器没有收下邮件。"), said, retry=error.smtp_code < 500) from error
    except (smtplib.SMTPServerDisconnected, TimeoutError) as error:
        raise NotDelivered(N_("邮件服务器没有在限定时间内答复，或中断了连接。"), repr(error)) from error
    except ssl.SSLError as error:
        raise NotDelivered(N_("与邮件服务器的加密连接没有建立，请系统管理员核对证书和邮件设置。"), error) from error
    except (OSError, smtplib.SMTPException, UnicodeError) as error:
        raise NotDelivered(N_("邮件服务器连不上，请系统管理员检查网络和邮件设置。"), repr(error)) from error


def _words(code: int, said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return f"{code} {' '.join(text.split())}"[:_MOST_SAID]


def _one_line(text: str) -> str:
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())
