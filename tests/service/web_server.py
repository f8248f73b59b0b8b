"""The web as it is started for real: `nianbao serve` in a process of its own, visited over HTTP."""

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from storage.settings import Settings

# Seconds; much more than a start takes on a busy machine.
PATIENCE = 240


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def told(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)
        return found


class WebServer:
    """One web server; whoever starts it stops it."""

    def __init__(self, settings: Settings, bind: str | None = None, **given: str) -> None:
        self.settings = settings
        # Bound and not listened to: whoever looks for a free port gets another, and the server may listen all the same.
        self._reserved = _reserved_port()
        self.port = int(self._reserved.getsockname()[1])
        self.bind = bind or f"127.0.0.1:{self.port}"
        self.log = settings.data_dir / "web.log"
        environment = {
            **os.environ,
            "NIANBAO_DATA_DIR": str(settings.data_dir),
            "NIANBAO_DATABASE_URL": settings.database_url,
            "NIANBAO_REDIS_URL": settings.redis_url,
            "NIANBAO_BIND": self.bind,
            **given,
        }
        # Should the tests be killed, it must not stay behind.
        command = ["setpriv", "--pdeathsig=TERM", sys.executable, "-m", "service.cli", "serve"]
        with self.log.open("wb") as output:
            self.process = subprocess.Popen(command, env=environment, stdout=output, stderr=output)
        self._wait()

    def ask(self, method: str, path: str, body: bytes | None = None, seconds: float = 60, **headers: str) -> Answer:
        with closing(self.connect(seconds)) as connection:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())

    def connect(self, seconds: float = 60) -> http.client.HTTPConnection:
        if self.bind.startswith("unix:"):
            return _OverSocket(self.bind.removeprefix("unix:"), timeout=seconds)
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=seconds)

    def wait_for_log(self, words: str) -> None:
        patience = time.monotonic() + PATIENCE
        while words not in self.log.read_text():
            if time.monotonic() > patience:
                raise AssertionError(f"the log never said {words!r}:\n{self.log.read_text()}")
            time.sleep(0.05)

    def log_lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.log.read_text().splitlines()]

    def stop(self, seconds: float = 120) -> int:
        self.process.terminate()
        return self.process.wait(seconds)

    def close(self) -> None:
        self._reserved.close()
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def _wait(self) -> None:
        patience = time.monotonic() + PATIENCE
        while self.process.poll() is None and time.monotonic() < patience:
            try:
                if self.ask("GET", "/healthz").status == 200:
                    return
            except OSError:
                pass
            time.sleep(0.05)
        self.close()
        raise RuntimeError(f"the web did not start:\n{self.log.read_text()}")


class _OverSocket(http.client.HTTPConnection):
    """A connection over a unix socket instead of a port."""

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(self.host)


def _reserved_port() -> socket.socket:
    reserved = socket.socket()
    reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    reserved.bind(("127.0.0.1", 0))
    return reserved
