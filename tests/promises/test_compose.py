"""What compose.yaml and the Dockerfile start does start: every command is run, with this machine for the containers."""

import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from click import Context

from service.cli import main
from service.machine import status
from service.supervisor import Program, Supervisor
from service.trial import Trial, Visitor, passing_key
from storage.settings import Settings
from tests.servers import PostgresServer, RedisServer

PROJECT = Path(__file__).resolve().parent.parent.parent
COMPOSE: dict[str, Any] = yaml.safe_load((PROJECT / "compose.yaml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if service["image"] == "nianbao"}
DOCKERFILE = (PROJECT / "Dockerfile").read_text()
RUNNING = [name for name in OURS if name != "migrate"]


class Town:
    """All containers of compose.yaml as processes of this machine, in front of real servers."""

    def __init__(self, folder: Path, postgres: PostgresServer, redis: RedisServer) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.address = f"127.0.0.1:{free.getsockname()[1]}"
        self.here = {
            "NIANBAO_DATABASE_URL": postgres.create("compose"),
            "NIANBAO_REDIS_URL": redis.url,
            "NIANBAO_OPERATOR_FONTS_DIR": str(folder),
            "NIANBAO_DATA_DIR": str(folder),
            "NIANBAO_BIND": self.address,
            # Nobody is written to.
            "NIANBAO_SMTP_HOST": "127.0.0.1",
            "NIANBAO_SMTP_PORT": "0",
            "NIANBAO_SMTP_SECURITY": "none",
            "NIANBAO_SMTP_USER": "",
            "NIANBAO_SMTP_PASSWORD": "",
            "NIANBAO_SMTP_FROM": "zwgk@linxi.example",
        }
        self.settings = Settings(
            data_dir=folder,
            database_url=self.here["NIANBAO_DATABASE_URL"],
            redis_url=redis.url,
        )
        self.supervisor = Supervisor(folder / "log", print)

    def start(self, name: str) -> None:
        # Everything that a container is told is told here too, with this machine's addresses.
        told = {variable: self.here[variable] for variable in image_environment() | compose_environment(name)}
        command = (sys.executable, "-m", "service.cli", *OURS[name]["command"])
        self.supervisor.start(Program(name, command, told))

    def logs(self) -> str:
        return "\n".join(child.last_lines() for child in self.supervisor.children)

    def migrate(self) -> None:
        command = [sys.executable, "-m", "service.cli", *OURS["migrate"]["command"]]
        subprocess.run(command, env={**os.environ, **self.here}, check=True)


def compose_environment(name: str) -> set[str]:
    return {variable for variable in OURS[name]["environment"] if variable.startswith("NIANBAO_")}


def image_environment() -> set[str]:
    return set(re.findall(r"(NIANBAO_\w+)=", DOCKERFILE))


@pytest.fixture(scope="module")
def town(
    tmp_path_factory: pytest.TempPathFactory, postgres_server: PostgresServer, redis_server: RedisServer
) -> Iterator[Town]:
    redis_server.client.flushall()
    town = Town(tmp_path_factory.mktemp("town"), postgres_server, redis_server)
    try:
        town.migrate()
        for name in RUNNING:
            town.start(name)
        assert town.supervisor.watch(lambda: status(town.address) == "ok", 120), town.logs()
        yield town
    finally:
        town.supervisor.stop()
        redis_server.client.flushall()
        postgres_server.drop("compose")


@pytest.mark.parametrize("name", [name for name in RUNNING if "healthcheck" in OURS[name]])
def test_a_healthy_service_passes_its_own_health_check(town: Town, name: str) -> None:
    _, program, *arguments = OURS[name]["healthcheck"]["test"]
    assert program == "python"
    here = [argument.replace("web:8000", town.address) for argument in arguments]
    subprocess.run([sys.executable, *here], check=True)


def test_together_they_make_a_report(town: Town) -> None:
    with passing_key(town.settings) as key:
        trial = Trial(Visitor(town.address, key), town.settings)
        trial.hand_in()
        trial.wait(town.supervisor.watch)
        assert trial.look() > 1


def test_nobody_had_to_be_started_twice(town: Town) -> None:
    assert {child.program.name: child.deaths for child in town.supervisor.children} == dict.fromkeys(RUNNING, 0)


def test_every_lane_has_a_worker() -> None:
    lanes = {service["command"][2] for service in OURS.values() if service["command"][0] == "worker"}
    assert lanes == {"preview", "batch"}


@pytest.mark.parametrize("name", OURS)
def test_nothing_in_a_container_can_be_changed_but_its_data(name: str) -> None:
    service = OURS[name]
    assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"])
    assert service["tmpfs"] == ["/tmp"]
    assert "data:/data" in service["volumes"]


def test_no_password_is_given_away() -> None:
    values = [value for one in SERVICES.values() for value in one.get("environment", {}).values()]
    without_secrets = [re.sub(r"\$\{POSTGRES_PASSWORD:\?[^}]*\}", "", value) for value in values]
    assert "postgresql://nianbao:@postgres/nianbao" in without_secrets
    assert SERVICES["postgres"]["environment"]["POSTGRES_PASSWORD"].startswith("${POSTGRES_PASSWORD:?")


def test_every_volume_that_is_used_is_declared() -> None:
    used = {volume.split(":")[0] for service in SERVICES.values() for volume in service.get("volumes", [])}
    assert used == set(COMPOSE["volumes"])


def test_the_redis_of_the_containers_takes_its_settings(tmp_path: Path) -> None:
    _, *options = SERVICES["redis"]["command"]
    where = ("--port", "0", "--unixsocket", str(tmp_path / "redis.sock"), "--dir", str(tmp_path))
    supervisor = Supervisor(tmp_path, print)
    try:
        child = supervisor.start(Program("redis", ("redis-server", *options, *where)))
        assert supervisor.watch(lambda: "ready to accept connections" in child.log.read_text().lower(), 60)
        assert child.deaths == 0
    finally:
        supervisor.stop()


def test_the_image_starts_a_command_that_exists() -> None:
    entry, default = (json.loads(found) for found in re.findall(r"^(?:ENTRYPOINT|CMD) (.+)$", DOCKERFILE, re.M))
    assert entry == ["nianbao"]
    for words in (default, *(service["command"] for service in OURS.values())):
        assert main.get_command(Context(main), words[0]) is not None, words


def test_the_image_holds_what_bootstrap_installs() -> None:
    bootstrap = (PROJECT / "script" / "bootstrap").read_text()
    names = r"\b(?:fonts-[\w-]+|redis-server|bubblewrap|fontconfig|python3-uno|libjemalloc2)\b"
    wanted = set(re.findall(names, bootstrap))
    assert {package for package in wanted if package not in DOCKERFILE} == set()
