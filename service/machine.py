"""One machine that does it all: which programs run on it, where they listen, and when they are ready."""

import fcntl
import json
import os
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from service import private_redis
from service.supervisor import NotStarted, Program, Supervisor
from storage.migrations import upgrade
from storage.settings import Settings

PORTS_TO_TRY = 50
READY_SECONDS = 90
DEATHS_TO_GIVE_UP = 3


@contextmanager
def only_one(data_dir: Path) -> Iterator[Callable[[str], None]]:
    """Hold the data folder: two servers on one folder would fight over it. Yields what notes our address."""
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = data_dir / "server.lock"
    with path.open("a+") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise _already_running(data_dir, path.read_text().split()) from None

        def note(address: str) -> None:
            held.truncate(0)
            held.write(f"{os.getpid()} {address}\n")
            held.flush()

        note("")
        yield note


def _already_running(data_dir: Path, words: list[str]) -> NotStarted:
    # While it starts, the other has not noted its address yet, and for a moment not even its number.
    pid, address = [*words, "", ""][:2]
    where = f"：http://{address}/" if address else ""
    return NotStarted(
        f"年报服务已经在运行{where}（数据目录 {data_dir}）。要停止它，请执行：kill {pid}",
        f"{data_dir}/server.lock is held by process {pid}",
    )


def free_address(bind: str, *, fixed: bool) -> str:
    """The address asked for, or the next one with a free port unless somebody insists."""
    if bind.startswith("unix:"):
        return bind
    host, _, port = bind.rpartition(":")
    wanted = int(port)
    for candidate in range(wanted, wanted + (1 if fixed else PORTS_TO_TRY)):
        if _is_free(host.strip("[]"), candidate):
            return f"{host}:{candidate}"
    raise NotStarted(f"{bind} 已被别的程序占用。请用 --port 另选一个端口。", f"{bind}: address in use or not ours")


def _is_free(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as trial:
        # As gunicorn does, so that a port just given back counts as free.
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError:
            return False
    return True


def programs(settings: Settings, address: str) -> list[Program]:
    """What has to run here, in the order of starting."""
    told = {
        "NIANBAO_DATA_DIR": str(settings.data_dir),
        "NIANBAO_DATABASE_URL": settings.database_url,
        "NIANBAO_REDIS_URL": settings.redis_url,
        "NIANBAO_BIND": address,
    }
    batch = max(1, len(os.sched_getaffinity(0)) - 1) if sys.platform == "linux" else 1
    private = [private_redis.program(settings.data_dir)] if private_redis.is_meant(settings) else []
    return [
        *private,
        # As long as gunicorn gives a slow download.
        _command("web", told, ["serve"], stop_seconds=35),
        _command("preview", told, ["worker", "--lane", "preview", "--concurrency", "1"], stop_seconds=20),
        _command("batch", told, ["worker", "--lane", "batch", "--concurrency", str(batch)], stop_seconds=20),
        _command("sweep", told, ["sweep"], stop_seconds=10),
        # A message on its way is finished: of one that is cut off nobody would know whether it arrived.
        *([_command("post", told, ["post"], stop_seconds=settings.smtp_seconds + 5)] if settings.smtp_host else []),
    ]


def _command(name: str, told: dict[str, str], words: list[str], stop_seconds: float) -> Program:
    return Program(name, (sys.executable, "-P", "-m", "service.cli", *words), told, stop_seconds)


@contextmanager
def running(
    settings: Settings, address: str, say: Callable[[str], None], *, whole: bool = False
) -> Iterator[Supervisor]:
    """Everything started and ready, or on its way out if somebody has asked to stop; all stopped at the end.

    Unless it must be the whole, a web that takes reports in is enough: to refuse them as well would help nobody.
    """
    wanted = programs(settings, address)
    upgrade(settings)
    supervisor = Supervisor(settings.data_dir / "log", say)
    supervisor.listen_for_signals()
    try:
        for program in wanted:
            supervisor.start(program)
        _wait_until_ready(supervisor, address, whole=whole)
        yield supervisor
    finally:
        supervisor.stop()


def _wait_until_ready(supervisor: Supervisor, address: str, *, whole: bool) -> None:
    def is_decided() -> bool:
        return status(address) == "ok" or any(child.deaths >= DEATHS_TO_GIVE_UP for child in supervisor.children)

    supervisor.watch(is_decided, READY_SECONDS)
    if supervisor.stopping.is_set() or status(address) == "ok":
        return
    blamed = max(supervisor.children, key=lambda child: (child.deaths, child.program.name == "web"))
    why = f"日志 {blamed.log} 的最后几行：\n{blamed.last_lines()}"
    if whole or status(address) != "degraded":
        raise NotStarted(f"服务没有启动成功。{why}", f"{address} not ready; {blamed.program.name} is to blame")
    supervisor.say(f"网页已经可用，但不是所有部分都已就绪。{why}")


def status(address: str) -> str:
    """What the web says of itself and all it needs: ok, degraded, unavailable; or silent."""
    if address.startswith("unix:"):
        return "ok" if Path(address.removeprefix("unix:")).is_socket() else "silent"
    connection = HTTPConnection(*reachable(address), timeout=5)
    try:
        connection.request("GET", "/readyz")
        told: str = json.load(connection.getresponse())["status"]
    except (OSError, HTTPException, ValueError, KeyError):
        return "silent"
    finally:
        connection.close()
    return told


def reachable(address: str) -> tuple[str, int]:
    """Where to visit what listens at an address."""
    host, _, port = address.rpartition(":")
    return {"0.0.0.0": "127.0.0.1", "[::]": "::1"}.get(host, host.strip("[]")), int(port)  # noqa: S104
