"""What the form's script has to know from the start: every field of the report, last year's, and how to call each."""

from collections.abc import Iterable
from typing import Any

from service.drafts import Draft
from service.explaining import Told, label_of
from service.sections import names_in


def state(draft: Draft, findings: Iterable[Told], *, open: bool) -> dict[str, Any]:
    """Fields of all sections, since rules go across them."""
    definition, previous = draft.definition, draft.previous
    sections = {name: section.key for section in definition.sections for name in names_in(section)}
    names = [*definition.cells, *definition.texts]
    return {
        "open": open,
        "fields": {
            name: {"value": field.value, "note": field.note, "version": field.version}
            for name, field in draft.fields.items()
        },
        "previous": {name: previous.shown(name) for name in previous.figures} if previous else {},
        "previous_texts": dict(previous.texts) if previous else {},
        "labels": {name: label_of(definition, name) for name in names},
        "findings": [one.to_json() for one in findings],
        "sections": {name: sections[name] for name in names},
    }
