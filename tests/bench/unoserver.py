"""unoserver from PyPI in an environment of its own: not a dependency, only something to be measured against."""

import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

VERSION = "3.7"


class NotToBeHad(Exception):
    """It cannot be installed here; the message says why."""


def installed(folder: Path, python: Path | None) -> Path:
    """The Python of an environment that has unoserver, made if need be."""
    if python is None:
        raise NotToBeHad("no Python here can load uno")
    inside = folder / "bin" / "python"
    if not (folder / "ready").exists():
        shutil.rmtree(folder, ignore_errors=True)
        _run([python, "-m", "venv", "--system-site-packages", "--without-pip", folder])
        _install(inside, f"unoserver=={VERSION}")
        (folder / "ready").touch()
    return inside


def _install(inside: Path, what: str) -> None:
    tools: list[list[str | Path]] = [
        [sys.executable, "-m", "pip", "--python", inside, "install", "-q", "--no-deps", what]
    ]
    if uv := shutil.which("uv"):
        tools.append([uv, "pip", "install", "-q", "--no-deps", "--python", inside, what])
    reasons = []
    for tool in tools:
        try:
            return _run(tool)
        except NotToBeHad as error:
            reasons.append(str(error))
    raise NotToBeHad("; ".join(reasons))


def _run(argv: list[str | Path]) -> None:
    try:
        finished = subprocess.run(argv, capture_output=True, text=True, check=False)
    except OSError as error:
        raise NotToBeHad(str(error)) from error
    if finished.returncode:
        raise NotToBeHad((finished.stderr.strip() or f"{argv[0]} ended with {finished.returncode}").splitlines()[-1])


class Server:
    """One unoserver with a LibreOffice of its own."""

    def __init__(self, python: Path, program: Path, home: Path, env: dict[str, str]) -> None:
        self.port, office_port = _free_port(), _free_port()
        command = [
            *("setpriv", "--pdeathsig=KILL", "--", python, "-m", "unoserver.server"),
            *("--interface", "127.0.0.1", "--port", str(self.port), "--uno-port", str(office_port)),
            *("--executable", _dying_with_it(program, home), "--user-installation", home / "profile"),
        ]
        with (home / "log").open("ab") as log:
            self._child = subprocess.Popen([*map(str, command)], env=env, stdout=log, stderr=log)
        self._await(home / "log", office_port)

    def _await(self, log: Path, *others: int) -> None:
        for _ in range(600):
            if all(map(_answers, (self.port, *others))):
                return
            if self._child.poll() is not None:
                break
            time.sleep(0.1)
        self.close()
        raise NotToBeHad(f"unoserver does not start: {log.read_text(errors='replace')[-300:]}")

    def close(self) -> None:
        self._child.kill()
        self._child.wait()


def _dying_with_it(program: Path, home: Path) -> Path:
    # Left to itself, unoserver's office outlives an unoserver that is stopped.
    script = home / "soffice"
    script.write_text(f'#!/bin/sh\nexec setpriv --pdeathsig KILL -- {program} "$@"\n')
    script.chmod(0o755)
    return script


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _answers(port: int) -> bool:
    with socket.socket() as one:
        one.settimeout(1)
        return one.connect_ex(("127.0.0.1", port)) == 0
