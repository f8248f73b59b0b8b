"""Turning the pages of a list that a form shows in pieces."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from flask import request

One = TypeVar("One")
FARTHEST = 1_000_000


@dataclass(frozen=True, slots=True)
class Leaf(Generic[One]):
    """A piece of a list: which, of how many, and where the pieces around it begin."""

    shown: Sequence[One]
    many: int
    start: int
    newer: int | None
    older: int | None


def leaf_of(found: Sequence[One], size: int) -> Leaf[One]:
    """The piece that `?from=` asks for."""
    start = min(max(0, request.args.get("from", 0, type=int)), FARTHEST)
    if start >= len(found):
        start = 0
    older = start + size if start + size < len(found) else None
    newer = max(0, start - size) if start else None
    return Leaf(found[start : start + size], len(found), start, newer, older)
