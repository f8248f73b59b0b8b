"""Clerks who fill in their forms at once, each in a browser of its own, as fast as people type."""

import gzip
import http.client
import json
import re
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random

from flask import Flask

from service.access import TOKEN
from storage.tables import Field

# Between two saves of one clerk, in seconds: two hundred fields in the twenty minutes that an ordinary report takes.
PAUSE = (3.0, 9.0)
_CSRF = re.compile(rb'<meta name="csrf-token" content="([^"]+)"')


@dataclass
class Clerk:
    """One clerk with one report: what was saved, as far as the service said so, and how long each save took."""

    number: int
    report: str
    token: str
    names: Sequence[str]
    port: int
    took_ms: list[float] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    kept: dict[str, str] = field(default_factory=dict)
    versions: dict[str, int] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    page_bytes: int = 0

    def come_in(self, app: Flask) -> None:
        """Open the form, as a browser that is signed in."""
        serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
        cookie = f"{app.config['SESSION_COOKIE_NAME']}={serializer.dumps({TOKEN: self.token})}"
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request(
            "GET", f"/reports/{self.report}/fill/requests", headers={"Cookie": cookie, "Accept-Encoding": "gzip"}
        )
        answer = connection.getresponse()
        packed = answer.read()
        self.page_bytes = len(packed)
        page = gzip.decompress(packed)
        given = answer.getheader("Set-Cookie", cookie).split(";")[0]
        found = _CSRF.search(page)
        if answer.status != 200 or not found:
            raise RuntimeError(f"the form did not open: {answer.status} {page[:300]!r}")
        self.headers = {
            "Cookie": given,
            "X-CSRFToken": found[1].decode(),
            "Content-Type": "application/json",
            "Accept-Encoding": "gzip",
        }
        connection.close()

    def work(self, until: threading.Event, pause: tuple[float, float] = PAUSE) -> None:
        """Save one field after the other until it is time to go home."""
        dice = Random(self.number)
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        while not until.wait(dice.uniform(*pause)):
            self.save(connection, dice.choice(self.names), str(dice.randint(0, 500)))
        connection.close()

    def save_once(self, name: str, value: str) -> None:
        """Save a field over a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        self.save(connection, name, value)
        connection.close()

    def save(self, connection: http.client.HTTPConnection, name: str, value: str) -> None:
        """Save a field as the form does, and remember what the service says it has kept."""
        change = {"name": name, "value": value, "note": "", "version": self.versions.get(name, 0)}
        body = json.dumps({"changes": [change]}).encode()
        begun = time.perf_counter()
        connection.request("POST", f"/reports/{self.report}/fields", body, self.headers)
        answer = connection.getresponse()
        told = answer.read()
        if answer.getheader("Content-Encoding") == "gzip":
            told = gzip.decompress(told)
        self.took_ms.append((time.perf_counter() - begun) * 1000)
        self.statuses.append(answer.status)
        if answer.status == 200:
            for one in json.loads(told)["saved"]:
                self.kept[one["name"]], self.versions[one["name"]] = one["value"], one["version"]

    def lost(self, stored: Sequence[Field]) -> int:
        """How many of the values that were said to be kept are not."""
        there = {one.name: one.value for one in stored}
        return sum(there.get(name) != value for name, value in self.kept.items())


@contextmanager
def at_work(clerks: Sequence[Clerk], pause: tuple[float, float] = PAUSE) -> Iterator[None]:
    """All of them at once, for as long as the block takes."""
    until = threading.Event()
    threads = [threading.Thread(target=clerk.work, args=(until, pause), daemon=True) for clerk in clerks]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        until.set()
        for thread in threads:
            thread.join()


def percentile(values: Sequence[float], share: float) -> float:
    """The value that this share of all values does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
