"""What somebody filled in: one unit's figures and texts for one year, by name."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from reports import characters
from reports.definition import Definition
from reports.kinds import Number, Refusal, plain


@dataclass(frozen=True, slots=True)
class Unit:
    """The body that a report is about."""

    name: str


@dataclass(frozen=True, slots=True)
class Figure:
    """The number in a cell, and the note printed behind it."""

    value: Number
    note: str = ""

    def __str__(self) -> str:
        return f"{plain(self.value)}（{self.note}）" if self.note else plain(self.value)


@dataclass(frozen=True)
class Answers:
    """Values by name. A cell in neither `figures` nor `refused` is blank, which is not zero."""

    definition: Definition
    unit: Unit
    year: int
    figures: Mapping[str, Figure]
    texts: Mapping[str, str]
    refused: Mapping[str, Refusal] = field(default_factory=dict)

    def value(self, name: str) -> Number | None:
        """The number in a cell; None when it is blank or unreadable."""
        figure = self.figures.get(name)
        return figure.value if figure else None

    def shown(self, name: str) -> str:
        """What is printed in a cell: the number, its note in brackets; nothing when blank."""
        figure = self.figures.get(name)
        return str(figure) if figure else ""

    def paragraphs(self, name: str) -> tuple[str, ...]:
        """A text's paragraphs. White space around them is the clerk's indentation; the template has its own."""
        lines = characters.lines(self.texts.get(name, "")).split("\n")
        return tuple(line.strip() for line in lines if not characters.blank(line))

    @property
    def title(self) -> str:
        """The title of the report in full."""
        return self.definition.heading(self.unit.name, self.year)

    def to_json(self) -> bytes:
        """The answers as they came in, always the same bytes for the same answers; a refused cell is left blank."""
        document = {
            "report": self.definition.reference,
            "unit": {"name": self.unit.name},
            "year": self.year,
            "cells": {name: _written(self.figures[name]) for name in self.definition.cells if name in self.figures},
            "texts": {name: self.texts[name] for name in self.definition.texts if name in self.texts},
        }
        return json.dumps(document, ensure_ascii=False, indent=1).encode()

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the answers, in hexadecimal: the fingerprint of a revision."""
        return hashlib.sha256(self.to_json()).hexdigest()


def _written(figure: Figure) -> Any:
    number = figure.value if isinstance(figure.value, int) else plain(figure.value)
    return {"value": number, "note": figure.note} if figure.note else number
