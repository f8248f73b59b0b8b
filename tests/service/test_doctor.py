"""The doctor finds what is missing on a real machine, and says which command mends it."""

import json
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from click.testing import CliRunner

from service.cli import main
from service.doctor import Check, Health, examine, machine, office, stores
from storage.files import DocumentFiles
from storage.settings import Settings
from tests.servers import RedisServer, S3Server
from workers import children


def only(checks: Iterable[Check]) -> Check:
    (check,) = checks
    return check


def test_every_part_that_is_not_well_comes_with_a_command(settings: Settings) -> None:
    for check in examine(settings):
        assert (check.health is Health.GOOD) == (check.remedy == "")


def test_every_face_of_an_official_document_is_named_with_the_font_that_draws_it(settings: Settings) -> None:
    faces = {check.part for check in office.fonts(settings)}
    assert faces == {f"字体：{face}" for face in ("小标宋", "仿宋", "楷体", "黑体", "宋体", "西文")}


def test_a_song_in_the_place_of_fangsong_is_doubtful(settings: Settings) -> None:
    check = next(check for check in office.fonts(settings) if check.part == "字体：仿宋")
    assert (check.health, check.remedy) == (Health.DOUBTFUL, "script/bootstrap --fonts")


def test_libreoffice_is_good_only_after_it_has_made_a_pdf(settings: Settings) -> None:
    assert only(office.libreoffice(settings)).health is Health.GOOD


def test_a_libreoffice_that_is_not_there_is_broken(settings: Settings, tmp_path: Path) -> None:
    check = only(office.libreoffice(settings.model_copy(update={"soffice": tmp_path / "soffice"})))
    assert (check.health, check.remedy) == (Health.BROKEN, "script/bootstrap")


def test_a_libreoffice_that_says_all_is_well_and_does_nothing_is_broken(settings: Settings, tmp_path: Path) -> None:
    idle = tmp_path / "office" / "program" / "soffice.bin"
    idle.parent.mkdir(parents=True)
    idle.write_text("#!/bin/sh\nexit 0\n")
    idle.chmod(0o755)
    check = only(office.libreoffice(settings.model_copy(update={"soffice": idle})))
    assert (check.health, "没有产生 PDF" in check.found) == (Health.BROKEN, True)


def test_the_python_that_can_drive_libreoffice_is_named(settings: Settings) -> None:
    assert only(office.uno(settings)).found == "/usr/bin/python3"


def test_redis_answers(settings: Settings, redis_server: RedisServer) -> None:
    check = only(stores.redis(settings.model_copy(update={"redis_url": redis_server.url})))
    assert check.health is Health.GOOD


def test_a_redis_that_throws_messages_away_is_doubtful(settings: Settings, redis_server: RedisServer) -> None:
    redis_server.client.config_set("maxmemory-policy", "allkeys-lru")
    try:
        check = only(stores.redis(settings.model_copy(update={"redis_url": redis_server.url})))
    finally:
        redis_server.client.config_set("maxmemory-policy", "noeviction")
    assert (check.health, "丢弃消息" in check.found) == (Health.DOUBTFUL, True)


def test_a_private_redis_that_is_not_running_yet_is_only_doubtful(settings: Settings) -> None:
    check = only(stores.redis(settings))
    assert (check.health, check.remedy) == (Health.DOUBTFUL, "script/server")


