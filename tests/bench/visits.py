"""A browser of the bench: signed in, it asks for pages and sends their forms, and remembers how it was answered."""

import gzip
import http.client
import re
from urllib.parse import urlencode

from flask import Flask

from service.access import TOKEN

_CSRF = re.compile(r'<meta name="csrf-token" content="([^"]+)"')


class Visit:
    """One person's browser."""

    def __init__(self, app: Flask, token: str, port: int) -> None:
        serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
        self._cookie = f"{app.config['SESSION_COOKIE_NAME']}={serializer.dumps({TOKEN: token})}"
        self._port = port
        self._csrf = ""
        self.statuses: list[int] = []
        # Where the last answer sent the browser.
        self.location = ""

    def get(self, path: str) -> str:
        """A page or a piece of one, "" for 204."""
        return self.fetch(path).decode()

    def fetch(self, path: str) -> bytes:
        """What lies at an address, as bytes."""
        body = self._ask("GET", path)
        if found := _CSRF.search(body[:4000].decode(errors="replace")):
            self._csrf = found[1]
        return body

    def post(self, path: str, **fields: str) -> str:
        """Send a form; `location` says where that led."""
        return self._ask("POST", path, urlencode({"csrf_token": self._csrf, **fields})).decode()

    def _ask(self, method: str, path: str, body: str | None = None) -> bytes:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=120)
        headers = {"Cookie": self._cookie, "Accept-Encoding": "gzip", "Accept": "text/html"}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        told = answer.read()
        connection.close()
        self.statuses.append(answer.status)
        self.location = answer.getheader("Location", "")
        self._cookie = answer.getheader("Set-Cookie", self._cookie).split(";")[0]
        if answer.status >= 400:
            raise RuntimeError(f"{method} {path}: {answer.status}\n{told[:400]!r}")
        return gzip.decompress(told) if answer.getheader("Content-Encoding") == "gzip" else told
