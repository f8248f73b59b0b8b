"""The JSON Schema of a definition's answers, for whoever writes them by program."""

from typing import Any

from reports.definition import Cell, Definition, Text
from reports.kinds import Kind
from reports.reading import LAST_YEAR, LONGEST_NAME, LONGEST_NOTE


def json_schema(definition: Definition) -> dict[str, Any]:
    """A JSON Schema (draft 2020-12) of a complete submission: every cell and every required text."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": definition.title.replace("{unit}", "").replace("{year}年", ""),
        "type": "object",
        "additionalProperties": False,
        "required": ["report", "unit", "year", "cells", "texts"],
        "properties": {
            "report": {"const": definition.reference},
            "unit": _closed({"name": {"type": "string", "minLength": 1, "maxLength": LONGEST_NAME}}, ["name"]),
            "year": {"type": "integer", "minimum": definition.first_year, "maximum": LAST_YEAR},
            "cells": _closed({name: _cell(cell) for name, cell in definition.cells.items()}, list(definition.cells)),
            "texts": _closed(
                {name: _text(text) for name, text in definition.texts.items()},
                [name for name, text in definition.texts.items() if text.required],
            ),
        },
        "$defs": {table.kind.name: _kind(table.kind) for table in definition.tables},
    }


def _closed(properties: dict[str, Any], required: list[str]) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": False, "properties": properties, "required": required}


def _cell(cell: Cell) -> dict[str, Any]:
    return {"$ref": f"#/$defs/{cell.kind.name}", "title": cell.label, "description": cell.table.title}


def _text(text: Text) -> dict[str, Any]:
    return {
        "type": "string",
        "title": text.label,
        "minLength": 1 if text.required else 0,
        "maxLength": text.at_most,
        "description": "一行一段。" + text.hint,
    }


def _kind(kind: Kind) -> dict[str, Any]:
    decimals = rf"(\.[0-9]{{1,{kind.places}}})?" if kind.places else ""
    number: dict[str, Any] = {"type": "number" if kind.places else "integer", "minimum": 0}
    literal = {"type": "string", "pattern": rf"^(0|[1-9][0-9]{{0,{kind.digits - 1}}}){decimals}$"}
    value = {"anyOf": [number | {"exclusiveMaximum": 10**kind.digits}, literal]}
    note = {"type": "string", "maxLength": LONGEST_NOTE}
    with_note = _closed({"value": value, "note": note}, ["value"])
    return {"description": f"单位：{kind.measure}", "anyOf": [*value["anyOf"], with_note]}
