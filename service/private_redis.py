"""A Redis for one data folder alone, on a socket that only its owner can open."""

import os
import shutil
from pathlib import Path

from service.supervisor import NotStarted, Program
from storage.settings import Settings

# Linux allows the path of a socket 107 bytes; beyond that Redis and its clients fail with riddles.
SOCKET_PATH = 107

# noeviction: a full memory must refuse a message, not forget an older one.
CONFIG = """\
port 0
unixsocket {socket}
unixsocketperm 700
dir {folder}
appendonly yes
appendfsync everysec
save ""
maxmemory-policy noeviction
"""


def is_meant(settings: Settings) -> bool:
    """Whether these settings speak of the Redis of their own folder, and not of one that somebody else runs."""
    return settings.redis_url == f"redis+socket://{_socket(settings.data_dir)}"


def program(data_dir: Path) -> Program:
    server = shutil.which("redis-server") or shutil.which("valkey-server")
    if server is None:
        raise NotStarted("找不到 redis-server。请执行：script/bootstrap", "neither redis-server nor valkey-server")
    socket, folder = _socket(data_dir), data_dir / "redis"
    if len(os.fsencode(socket)) > SOCKET_PATH:
        raise NotStarted(
            f"数据目录的路径太长（{data_dir}）。请用 NIANBAO_DATA_DIR 指定一个短些的目录。",
            f"{socket}: longer than {SOCKET_PATH} bytes",
        )
    folder.mkdir(parents=True, exist_ok=True)
    config = folder / "redis.conf"
    config.write_text(CONFIG.format(socket=_quoted(socket), folder=_quoted(folder)))
    return Program("redis", (server, str(config)), is_needed=True)


def _socket(data_dir: Path) -> Path:
    return data_dir / "redis.sock"


def _quoted(path: Path) -> str:
    return '"' + str(path).replace("\\", "\\\\").replace('"', '\\"') + '"'