def test_a_redis_that_was_named_and_does_not_answer_is_broken(tmp_path: Path) -> None:
    check = only(stores.redis(Settings(data_dir=tmp_path, redis_url=f"redis+socket://{tmp_path}/none")))
    assert check.health is Health.BROKEN


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that has no programs."""
    start = children.run

    def run(argv: Sequence[str | Path], **more: Any) -> children.Finished:
        return start(["/nowhere", *argv[1:]], **more)

    monkeypatch.setattr(children, "run", run)
    monkeypatch.setenv("PATH", "/nowhere")


@pytest.mark.usefixtures("bare")
def test_missing_programs_are_found_missing(settings: Settings) -> None:
    found = [only(office.box(settings)), only(office.fonts(settings)), only(stores.redis(settings))]
    assert [check.remedy for check in found] == ["script/bootstrap"] * 3
    assert [check.health for check in found] == [Health.DOUBTFUL, Health.BROKEN, Health.BROKEN]


def test_a_machine_that_allows_no_box_says_why(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    finished = children.Finished(code=1, timed_out=False, out="", err="bwrap: pivot_root: Invalid argument\n")
    monkeypatch.setattr(children, "run", lambda *_, **__: finished)
    check = only(office.box(settings))
    assert check.health is Health.DOUBTFUL
    assert "bwrap: pivot_root: Invalid argument" in check.found


def test_either_database_is_found_current(either: Settings) -> None:
    check = only(stores.database(either))
    assert check.health is Health.GOOD


def test_a_database_that_was_never_made_is_not_made_by_asking(tmp_path: Path) -> None:
    check = only(stores.database(Settings(data_dir=tmp_path)))
    assert (check.health, check.remedy) == (Health.BROKEN, "script/setup")
    assert not (tmp_path / "nianbao.sqlite3").exists()


def test_a_database_of_older_code_asks_for_migration(tmp_path: Path) -> None:
    (tmp_path / "nianbao.sqlite3").touch()
    check = only(stores.database(Settings(data_dir=tmp_path)))
    assert (check.health, check.remedy) == (Health.BROKEN, "script/nianbao migrate")


def test_a_database_that_is_away_is_broken(tmp_path: Path) -> None:
    away = Settings(data_dir=tmp_path, database_url=f"postgresql:///none?host={tmp_path}")
    assert only(stores.database(away)).health is Health.BROKEN


class Usage(NamedTuple):
    total: int
    used: int
    free: int


def test_a_store_in_the_network_is_good_when_it_keeps_and_hands_out(s3_server: S3Server, tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, **s3_server.settings("doctor"))
    check = only(stores.documents(settings))
    assert (check.health, check.found) == (Health.GOOD, "能写、能读、能列、能删")
    assert list(DocumentFiles(settings).listed()) == []


def test_a_store_that_refuses_the_key_is_broken(s3_server: S3Server, tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, **{**s3_server.settings("doctor"), "store_secret": "a wrong one"})
    check = only(stores.documents(settings))
    assert check.health is Health.BROKEN
    assert "NIANBAO_STORE_URL" in check.remedy


def test_a_folder_of_documents_is_no_store_of_its_own(settings: Settings) -> None:
    assert list(stores.documents(settings)) == []


@pytest.mark.parametrize(
    ("free", "health"),
    [(100_000_000, Health.BROKEN), (3_000_000_000, Health.DOUBTFUL), (50_000_000_000, Health.GOOD)],
)
def test_a_disk_is_judged_by_what_is_free(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, free: int, health: Health
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Usage(10**12, 10**12 - free, free))
    assert only(machine.disk(settings)).health is health


def test_the_command_ends_with_1_when_something_is_broken_and_tells_programs_what(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NIANBAO_DATA_DIR", str(tmp_path))
    result = CliRunner().invoke(main, ["doctor", "--json"])
    told = {check["part"]: check for check in json.loads(result.output)}
    assert result.exit_code == 1
    assert told["数据库（sqlite）"]["health"] == "broken"


def test_the_command_shows_people_a_line_for_each_part_and_the_remedy_beneath(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NIANBAO_DATA_DIR", str(tmp_path))
    output = CliRunner().invoke(main, ["doctor"]).output
    assert f"✗ 数据库（sqlite）  还没有建立（{tmp_path}/nianbao.sqlite3）\n    → script/setup\n" in output


def test_the_command_ends_with_0_when_nothing_is_broken(
    settings: Settings, redis_server: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NIANBAO_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("NIANBAO_REDIS_URL", redis_server.url)
    assert CliRunner().invoke(main, ["doctor"]).exit_code == 0
