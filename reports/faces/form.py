"""A definition as the form's script has it: its rules, and the words of every finding that they can lead to.

The script adds up totals, reads figures and checks relations while somebody types, and says what the server will say.
tests/reports/faces/test_form.py says every sentence again from this data alone.
"""

import re
from collections.abc import Iterator
from typing import Any

from reports import findings, kinds
from reports.definition import Definition, Law, Section
from reports.drafting import summands
from reports.findings import Sentence
from reports.formulas import Side
from reports.kinds import Kind
from reports.rules import Relation, relations
from reports.starting import carries, nil_cells


def rules_of(definition: Definition) -> dict[str, Any]:
    """Everything of a definition that the browser needs, the same for all reports."""
    return {
        "definition": definition.reference,
        "sections": [_section(section) for section in definition.sections],
        "tables": {table.key: {"title": table.title, "kind": table.kind.name} for table in definition.tables},
        # The first part of a cell's name is its table's key.
        "cells": {name: cell.label for name, cell in definition.cells.items()},
        "texts": {
            name: {"label": text.label, "required": text.required, "at_most": text.at_most}
            for name, text in definition.texts.items()
        },
        "totals": {name: list(parts) for name, parts in summands(definition).items()},
        "kinds": {table.kind.name: _kind(table.kind) for table in definition.tables},
        "laws": {
            "figures": _law(definition.laws.figures),
            "texts": _law(definition.laws.texts),
            # Which year a text tells of is for the server to find.
            "years": _law(definition.laws.years),
        },
        "relations": [_relation(definition, relation) for relation in relations(definition) if not _is_sum(relation)],
        "lengths": list(_lengths(definition)),
        "carry": carries(definition),
        "words": _words(),
    }


def _section(section: Section) -> dict[str, Any]:
    return {
        "key": section.key,
        "heading": section.heading,
        "texts": [text.name for text in section.texts],
        "tables": [table.key for table in section.tables],
        "nil": section.nil,
        "nil_cells": [cell.name for cell in nil_cells(section)] if section.nil else [],
    }


def _kind(kind: Kind) -> dict[str, Any]:
    return {"measure": kind.measure, "digits": kind.digits, "places": kind.places}


def _law(law: Law) -> dict[str, str]:
    return {"rule": law.id, "says": law.says}


def _is_sum(relation: Relation) -> bool:
    """Whether it only says that a total is the sum of its parts, which a form's totals always are."""
    table = relation.table
    return table is not None and relation.rule.law in (table.across, table.down)


def _relation(definition: Definition, relation: Relation) -> dict[str, Any]:
    rule, that, sentence = relation.rule, relation.that, Sentence(definition, relation)
    return {
        "rule": rule.law.id,
        "severity": rule.severity.value,
        "says": rule.law.says,
        "place": sentence.place(),
        "cells": list(relation.cells),
        "left": _side(that.left, sentence),
        "operator": that.operator,
        "right": _side(that.right, sentence),
        "unless_unit": rule.unless_unit.pattern if rule.unless_unit else None,
    }


def _side(side: Side, sentence: Sentence) -> dict[str, Any]:
    terms = [
        {
            "name": term.reference.name,
            "previous": term.reference.previous,
            "sign": term.sign,
            "called": sentence.called(term.reference),
        }
        for term in side.terms
    ]
    return {"terms": terms, "constant": side.constant}


def _lengths(definition: Definition) -> Iterator[dict[str, Any]]:
    for section in definition.sections:
        if section.length:
            texts = [text.name for text in section.texts]
            told = {"heading": section.heading, "texts": texts, "at_most": section.length.at_most}
            yield _law(section.length.law) | told


def _words() -> dict[str, Any]:
    """Sentences with `{places}` to fill, and the patterns (matched as a whole) of what is no figure."""
    return {
        "about": findings.ABOUT,
        "not_held": findings.NOT_HELD,
        "should": findings.SHOULD,
        "difference": findings.DIFFERENCE,
        "together": findings.TOGETHER,
        "named_one_by_one": findings.NAMED_ONE_BY_ONE,
        "too_long": findings.TOO_LONG,
        "blank": kinds.BLANK.reason,
        "note_only": str(kinds.NOTE_ONLY),
        "too_large": str(kinds.TOO_LARGE),
        "not_whole": str(kinds.NOT_WHOLE),
        "too_fine": str(kinds.TOO_FINE),
        "no_number": str(kinds.NO_NUMBER),
        "excuses": [{"pattern": _for_scripts(one.pattern), "what": str(one.refusal)} for one in kinds.EXCUSES],
    }


def _for_scripts(pattern: str) -> str:
    """A pattern as JavaScript writes it: its named groups have no P."""
    return re.sub(r"\(\?P<", "(?<", pattern)
