"""`nianbao up` for real: everything starts, one report is made, and Ctrl+C leaves nothing behind."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

import pytest

from storage.people.invitations import InvitationRefused, accept
from storage.session import make_engine, session_scope
from storage.settings import Settings

UP = (sys.executable, "-m", "service.cli", "up")


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    """An environment with an empty data folder and nothing else set."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("NIANBAO_")}
    return {**kept, "NIANBAO_DATA_DIR": str(tmp_path / "var")}


@contextmanager
def up(home: dict[str, str], *options: str) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen([*UP, *options], env=home, stdout=subprocess.PIPE, text=True) as server:
        try:
            yield server
        finally:
            server.kill()


def until(output: IO[str] | None, word: str) -> str:
    """What is said up to a line with this word."""
    assert output is not None
    lines = []
    for line in output:
        lines.append(line)
        if word in line:
            return "".join(lines)
    raise AssertionError("".join(lines))


def processes_of(home: dict[str, str]) -> list[str]:
    """The command lines of all processes that work in this data folder."""
    mark = f"NIANBAO_DATA_DIR={home['NIANBAO_DATA_DIR']}".encode()
    found = []
    for process in Path("/proc").iterdir():
        try:
            if process.name.isdigit() and mark in (process / "environ").read_bytes():
                found.append((process / "cmdline").read_text())
        except OSError:
            continue
    return found


def nothing_is_left_of(home: dict[str, str]) -> None:
    """What was killed with its parent takes a moment to be gone."""
    patience = time.monotonic() + 120
    while left := processes_of(home):
        assert time.monotonic() < patience, left
        time.sleep(0.05)


def test_an_installation_is_proven_by_one_report(home: dict[str, str]) -> None:
    told = subprocess.run([*UP, "--check"], env=home, capture_output=True, text=True, check=False)
    assert told.stdout.splitlines()[-1] == "✓ 一切正常。", told.stdout + told.stderr
    assert re.search(r"✓ 下载并查验：PDF \d+ 页", told.stdout)
    assert told.returncode == 0
    # Real data are as they were: there are none.
    assert [path.name for path in Path(home["NIANBAO_DATA_DIR"]).iterdir()] == ["check"]
    nothing_is_left_of(home)


def test_an_installation_that_makes_no_pdf_is_told_so(home: dict[str, str], tmp_path: Path) -> None:
    idle = tmp_path / "program" / "soffice.bin"
    idle.parent.mkdir()
    idle.write_text("#!/bin/sh\nexit 0\n")
    idle.chmod(0o755)
    told = subprocess.run(
        [*UP, "--check"],
        env={**home, "NIANBAO_SOFFICE": str(idle)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 1
    assert "文件没有生成：转换没有产生 PDF" in told.stderr
    assert "preview.log 的最后几行" in told.stderr
    nothing_is_left_of(home)


def use(home: dict[str, str], token: str) -> None:
    """Somebody opens an invitation, if that is one, and chooses a password."""
    engine = make_engine(Settings(data_dir=Path(home["NIANBAO_DATA_DIR"])))
    try:
        with suppress(InvitationRefused), session_scope(engine) as session:
            accept(session, token, "no password has this hash")
    finally:
        engine.dispose()


def test_ctrl_c_stops_everything_and_the_first_start_invites_an_administrator(home: dict[str, str]) -> None:
    for entrance in (r"http://127.0.0.1:\d+/invitation\?token=(\S{40,})", "(登录)　用已有的账号"):
        with up(home) as server:
            greeting = until(server.stdout, "Ctrl+C")
            assert re.search(r"地址　http://127.0.0.1:\d+/", greeting)
            told = re.search(entrance, greeting)
            assert told, greeting
            server.send_signal(signal.SIGINT)
            assert until(server.stdout, "已停止。").startswith("\n正在停止……")
            assert server.wait() == 0
        nothing_is_left_of(home)
        use(home, told[1])


def test_a_second_server_in_the_same_folder_is_refused_in_words(home: dict[str, str]) -> None:
    with up(home) as server:
        address = re.search(r"http://\S+/", until(server.stdout, "地址"))
        second = subprocess.run(UP, env=home, capture_output=True, text=True, check=False)
        server.send_signal(signal.SIGTERM)
        until(server.stdout, "已停止。")
    assert second.returncode == 1
    assert address is not None
    assert f"年报服务已经在运行：{address[0]}" in second.stderr


def test_a_demonstration_prints_a_login_for_each_role(home: dict[str, str]) -> None:
    with up(home, "--demo") as server:
        told = until(server.stdout, "审计员")
        server.send_signal(signal.SIGTERM)
        until(server.stdout, "已停止。")
    assert all(role in told for role in ("填报人", "审签人", "审核人", "系统管理员", "安全管理员"))


def test_wrong_settings_are_refused_in_words(home: dict[str, str]) -> None:
    wrong = {**home, "NIANBAO_BIND": "8000"}
    told = subprocess.run(UP, env=wrong, capture_output=True, text=True, check=False)
    assert told.returncode == 1
    assert told.stderr.startswith("设置有误，服务没有启动：")
