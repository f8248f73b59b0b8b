"""Real mail servers for the tests: one that takes messages, and those that refuse, hang, or die at a chosen moment."""

import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from threading import Event, Thread
from typing import Any, cast

import pytest
from aiosmtpd.controller import Controller

# Seconds until a server has to answer; the machine may be busy.
PATIENCE = 120


@dataclass
class Mailbox:
    """What a server was given; `answers` are what it says instead of yes, by the word that it answers."""

    answers: dict[str, str] = field(default_factory=dict)
    messages: list[EmailMessage] = field(default_factory=list)
    to: list[list[str]] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if refusal := self.answers.get(address) or self.answers.get("RCPT"):
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if refusal := self.answers.get("DATA"):
            return refusal
        self.messages.append(cast(EmailMessage, message_from_bytes(envelope.content, policy=default)))
        self.to.append(list(envelope.rcpt_tos))
        return "250 OK"


class _AnyPort(Controller):
    """Listens where the system lets it, so that no other test can have taken the port meanwhile."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def mail_server(mailbox: Mailbox, **encrypted: Any) -> Iterator[int]:
    """A mail server on loopback; its port. `ssl_context` or `tls_context` are aiosmtpd's own."""
    controller = _AnyPort(mailbox, hostname="127.0.0.1", port=0, decode_data=False, ready_timeout=PATIENCE, **encrypted)
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


def certificate(folder: Path) -> tuple[Path, ssl.SSLContext]:
    """A certificate for 127.0.0.1 that nobody vouches for but itself, and a server's context with it."""
    if shutil.which("openssl") is None:
        pytest.skip("no openssl on this machine")
    file, key = folder / "mail.pem", folder / "mail.key"
    made = ["-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1", "-keyout", str(key)]
    named = ["-addext", "subjectAltName=IP:127.0.0.1", "-out", str(file)]
    subprocess.run(["openssl", "req", "-x509", *made, *named], check=True, capture_output=True)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(file, key)
    return file, context


@contextmanager
def scripted_server(*answers: str, drip: bool = False) -> Iterator[int]:
    """A server that says these lines, one for each command (a message counts as one), and then nothing more.

    With `drip` it goes on for ever with a letter now and then, as a line that is busy and says nothing does.
    """
    done = Event()
    listening = socket.create_server(("127.0.0.1", 0))
    listening.settimeout(0.2)

    def serve() -> None:
        while not done.is_set():
            try:
                line, _where = listening.accept()
            except TimeoutError:
                continue
            with line:
                _play(line, answers, done, drip=drip)

    thread = Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield int(listening.getsockname()[1])
    finally:
        done.set()
        thread.join()
        listening.close()


def _play(line: socket.socket, answers: tuple[str, ...], done: Event, *, drip: bool) -> None:
    line.settimeout(0.2)
    try:
        for number, answer in enumerate(answers):
            if number:
                _read_one(line, done, b"\r\n.\r\n" if answers[number - 1].startswith("354") else b"\r\n")
            if answer == "DIE":
                return
            line.sendall(answer.encode() + b"\r\n")
        while not done.wait(0.05):
            if drip:
                line.sendall(b"2")
            elif _is_gone(line):
                return
    except OSError:
        return


def _read_one(line: socket.socket, done: Event, end: bytes) -> None:
    heard = b""
    while not heard.endswith(end) and not done.is_set():
        try:
            more = line.recv(65536)
        except TimeoutError:
            continue
        if not more:
            raise OSError("gone")
        heard += more


def _is_gone(line: socket.socket) -> bool:
    try:
        return line.recv(1) == b""
    except TimeoutError:
        return False
