"""A transaction is kept whole or not at all, and on SQLite nobody is told that the database is locked."""

import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import nullcontext
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import Engine, event, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.orm import Session

import storage.session
from storage.clock import now, seconds_ago, seconds_from_now
from storage.session import _begin_sqlite, make_engine, reading_scope, session_scope
from storage.settings import Settings
from storage.tables import Document, Format, Unit
from tests.racing import race


def units(session: Session) -> list[str]:
    return list(session.scalars(select(Unit.name).order_by(Unit.id)))


def test_what_was_written_is_there_after_the_scope_and_not_after_an_exception(engine: Engine) -> None:
    with session_scope(engine) as session:
        session.add(Unit(name="司法局"))
    with pytest.raises(ZeroDivisionError), session_scope(engine) as session:
        session.add(Unit(name="水务局"))
        session.flush()
        raise ZeroDivisionError
    with reading_scope(engine) as session:
        assert units(session) == ["司法局"]


def test_a_reader_does_not_wait_for_a_writer(engine: Engine) -> None:
    with session_scope(engine) as writer:
        writer.add(Unit(name="司法局"))
        writer.flush()
        with reading_scope(engine) as reader:
            assert units(reader) == []


def test_a_reader_cannot_write(engine: Engine) -> None:
    with pytest.raises(DBAPIError, match=r"read-?only"), reading_scope(engine) as session:
        session.add(Unit(name="司法局"))
        session.flush()
    with session_scope(engine) as session:
        session.add(Unit(name="水务局"))


def test_a_document_of_no_job_is_refused(engine: Engine) -> None:
    stray = Document(job_id=99, fence=1, format=Format.PDF, sha256="", bytes=1, pages=1, storage_key="stray.pdf")
    with pytest.raises(IntegrityError), session_scope(engine) as session:
        session.add(stray)


def read_then_write_beside_another(engine: Engine, others: Engine, patience: float) -> None:
    """One reads and then writes; another process wants to write in between."""
    has_read = Event()

    def another() -> None:
        has_read.wait()
        with session_scope(others) as session:
            session.add(Unit(name="水务局"))

    with ThreadPoolExecutor(1) as pool, session_scope(engine) as session:
        units(session)
        meanwhile = pool.submit(another)
        has_read.set()
        wait([meanwhile], timeout=patience)
        session.add(Unit(name="司法局"))


@pytest.fixture
def two_engines(settings: Settings) -> Iterator[list[Engine]]:
    """As two processes have them."""
    engines = [make_engine(settings), make_engine(settings)]
    yield engines
    for engine in engines:
        engine.dispose()


def test_on_sqlite_who_reads_first_may_write_later(two_engines: list[Engine]) -> None:
    read_then_write_beside_another(*two_engines, patience=0.3)
    with reading_scope(two_engines[0]) as session:
        assert units(session) == ["司法局", "水务局"]


def test_on_sqlite_who_begins_without_the_lock_would_be_refused(two_engines: list[Engine]) -> None:
    for engine in two_engines:
        event.remove(engine, "begin", _begin_sqlite)
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN DEFERRED"))
    with pytest.raises(OperationalError, match="database is locked"):
        read_then_write_beside_another(*two_engines, patience=30)


def everybody_writes(settings: Settings) -> None:
    """Eight threads of a process write, and none of them waits for SQLite's own lock."""
    engine = make_engine(settings)

    def write(runner: int) -> None:
        for number in range(5):
            with session_scope(engine) as session:
                session.add(Unit(name=f"第{runner}局第{number}科"))

    try:
        race(8, write)
    finally:
        engine.dispose()


def test_on_sqlite_threads_of_one_process_stand_in_line(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storage.session, "WAIT_FOR_LOCK_SECONDS", 0)
    everybody_writes(settings)


def test_without_the_line_they_would_stumble_over_each_other(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage.session, "WAIT_FOR_LOCK_SECONDS", 0)
    monkeypatch.setattr(storage.session, "_turn", lambda engine: nullcontext())
    with pytest.raises(OperationalError, match="database is locked"):
        everybody_writes(settings)


def test_the_database_tells_the_time_in_order(engine: Engine) -> None:
    with reading_scope(engine) as session:
        before, at, after = session.execute(select(seconds_ago(1.5), now(), seconds_from_now(1.5))).one()
        assert before < at < after
        assert at.tzinfo is not None


def test_a_new_data_folder_and_its_database_are_their_owners_alone(tmp_path: Path) -> None:
    engine = make_engine(Settings(data_dir=tmp_path / "var"))
    with session_scope(engine) as session:
        session.execute(text("CREATE TABLE secret (word TEXT)"))
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "var").iterdir()}
    engine.dispose()
    assert stat.S_IMODE((tmp_path / "var").stat().st_mode) == 0o700
    assert modes == dict.fromkeys(("nianbao.sqlite3", "nianbao.sqlite3-wal", "nianbao.sqlite3-shm"), 0o600)


def test_what_was_typed_is_not_told_with_an_error(engine: Engine) -> None:
    with pytest.raises(DBAPIError) as caught, session_scope(engine) as session:
        session.execute(text("INSERT INTO nowhere VALUES (:typed)"), {"typed": "王芳的密码"})
    assert "王芳" not in str(caught.value)
