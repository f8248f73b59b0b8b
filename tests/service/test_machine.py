"""One machine runs one service for one folder, on an address that is free, with a Redis of its own."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis
from redis.exceptions import RedisError

from service import private_redis
from service.machine import free_address, only_one, programs
from service.supervisor import NotStarted, Supervisor
from storage.settings import Settings


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that somebody else listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def answers(client: Redis) -> bool:
    try:
        return bool(client.ping())
    except RedisError:
        return False


def test_a_second_server_in_the_same_folder_is_told_where_the_first_one_is(tmp_path: Path) -> None:
    with only_one(tmp_path) as note:
        note("127.0.0.1:8000")
        with pytest.raises(NotStarted) as refusal, only_one(tmp_path):
            pass
    assert "已经在运行：http://127.0.0.1:8000/" in str(refusal.value)
    assert f"kill {os.getpid()}" in str(refusal.value)


def test_a_folder_is_free_again_when_its_server_has_ended(tmp_path: Path) -> None:
    with only_one(tmp_path):
        pass
    with only_one(tmp_path):
        pass


def test_two_folders_have_two_servers(tmp_path: Path) -> None:
    with only_one(tmp_path / "one"), only_one(tmp_path / "two"):
        pass


def test_the_next_free_port_is_taken_when_nobody_insists(taken: int) -> None:
    host, _, port = free_address(f"127.0.0.1:{taken}", fixed=False).rpartition(":")
    assert host == "127.0.0.1"
    assert int(port) > taken


def test_a_taken_port_is_refused_in_words_when_somebody_insists(taken: int) -> None:
    with pytest.raises(NotStarted, match="已被别的程序占用"):
        free_address(f"127.0.0.1:{taken}", fixed=True)


def test_redis_is_stopped_last(tmp_path: Path) -> None:
    needed = [program.name for program in programs(Settings(data_dir=tmp_path), "x:1") if program.is_needed]
    assert needed == ["redis"]


def test_a_redis_that_is_given_is_not_started_again(tmp_path: Path) -> None:
    private = [program.name for program in programs(Settings(data_dir=tmp_path), "127.0.0.1:8000")]
    shared = Settings(data_dir=tmp_path, redis_url="redis://127.0.0.1:6379/0")
    assert private == ["redis", "web", "preview", "batch", "sweep"]
    assert [program.name for program in programs(shared, "127.0.0.1:8000")] == private[1:]


def test_a_data_folder_too_deep_for_a_socket_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(NotStarted, match="路径太长"):
        private_redis.program(tmp_path / ("深" * 40))


def test_the_private_redis_keeps_messages_and_listens_to_no_network(tmp_path: Path) -> None:
    # A blank in the path, as in a folder that came out of a file manager.
    folder = tmp_path / "a b"
    supervisor = Supervisor(folder / "log", print)
    client = Redis(unix_socket_path=str(folder / "redis.sock"))
    try:
        supervisor.start(private_redis.program(folder))
        assert supervisor.watch(lambda: answers(client), 60)
        wanted = {
            "port": "0",
            "appendonly": "yes",
            "appendfsync": "everysec",
            "maxmemory-policy": "noeviction",
        }
        assert {name: client.config_get(name)[name] for name in wanted} == wanted
        client.lpush("batch", "job")
        supervisor.stop()
        supervisor.start(private_redis.program(folder))
        assert supervisor.watch(lambda: answers(client), 60)
        assert client.lrange("batch", 0, -1) == [b"job"]
    finally:
        client.close()
        supervisor.stop()
