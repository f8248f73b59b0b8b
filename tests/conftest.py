"""What every test may ask for: settings of its own, an empty database on either engine, real servers."""

import os
import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import Engine

from reports.wording import speak
from storage.migrations import upgrade
from storage.session import make_engine
from storage.settings import Settings
from tests.servers import PostgresServer, RedisServer, S3Server
from tests.shelves import FolderShelf, Shelf, bucket_shelf

# A machine that runs tests may be so busy that its PostgreSQL seems not to be there; who wants to see that says so.
os.environ.setdefault("NIANBAO_DATABASE_PATIENCE_SECONDS", "90")
_numbers = count(1)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--full", action="store_true", help="experiments with faults in their full size")
    parser.addoption("--results", metavar="FOLDER", help="where experiments with faults put their figures")


@pytest.fixture(autouse=True)
def back_to_chinese() -> Iterator[None]:
    """A request in English leaves this thread speaking English; the next test has not asked for that."""
    yield
    speak(str)


@pytest.fixture(scope="session")
def redis_server() -> Iterator[RedisServer]:
    """One Redis for this test process; a test that stops it starts it again."""
    server = RedisServer()
    yield server
    server.close()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """One PostgreSQL for this test process, holding a database with today's tables to copy from."""
    server = PostgresServer()
    upgrade(Settings(database_url=server.create("pattern")))
    yield server
    server.close()


@pytest.fixture(scope="session")
def s3_server() -> Iterator[S3Server]:
    """One S3-compatible store for this test process; whoever uses it keeps to a prefix of its own."""
    server = S3Server()
    yield server
    server.close()


@pytest.fixture(scope="session")
def sqlite_pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite database with today's tables, to copy from."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("pattern"))
    upgrade(settings)
    return settings.data_dir / "nianbao.sqlite3"


@pytest.fixture
def settings(tmp_path: Path, sqlite_pattern: Path) -> Settings:
    """A small office: a data folder of its own with an empty SQLite database, and no Redis."""
    shutil.copy(sqlite_pattern, tmp_path / "nianbao.sqlite3")
    return Settings(data_dir=tmp_path)


@pytest.fixture
def province(tmp_path: Path, postgres_server: PostgresServer) -> Iterator[Settings]:
    """A province: a data folder of its own with an empty PostgreSQL database, and no Redis."""
    database = f"test_{next(_numbers)}"
    yield Settings(data_dir=tmp_path, database_url=postgres_server.create(database, template="pattern"))
    postgres_server.drop(database)


@pytest.fixture(params=["sqlite", "postgresql"])
def either(request: pytest.FixtureRequest) -> Settings:
    """Settings with an empty database, once for each of the two engines."""
    fixture = {"sqlite": "settings", "postgresql": "province"}[request.param]
    chosen: Settings = request.getfixturevalue(fixture)
    return chosen


@pytest.fixture
def engine(either: Settings) -> Iterator[Engine]:
    """An empty database, once for each of the two engines."""
    engine = make_engine(either)
    yield engine
    engine.dispose()


@pytest.fixture(params=["folder", "s3"])
def shelf(request: pytest.FixtureRequest, settings: Settings) -> Shelf:
    """Where a small office keeps its documents, once for each kind of store."""
    if request.param == "folder":
        return FolderShelf(settings)
    return bucket_shelf(settings, request.getfixturevalue("s3_server"), f"test-{next(_numbers)}")
