"""Which template and which renderer make a report's documents: what turns equal answers into equal files."""

import hashlib
from functools import lru_cache
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from reports.definition import Definition
from reports.loading import Definitions
from storage.making.jobs import Recipe
from storage.tables import TemplateState, TemplateVersion

TEMPLATE = "report.docx"
VERSION_LENGTH = 16
# Raised by hand when the same answers and template come out as different pages; old documents are then made anew.
RENDERER_VERSION = "1"


def recipe_for(definitions: Definitions, definition: Definition, session: Session | None = None) -> Recipe:
    """The recipe in force for a definition: the template that was put in force, else the one that came with it."""
    active = active_template(session, definition) if session else None
    return Recipe(active.version if active else bundled_version(definitions, definition), RENDERER_VERSION)


def active_template(session: Session, definition: Definition) -> TemplateVersion | None:
    """The template that somebody put in force; None while it is the one that came with the definition."""
    of_edition = {"definition": definition.id, "edition": definition.edition, "state": TemplateState.ACTIVE}
    return session.scalar(select(TemplateVersion).filter_by(**of_edition))


def template_of(definitions: Definitions, definition: Definition) -> Path:
    """The Word template that came with a definition."""
    return definitions.folder_of(definition) / TEMPLATE


def bundled_version(definitions: Definitions, definition: Definition) -> str:
    """What jobs call the template that came with a definition."""
    return version_of(template_of(definitions, definition))


def version_of(template: Path) -> str:
    """What jobs call a template: the beginning of its fingerprint; read again only when the file has changed."""
    return _fingerprint(template, template.stat().st_mtime_ns)


@lru_cache(maxsize=32)
def _fingerprint(template: Path, _changed: int) -> str:
    return hashlib.sha256(template.read_bytes()).hexdigest()[:VERSION_LENGTH]
