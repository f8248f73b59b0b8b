"""A town with three reports made and one unit that has not begun, and its archive as a file."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from reports.loading import Definitions
from service.archives.issuing import ordered, record
from service.archives.packing import Archive, pack
from storage.session import reading_scope, session_scope
from storage.settings import Settings
from tests.archives import EDUCATION, FINANCE, GOVERNMENT, Town, town

Packer = Callable[..., Archive]


@pytest.fixture
def place(settings: Settings) -> Iterator[Town]:
    for one in town(settings):
        for unit in (GOVERNMENT, EDUCATION, FINANCE):
            one.hand_in(unit)
        yield one


def packed(place: Town, scope: str = "all") -> Archive:
    """The archive as it would be handed out now, and noted."""
    definitions = Definitions(place.settings.template_dir)
    with reading_scope(place.engine) as session:
        order, holdings = ordered(session, definitions, place.campaign, None, scope, "李敏（limin）")
    archive = pack(place.files, order, holdings)
    with session_scope(place.engine) as session:
        record(session, order, archive, "account:limin")
    return archive


@pytest.fixture
def archive(place: Town) -> Archive:
    return packed(place)


@pytest.fixture
def file(place: Town, archive: Archive, tmp_path: Path) -> Path:
    """The archive on a disk."""
    path = tmp_path / "archive.zip"
    path.write_bytes(b"".join(archive.stream(place.files)))
    return path
