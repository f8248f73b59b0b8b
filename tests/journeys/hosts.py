"""Machines for a journey: network namespaces with a cable each to one switch, which stands in another of them.

Nothing of it is to be seen from the machine that runs the tests: it has neither the addresses nor the cables.
"""

import os
import re
import secrets
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

NAMED = re.compile(r"nianbao-(\d+)-")


class NotAllowed(Exception):
    """This machine does not let us make namespaces."""


class Network:
    """A switch and the machines at it; `address(0)` is the machine of the switch itself, where the servers run."""

    def __init__(self) -> None:
        self._name = f"nianbao-{os.getpid()}-{secrets.token_hex(2)}"
        self._hosts: list[str] = []
        self.hub = self._add("hub")
        self._ip("-n", self.hub, "link", "add", "switch", "type", "bridge")
        self._ip("-n", self.hub, "address", "add", f"{self.address(0)}/24", "dev", "switch")
        self._ip("-n", self.hub, "link", "set", "switch", "up")

    @staticmethod
    def address(number: int) -> str:
        return f"10.213.77.{number + 1}"

    def host(self, name: str) -> str:
        """Another machine, with a cable to the switch."""
        host = self._add(name)
        cable = self._cable(host)
        self._ip("-n", self.hub, "link", "add", cable, "type", "veth", "peer", "name", "eth0", "netns", host)
        self._ip("-n", self.hub, "link", "set", cable, "master", "switch", "up")
        self._ip("-n", host, "address", "add", f"{self.address(self._hosts.index(host))}/24", "dev", "eth0")
        self._ip("-n", host, "link", "set", "eth0", "up")
        return host

    def cut(self, host: str) -> None:
        """Pull the cable."""
        self._ip("-n", self.hub, "link", "set", self._cable(host), "down")

    def mend(self, host: str) -> None:
        """Put the cable back."""
        self._ip("-n", self.hub, "link", "set", self._cable(host), "up")

    @staticmethod
    def inside(host: str) -> tuple[str, ...]:
        """What to write before a command so that it runs on a machine; it becomes the command itself."""
        return ("ip", "netns", "exec", host)

    def close(self) -> None:
        """Take everything down; what still runs inside keeps nothing of ours."""
        for host in reversed(self._hosts):
            subprocess.run(["ip", "netns", "del", host], check=False, capture_output=True)

    def _add(self, name: str) -> str:
        host = f"{self._name}-{name}"
        self._ip("netns", "add", host)
        self._hosts.append(host)
        self._ip("-n", host, "link", "set", "lo", "up")
        return host

    def _cable(self, host: str) -> str:
        # The name of a cable has at most 15 characters.
        return f"cable{self._hosts.index(host)}"

    def _ip(self, *words: str) -> None:
        told = subprocess.run(["ip", *words], check=False, capture_output=True, text=True)
        if told.returncode:
            self.close()
            raise NotAllowed(f"ip {' '.join(words)}: {told.stderr.strip()}")


@contextmanager
def network() -> Iterator[Network]:
    """A network of one's own, gone at the end; NotAllowed where there can be none."""
    if shutil.which("ip") is None:
        raise NotAllowed("there is no command `ip`")
    _clear_away()
    made = Network()
    try:
        yield made
    finally:
        made.close()


def _clear_away() -> None:
    """What tests that were killed left behind."""
    folder = Path("/run/netns")
    for path in folder.iterdir() if folder.is_dir() else ():
        named = NAMED.match(path.name)
        if named and not Path(f"/proc/{named[1]}").exists():
            with suppress(OSError):
                subprocess.run(["ip", "netns", "del", path.name], check=False, capture_output=True)
