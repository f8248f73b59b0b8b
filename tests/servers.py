"""Real servers for tests: private Redis and PostgreSQL, each on a unix socket; an S3-compatible store on loopback.

Each is stopped by its own id.

They are started by setpriv, which becomes the server itself and has it killed should the tests be killed.
"""

import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy import URL, create_engine, text
from sqlalchemy.exc import OperationalError

REDIS = Path("/usr/bin/redis-server")
RCLONE = Path(sys.executable).parent / "rclone"
POSTGRESQL = sorted(Path("/usr/lib/postgresql").glob("*/bin"))


def _short_folder(name: str) -> Path:
    # A socket's path may have 107 characters; pytest's own folders are longer.
    return Path(tempfile.mkdtemp(prefix=f"{name}-", dir="/tmp"))


def _wait_until(ready: Callable[[], bool], process: subprocess.Popen[bytes], log: Path) -> None:
    patience = time.monotonic() + 120
    while process.poll() is None and time.monotonic() < patience:
        if ready():
            return
        time.sleep(0.05)
    raise RuntimeError(f"server did not start:\n{log.read_text()}")


class RedisServer:
    """A Redis that a test may pause, empty, kill and start again; `within` starts it, at an address if there is one."""

    def __init__(self, within: Sequence[str] = (), address: str = "") -> None:
        self._within, self._address = within, address
        self.folder = _short_folder("redis")
        self.socket = self.folder / "redis.sock"
        self.url = f"redis+socket://{self.socket}"
        self.client = Redis(unix_socket_path=str(self.socket), socket_timeout=10)
        self.start()

    def start(self) -> None:
        log = self.folder / "log"
        options = ["--unixsocket", str(self.socket), "--save", "", "--dir", str(self.folder)]
        if self._address:
            options += ["--bind", self._address, "--port", "6379", "--protected-mode", "no"]
        else:
            options += ["--port", "0"]
        with log.open("ab") as output:
            command = ["setpriv", "--pdeathsig=KILL", *self._within, str(REDIS), *options]
            self.process = subprocess.Popen(command, stdout=output, stderr=output)
        _wait_until(self._answers, self.process, log)

    def _answers(self) -> bool:
        try:
            return bool(self.client.ping())
        except RedisError:
            return False

    def pause(self) -> None:
        self.process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        self.process.send_signal(signal.SIGCONT)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        self.socket.unlink(missing_ok=True)

    def close(self) -> None:
        self.client.close()
        self.kill()
        shutil.rmtree(self.folder)


class PostgresServer:
    """A PostgreSQL cluster of Debian's package, with as many databases as tests ask for."""

    def __init__(self, within: Sequence[str] = (), address: str = "") -> None:
        self._within, self._address = within, address
        self.folder = _short_folder("postgres")
        self.user = "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
        if os.geteuid() == 0:
            shutil.chown(self.folder, self.user, self.user)
        self._admin = create_engine(self._url("postgres"), isolation_level="AUTOCOMMIT", pool_pre_ping=True)
        self._run("initdb", "-D", str(self.folder / "data"), "-A", "trust", "-N", "-E", "UTF8", "--locale=C.UTF-8")
        self.start()

    def _as_owner(self, program: str, *arguments: str) -> list[str]:
        # PostgreSQL refuses to run as root.
        owner = (f"--reuid={self.user}", f"--regid={self.user}", "--init-groups") if os.geteuid() == 0 else ()
        return ["setpriv", *owner, "--pdeathsig=QUIT", str(POSTGRESQL[-1] / program), *arguments]

    def _run(self, program: str, *arguments: str) -> None:
        command = self._as_owner(program, *arguments)
        subprocess.run(command, check=True, capture_output=True, cwd=self.folder)

    def start(self) -> None:
        log = self.folder / "log"
        told = ("max_connections=200", "fsync=off", f"listen_addresses={self._address}")
        told = (*told, f"unix_socket_directories={self.folder}")
        options = [word for one in told for word in ("-c", one)]
        command = self._as_owner("postgres", "-D", str(self.folder / "data"), *options)
        if self._address:
            with (self.folder / "data" / "pg_hba.conf").open("a") as rules:
                rules.write("host all all samenet trust\n")
        command = [*self._within, *command]
        with log.open("ab") as output:
            self.process = subprocess.Popen(command, stdout=output, stderr=output, cwd=self.folder)
        _wait_until(self._answers, self.process, log)

    def _url(self, database: str) -> URL:
        query = {"host": str(self.folder)}
        return URL.create("postgresql+psycopg", username=self.user, database=database, query=query)

    def _answers(self) -> bool:
        try:
            self._do("SELECT 1")
        except OperationalError:
            return False
        return True

    def _do(self, statement: str) -> None:
        with self._admin.connect() as connection:
            connection.execute(text(statement))

    def stop(self) -> None:
        """As if the machine were switched off: no farewell to anybody."""
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait()

    @contextmanager
    def away(self) -> Iterator[None]:
        """Switched off while the block lasts, and there again for whatever follows, also when the block fails."""
        self.stop()
        try:
            yield
        finally:
            self.start()

    def create(self, database: str, template: str = "template1") -> str:
        """A new database, empty or a copy of another, as a URL."""
        self._do(f"CREATE DATABASE {database} TEMPLATE {template}")
        return self._url(database).render_as_string(hide_password=False)

    def drop(self, database: str) -> None:
        self._do(f"DROP DATABASE {database} WITH (FORCE)")

    def close(self) -> None:
        self._admin.dispose()
        self.stop()
        shutil.rmtree(self.folder)


class S3Server:
    """An S3-compatible store: rclone, which checks signatures and fingerprints as any other does."""

    key_id, secret = "a-test", "nobody-else-knows-this"

    def __init__(self, within: Sequence[str] = (), address: str = "127.0.0.1") -> None:
        self._within = within
        self.folder = _short_folder("s3")
        self.bucket = "reports"
        (self.folder / self.bucket).mkdir()
        self._log = self.folder.with_name(f"{self.folder.name}.log")
        self._address = address
        self.start()

    def start(self) -> None:
        options = ("--config", "/dev/null", "--auth-key", f"{self.key_id},{self.secret}")
        address = ("--addr", f"{self._address}:0")
        command = [
            "setpriv",
            "--pdeathsig=KILL",
            *self._within,
            str(RCLONE),
            "serve",
            "s3",
            *options,
            *address,
            str(self.folder),
        ]
        with self._log.open("wb") as output:
            self.process = subprocess.Popen(command, stdout=output, stderr=output)
        _wait_until(lambda: bool(self._addresses()), self.process, self._log)
        self.endpoint = self._addresses()[0]

    def _addresses(self) -> list[str]:
        return re.findall(r"Starting s3 server on \[(http://[^\]/]+)", self._log.read_text())

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def close(self) -> None:
        self.kill()
        shutil.rmtree(self.folder)
        self._log.unlink()

    def settings(self, prefix: str) -> dict[str, str]:
        """What a service is told that keeps its documents here."""
        return {
            "store_url": f"s3://{self.bucket}/{prefix}",
            "store_endpoint": self.endpoint,
            "store_key_id": self.key_id,
            "store_secret": self.secret,
        }
