"""What tests of Word templates begin with."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from storage.files import DocumentFiles
from storage.session import session_scope
from storage.settings import Settings
from storage.tables import TemplateVersion
from tests.trying import found_sound, handed_in


@pytest.fixture
def files(tmp_path: Path) -> DocumentFiles:
    return DocumentFiles(Settings(data_dir=tmp_path / "data"))


@pytest.fixture
def row(engine: Engine, files: DocumentFiles, tmp_path: Path) -> TemplateVersion:
    """A good template, handed in and examined."""
    with session_scope(engine) as session:
        return found_sound(session, files, handed_in(session, files, tmp_path), tmp_path)
