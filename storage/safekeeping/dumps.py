"""A database as one file: taken while everybody goes on working, and put into an empty place again."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, create_engine, inspect, make_url, text

from storage.session import make_engine
from storage.settings import Settings

SQLITE, POSTGRESQL = "sqlite", "postgresql"
# Where the tables go that a restored database takes the place of.
ASIDE = "before_restore_"


class DumpFailed(Exception):
    """The database's own tool cannot be had, or does not do it."""

    code = "dump_failed"

    def __init__(self, tool: str, said: str) -> None:
        self.for_person = f"{tool} 没有做成（{said}）。请检查数据库的地址和权限；{tool} 的版本不能低于数据库的。"
        self.for_operator = f"{tool}: {said}"
        super().__init__(self.for_operator)


def engine_of(settings: Settings) -> str:
    """What kind of database these settings speak of."""
    return SQLITE if settings.database_url.startswith(SQLITE) else POSTGRESQL


def sqlite_file(settings: Settings) -> Path:
    """Where the SQLite database lies."""
    return Path(make_url(settings.database_url).database or "").absolute()


@contextmanager
def dumped(settings: Settings, target: Path) -> Iterator[Connection]:
    """Write the database as it stands at this moment into a file; yields a connection that sees exactly that."""
    dump = _dumped_sqlite if engine_of(settings) == SQLITE else _dumped_postgresql
    with dump(settings, target) as connection:
        yield connection


@contextmanager
def _dumped_sqlite(settings: Settings, target: Path) -> Iterator[Connection]:
    source = sqlite_file(settings)
    # In one step: a reader of its own sees one moment, and in WAL mode no writer waits for it.
    with (
        closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True, timeout=60)) as live,
        closing(sqlite3.connect(target)) as copy,
    ):
        live.backup(copy)
        # In one file, with nothing beside it.
        copy.execute("PRAGMA journal_mode = DELETE")
    with looked_into(target) as connection:
        yield connection


@contextmanager
def looked_into(file: Path) -> Iterator[Connection]:
    """A SQLite file to be read and not touched."""
    engine = create_engine(f"sqlite:///file:{file}?mode=ro&immutable=1&uri=true")
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


@contextmanager
def _dumped_postgresql(settings: Settings, target: Path) -> Iterator[Connection]:
    engine = make_engine(settings)
    try:
        with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
            # A large database takes its time, and what is written meanwhile is not in it.
            snapshot = connection.execute(text("SELECT pg_export_snapshot()")).scalar_one()
            words = ["--format=custom", "--no-owner", "--no-privileges", f"--exclude-schema={ASIDE}*"]
            _run(settings, "pg_dump", *words, f"--snapshot={snapshot}", f"--file={target}")
            yield connection
    finally:
        engine.dispose()


def is_taken(settings: Settings) -> bool:
    """Whether there is anything where a database is to go."""
    if engine_of(settings) == SQLITE:
        file = sqlite_file(settings)
        if file.with_name(f"{file.name}-wal").exists():
            return True
        if not file.exists():
            return False
    engine = make_engine(settings)
    try:
        with engine.connect() as connection:
            return bool(inspect(connection).get_table_names())
    finally:
        engine.dispose()


def bring_back(settings: Settings, dump: Path) -> None:
    """Make the database what a file says; where there is one already, see `set_aside`."""
    if engine_of(settings) == SQLITE:
        file = sqlite_file(settings)
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        dump.chmod(0o600)
        # Across a border of file systems it is copied beside its place first.
        side = file.with_name(f".{file.name}.restoring")
        shutil.move(dump, side)
        side.rename(file)
        return
    words = ("--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges")
    _run(settings, "pg_restore", *words, f"--dbname={_address(settings)}", str(dump), names_database=False)


def set_aside(settings: Settings, moment: datetime) -> str:
    """Make room for another database; says where the present one is from now on."""
    if engine_of(settings) == SQLITE:
        file = sqlite_file(settings)
        aside = file.with_name(f"{file.name}.before-restore-{moment:%Y%m%dT%H%M%S.%fZ}")
        # What lies beside a database belongs to it, and would spoil another.
        for suffix in ("-wal", "-shm", ""):
            if (one := file.with_name(file.name + suffix)).exists():
                one.rename(aside.with_name(aside.name + suffix))
        return str(aside)
    schema = f"{ASIDE}{moment:%Y%m%dt%H%M%S_%f}"
    engine = make_engine(settings)
    try:
        with engine.begin() as connection:
            connection.execute(text(f'ALTER SCHEMA public RENAME TO "{schema}"'))
            connection.execute(text("CREATE SCHEMA public"))
    finally:
        engine.dispose()
    return f"schema {schema}"


def _address(settings: Settings) -> str:
    # The password goes by the environment: a command line is everybody's to read.
    url = make_url(settings.database_url).set(drivername="postgresql", password=None)
    return url.render_as_string(hide_password=False).replace(":***@", "@")


def _run(settings: Settings, tool: str, *words: str, names_database: bool = True) -> None:
    password = make_url(settings.database_url).password
    environment = {**os.environ, **({"PGPASSWORD": str(password)} if password else {})}
    database = [f"--dbname={_address(settings)}"] if names_database else []
    try:
        done = subprocess.run(  # noqa: S603
            [tool, *database, "--no-password", *words],
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
    except FileNotFoundError:
        raise DumpFailed(tool, "找不到这个程序，请安装 postgresql-client") from None
    if done.returncode != 0:
        raise DumpFailed(tool, done.stderr.strip()[-800:] or f"exit status {done.returncode}")
