"""Four ways from Word to PDF, each behind the same two words: convert, close."""

import json
import shutil
import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from storage.settings import Settings
from tests.bench import unoserver
from tests.bench.spent import Spent, spending
from workers.libreoffice import Offices
from workers.office.alone import prepared_profile
from workers.office.installed import QUIET, Office, allocator, environment, find_python

HERE = Path(__file__).parent
SETPRIV = ("setpriv", "--pdeathsig=KILL", "--")


class Converter(Protocol):
    """One process that makes PDFs, one after the other."""

    def convert(self, docx: Path, pdf: Path) -> None:
        """Make a PDF."""

    def close(self) -> None:
        """Leave nothing running."""


class Loop:
    """A script that is told of one document after the other by lines, and answers with lines."""

    def __init__(self, argv: Sequence[str | Path], env: dict[str, str], log: Path) -> None:
        with log.open("ab") as errors:
            self._child = subprocess.Popen(
                [*SETPRIV, *map(str, argv)], env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors
            )
        self._log = log

    def ask(self, **said: object) -> None:
        assert self._child.stdin
        assert self._child.stdout
        with suppress(BrokenPipeError):
            self._child.stdin.write(json.dumps(said).encode() + b"\n")
            self._child.stdin.flush()
        if not self._child.stdout.readline():
            raise RuntimeError(self._log.read_text(errors="replace")[-2000:])

    def convert(self, docx: Path, pdf: Path) -> None:
        self.ask(docx=str(docx), pdf=str(pdf))

    def close(self) -> None:
        assert self._child.stdin
        with suppress(OSError):
            self._child.stdin.close()
        with suppress(subprocess.TimeoutExpired):
            self._child.wait(10)
        self._child.kill()
        self._child.wait()
        if self._child.stdout:
            self._child.stdout.close()


class Benches:
    """Sets up converters, each with a home of its own, all with the same fonts and the same profile."""

    def __init__(self, folder: Path, settings: Settings) -> None:
        self._folder, self._settings = folder, settings
        self.office = Office.from_settings(settings, seconds=120)
        self.python = find_python(self.office.program, self.office.data_dir)
        self._homes = 0

    def bare(self) -> Converter:
        """LibreOffice driven by UNO alone."""
        home = self._home()
        loop = Loop([self.python or "", "-I", "-B", HERE / "bare_loop.py"], environment(home), home / "log")
        loop.ask(command=[*SETPRIV, *self._command(home)])
        return loop

    def ours(self) -> Converter:
        """The service's own door to LibreOffice."""
        return Ours(Offices.from_settings(self._settings, seconds=120))

    def alone(self) -> Converter:
        """One LibreOffice for each document."""
        home = self._home()
        return Alone(self._command(home), as_it_comes(home), home)

    def unoserver(self) -> Converter:
        """unoserver and its command, as its page says; unoserver.NotToBeHad where it cannot be installed."""
        home = self._home()
        python = unoserver.installed(self._folder / "unoserver", self.python)
        server = unoserver.Server(python, self.office.program, home, as_it_comes(home))
        return Behind(Told(python.with_name("unoconvert"), server.port, as_it_comes(home)), server)

    def unoserver_client(self) -> Converter:
        """unoserver and a client of its own kind that stays."""
        home = self._home()
        python = unoserver.installed(self._folder / "unoserver", self.python)
        server = unoserver.Server(python, self.office.program, home, as_it_comes(home))
        command = (python, "-I", HERE / "unoserver_loop.py", str(server.port))
        return Behind(Loop(command, as_it_comes(home), home / "log"), server)

    def _home(self) -> Path:
        self._homes += 1
        home = self._folder / f"home-{self._homes}"
        home.mkdir()
        self.office.fonts.write(home)
        shutil.copytree(prepared_profile(self.office, time.monotonic() + 60), home / "profile")
        return home

    def _command(self, home: Path) -> list[str]:
        return [str(self.office.program), *QUIET, f"-env:UserInstallation={(home / 'profile').as_uri()}"]


def as_it_comes(home: Path) -> dict[str, str]:
    """What the others know of the world: our fonts, and the memory that LibreOffice comes with."""
    return {name: value for name, value in environment(home).items() if name not in allocator()}


class Ours:
    """A warm office in its box, as a worker has it."""

    def __init__(self, offices: Offices) -> None:
        self._offices = offices
        # An office belongs to a thread, and dies with it.
        self._thread = ThreadPoolExecutor(1)

    def convert(self, docx: Path, pdf: Path) -> None:
        self._thread.submit(self._offices.to_pdf, docx, pdf.parent).result().rename(pdf)

    def close(self) -> None:
        self._thread.submit(self._offices.close).result()
        self._thread.shutdown()


class Alone:
    """LibreOffice started anew."""

    def __init__(self, command: list[str], env: dict[str, str], home: Path) -> None:
        self._command, self._env, self._home = [*SETPRIV, *command], env, home

    def convert(self, docx: Path, pdf: Path) -> None:
        words = ("--convert-to", "pdf:writer_pdf_Export", "--outdir", str(self._home), str(docx))
        subprocess.run([*self._command, *words], env=self._env, check=True, capture_output=True)
        (self._home / f"{docx.stem}.pdf").rename(pdf)

    def close(self) -> None:
        """Nothing is running."""


class Told:
    """A command for each document, which tells a server."""

    def __init__(self, command: Path, port: int, env: dict[str, str]) -> None:
        self._command, self._env = [str(command), "--port", str(port)], env

    def convert(self, docx: Path, pdf: Path) -> None:
        words = ("--convert-to", "pdf", "--output-filter", "writer_pdf_Export", str(docx), str(pdf))
        subprocess.run([*self._command, *words], env=self._env, check=True, capture_output=True)

    def close(self) -> None:
        """Nothing is running."""


class Behind:
    """A client, and the server behind it."""

    def __init__(self, client: Converter, server: unoserver.Server) -> None:
        self._client, self._server = client, server

    def convert(self, docx: Path, pdf: Path) -> None:
        self._client.convert(docx, pdf)

    def close(self) -> None:
        self._client.close()
        self._server.close()


def several(make: Callable[[], Converter], count: int, warm_up: Path) -> list[Converter]:
    """A number of converters, each of which has made one document."""
    made = [make() for _ in range(count)]
    for number, converter in enumerate(made):
        converter.convert(warm_up, warm_up.with_name(f"warm-up-{number}.pdf"))
    return made


def converted(converters: Sequence[Converter], files: Sequence[Path], into: Path) -> Spent:
    """What it costs to convert the files, each by whoever is free."""
    waiting, failures = deque(files), list[Exception]()

    def work(converter: Converter) -> None:
        try:
            while waiting:
                docx = waiting.popleft()
                converter.convert(docx, into / f"{docx.stem}.pdf")
        except IndexError:
            # Another took the last one.
            return
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(converter,)) for converter in converters]
    with spending(len(files)) as spent:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    if failures:
        raise failures[0]
    return spent
