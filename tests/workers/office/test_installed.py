"""What an office knows of the world."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from workers.office import installed
from workers.office.installed import allocator, environment


@pytest.fixture(autouse=True)
def asked_anew() -> Iterator[None]:
    allocator.cache_clear()
    yield
    allocator.cache_clear()


def test_memory_comes_from_jemalloc_where_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (there := tmp_path / "libjemalloc.so.2").touch()
    monkeypatch.setattr(installed, "_ALLOCATORS", ("/nowhere/libjemalloc.so.2", str(there)))
    assert environment(tmp_path)["LD_PRELOAD"] == str(there)


def test_where_jemalloc_is_missing_nothing_is_asked_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installed, "_ALLOCATORS", ("/nowhere/libjemalloc.so.2",))
    assert environment(tmp_path).keys() == {"PATH", "HOME", "LANG", "TZ", "FONTCONFIG_FILE"}
