"""`nianbao audit check` finds what was changed in the history behind the service's back."""

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text

from service.cli import main
from storage.people.keys import create_key
from storage.session import make_engine, session_scope
from storage.settings import Settings


@pytest.fixture(autouse=True)
def at_home(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NIANBAO_DATA_DIR", str(settings.data_dir))
    engine = make_engine(settings)
    with session_scope(engine) as session:
        create_key(session, "教育局系统", "operator:李明")
    engine.dispose()


def nianbao(*words: str) -> Result:
    return CliRunner().invoke(main, ["audit", *words])


def test_a_history_that_nobody_touched_is_whole() -> None:
    told = nianbao("check")
    assert (told.exit_code, told.output) == (0, "完好，共 1 条。\n")


@pytest.mark.parametrize(
    ("harm", "reason"),
    [
        ("UPDATE audit_event SET actor = 'operator:王芳'", "第 1 条操作记录：内容被改动"),
        ("DELETE FROM audit_event", "第 1 条操作记录：记录已丢失，或链尾被改动"),
    ],
)
def test_what_was_changed_behind_its_back_is_named(settings: Settings, harm: str, reason: str) -> None:
    engine = make_engine(settings)
    with engine.begin() as connection:
        for (trigger,) in connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
            connection.execute(text(f"DROP TRIGGER {trigger}"))
        connection.execute(text(harm))
    engine.dispose()
    told = nianbao("check")
    assert told.exit_code == 1
    assert reason in told.output


def test_a_missing_database_is_told_without_its_statements(settings: Settings) -> None:
    (settings.data_dir / "nianbao.sqlite3").unlink()
    told = nianbao("check")
    assert told.exit_code == 1
    assert "no such table" in told.output
    assert "nianbao migrate" in told.output
    assert "SELECT" not in told.output
