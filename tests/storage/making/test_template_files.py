"""A worker finds the template of every job: of today, handed in by somebody, or of the release before."""

import shutil
from pathlib import Path

import pytest
from sqlalchemy import Engine

from reports.loading import Definitions
from storage.files import DocumentFiles
from storage.making.recipes import TEMPLATE, bundled_version
from storage.making.template_files import TemplateNowhere, keep_bundled, template_file
from storage.session import reading_scope
from storage.tables import TemplateVersion
from tests.people import DEFINITIONS, annual
from tests.trying import BUNDLED, wider


@pytest.fixture
def next_release(tmp_path: Path) -> Definitions:
    """The same definitions with another template."""
    there = Definitions(shutil.copytree(DEFINITIONS.folder, tmp_path / "next"))
    shutil.copy(wider(tmp_path), there.folder_of(annual()) / TEMPLATE)
    return there


def test_a_worker_finds_each_template_and_copies_it_once(
    engine: Engine, files: DocumentFiles, row: TemplateVersion, tmp_path: Path
) -> None:
    def find(version: str) -> Path:
        with reading_scope(engine) as session:
            return template_file(session, files, tmp_path / "kept", DEFINITIONS, annual(), version)

    assert find(bundled_version(DEFINITIONS, annual())) == BUNDLED
    found = find(row.version)
    assert found.read_bytes() == wider(tmp_path).read_bytes()
    before = found.stat().st_ino
    assert find(row.version).stat().st_ino == before
    # What was damaged since is fetched anew: it is not what its name says.
    found.write_bytes(b"damaged")
    assert find(row.version).read_bytes() == wider(tmp_path).read_bytes()
    with pytest.raises(TemplateNowhere):
        find("0123456789abcdef")
    files.remove(row.storage_key)
    found.unlink()
    with pytest.raises(TemplateNowhere):
        find(row.version)


@pytest.mark.parametrize("kept", [True, False])
def test_what_waits_since_before_an_upgrade_is_made_by_the_template_of_that_time(
    engine: Engine, files: DocumentFiles, next_release: Definitions, tmp_path: Path, *, kept: bool
) -> None:
    ordered_with = bundled_version(DEFINITIONS, annual())
    if kept:
        keep_bundled(tmp_path / "kept", DEFINITIONS)
    with reading_scope(engine) as session:

        def find() -> Path:
            return template_file(session, files, tmp_path / "kept", next_release, annual(), ordered_with)

        if kept:
            assert find().read_bytes() == BUNDLED.read_bytes()
        else:
            with pytest.raises(TemplateNowhere):
                find()
