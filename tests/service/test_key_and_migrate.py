"""An operator at the command line: tables made, keys given, listed and taken back."""

import json

import pytest
from click.testing import CliRunner, Result

from service.cli import main
from service.trial import TrialFailed, passing_key
from storage.migrations import is_current
from storage.people.keys import find_key
from storage.session import make_engine, session_scope
from storage.settings import Settings


@pytest.fixture(autouse=True)
def at_home(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands read their settings from the environment."""
    monkeypatch.setenv("NIANBAO_DATA_DIR", str(settings.data_dir))


def nianbao(*words: str) -> Result:
    return CliRunner().invoke(main, list(words))


def is_in_force(settings: Settings, key: str) -> bool:
    engine = make_engine(settings)
    with session_scope(engine) as session:
        found = find_key(session, key) is not None
    engine.dispose()
    return found


def test_a_new_key_is_printed_once_and_opens(settings: Settings) -> None:
    made = nianbao("key", "create", "教育局系统")
    assert made.exit_code == 0
    key = made.output.strip()
    assert is_in_force(settings, key)
    assert key not in nianbao("key", "list").output


def test_a_key_taken_back_opens_no_more(settings: Settings) -> None:
    key = nianbao("key", "create", "教育局系统").output.strip()
    taken = nianbao("key", "revoke", "教育局系统")
    assert taken.exit_code == 0
    assert not is_in_force(settings, key)
    assert nianbao("key", "revoke", "教育局系统").exit_code == 2
    [listed] = json.loads(nianbao("key", "list", "--json").output)
    assert listed["name"] == "教育局系统"
    assert listed["revoked_at"]


def test_a_name_is_given_once() -> None:
    nianbao("key", "create", "教育局系统")
    again = nianbao("key", "create", "教育局系统")
    assert again.exit_code == 2
    assert "请换一个名称" in again.output


@pytest.mark.parametrize("name", ["", "  ", "甲\n乙", "局" * 101])
def test_a_name_is_readable(name: str) -> None:
    assert nianbao("key", "create", name).exit_code == 2
    assert json.loads(nianbao("key", "list", "--json").output) == []


def test_an_office_without_keys_is_told_how_to_make_one() -> None:
    assert "nianbao key create" in nianbao("key", "list").output


def test_a_command_before_the_tables_says_which_comes_first(settings: Settings) -> None:
    (settings.data_dir / "nianbao.sqlite3").unlink()
    early = nianbao("key", "create", "教育局系统")
    assert early.exit_code == 1
    assert "nianbao migrate" in early.output


def test_migrating_makes_the_tables_and_keeps_what_is_in_them(settings: Settings) -> None:
    (settings.data_dir / "nianbao.sqlite3").unlink()
    assert nianbao("migrate").exit_code == 0
    key = nianbao("key", "create", "教育局系统").output.strip()
    assert nianbao("migrate").exit_code == 0
    assert is_in_force(settings, key)
    engine = make_engine(settings)
    assert is_current(engine)
    engine.dispose()


@pytest.mark.parametrize("command", [("migrate",), ("serve",), ("key", "list")])
def test_a_wrong_setting_is_told_in_words(monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]) -> None:
    monkeypatch.setenv("NIANBAO_DATABASE_URL", "mysql://somewhere")
    refused = nianbao(*command)
    assert refused.exit_code == 2
    assert "NIANBAO_DATABASE_URL" in refused.output
    assert "Traceback" not in refused.output


@pytest.mark.parametrize("words", ["migrate", "key list", "doctor"])
def test_a_data_folder_that_cannot_be_made_is_told_in_a_sentence(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    settings.data_dir.parent.mkdir(parents=True, exist_ok=True)
    (settings.data_dir.parent / "file").touch()
    monkeypatch.setenv("NIANBAO_DATA_DIR", str(settings.data_dir.parent / "file" / "var"))
    refused = nianbao(*words.split())
    assert refused.exit_code == 1
    assert "读写失败" in refused.output
    assert "请检查文件夹、权限和磁盘" in refused.output


def test_the_key_of_a_trial_is_out_of_force_even_when_the_trial_fails(settings: Settings) -> None:
    nianbao("migrate")
    with pytest.raises(TrialFailed), passing_key(settings) as key:
        raise TrialFailed("文件没有生成")
    assert not is_in_force(settings, key)
