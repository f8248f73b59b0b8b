"""Where workers find the Word template of a job: the one that came with its definition, or a copy of their own."""

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import select
from sqlalchemy.orm import Session

from reports.definition import Definition
from reports.loading import Definitions
from storage.files import DocumentFiles, FileDamaged
from storage.making.recipes import bundled_version, template_of, version_of
from storage.tables import TemplateVersion

# Where a worker keeps its copies, in its data folder.
KEPT_TEMPLATES = "templates"


class TemplateNowhere(LookupError):
    """No template of that version is known, or its file is gone."""


def keep_bundled(folder: Path, definitions: Definitions) -> None:
    """Copy the templates that came with the definitions into `folder`.

    The next release may bring others, while jobs are still waiting that were ordered with these.
    """
    for reference in definitions.references():
        bundled = template_of(definitions, definitions[reference])
        if not _is_kept(kept := _copy_of(folder, version := version_of(bundled)), version):
            with _in_one_step(kept) as copy:
                copy.write(bundled.read_bytes())


def template_file(
    session: Session, files: DocumentFiles, folder: Path, definitions: Definitions, definition: Definition, version: str
) -> Path:
    """The Word template of that version; one that was handed in is copied into `folder`, once. TemplateNowhere else."""
    if version == bundled_version(definitions, definition):
        return template_of(definitions, definition)
    if _is_kept(kept := _copy_of(folder, version), version):
        return kept
    of_edition = {"definition": definition.id, "edition": definition.edition}
    row = session.scalar(select(TemplateVersion).filter_by(**of_edition, version=version))
    if row is None:
        raise TemplateNowhere(f"no template of version {version} for {definition.reference}")
    try:
        with files.open(row.storage_key, row.bytes, row.sha256) as stored, _in_one_step(kept) as copy:
            shutil.copyfileobj(stored, copy)
    except FileDamaged as error:
        raise TemplateNowhere(error.for_operator) from error
    return kept


def _copy_of(folder: Path, version: str) -> Path:
    return folder / f"{version}.docx"


def _is_kept(kept: Path, version: str) -> bool:
    return kept.is_file() and version_of(kept) == version


@contextmanager
def _in_one_step(kept: Path) -> Iterator[BinaryIO]:
    """A file that is there when it is whole: other processes of this machine read it at the same time."""
    kept.parent.mkdir(parents=True, exist_ok=True)
    side = kept.with_name(f".{kept.name}.{secrets.token_hex(4)}")
    try:
        with side.open("xb") as copy:
            yield copy
        side.rename(kept)
    finally:
        side.unlink(missing_ok=True)
