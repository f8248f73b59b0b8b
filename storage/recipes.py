"""Which template and which renderer make a report's documents: what turns equal answers into equal files."""

import hashlib
from functools import lru_cache
from pathlib import Path

from reports.definition import Definition
from reports.loading import Definitions
from storage.jobs import Recipe

TEMPLATE = "report.docx"
# Raised by hand when the same answers and template come out as different pages; old documents are then made anew.
RENDERER_VERSION = "1"


def recipe_for(definitions: Definitions, definition: Definition) -> Recipe:
    """The recipe in force for a definition: its Word template's fingerprint and our renderer's version."""
    template = template_of(definitions, definition)
    return Recipe(_fingerprint(template, template.stat().st_mtime_ns), RENDERER_VERSION)


def template_of(definitions: Definitions, definition: Definition) -> Path:
    """The Word template of a definition."""
    return definitions.folder_of(definition) / TEMPLATE


@lru_cache(maxsize=32)
def _fingerprint(template: Path, _changed: int) -> str:
    return hashlib.sha256(template.read_bytes()).hexdigest()[:16]
