"""What a document was drawn with: for each declared face the one that drew it, and what had to be drawn by others."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass

from workers.fonts.chosen import Fonts


@dataclass(frozen=True, slots=True)
class Face:
    """A declared face; `fallback` is family → the characters that it had to draw in its place."""

    declared: str
    drawn_with: str
    stand_in: bool
    fallback: Mapping[str, str]


def faces(asked: Mapping[str, set[str]], drawn: Mapping[str, set[str]], fonts: Fonts) -> tuple[Face, ...]:
    """The record, from the characters asked of each declared family and those that each family has really drawn."""
    return tuple(_face(one.declared, one.family, one.stand_in, asked, drawn, fonts) for one in fonts.drawn_with(asked))


def as_json(record: Iterable[Face]) -> str:
    """The record as it is kept with its document."""
    return json.dumps([asdict(face) for face in record], ensure_ascii=False)


def from_json(kept: str) -> tuple[Face, ...]:
    """The record of a document, as it was kept."""
    return tuple(Face(**face) for face in json.loads(kept))


def _face(
    declared: str,
    family: str,
    stand_in: bool,
    asked: Mapping[str, set[str]],
    drawn: Mapping[str, set[str]],
    fonts: Fonts,
) -> Face:
    fallback: dict[str, str] = {}
    for one in sorted(one for one in asked[declared] if not fonts.draws(family, one)):
        # Of several that have drawn it somewhere, the first that is asked for what a face lacks.
        others = [other for other in fonts.in_order(drawn) if one in drawn[other] and other != family]
        if others:
            fallback[others[0]] = fallback.get(others[0], "") + one
    return Face(declared, family, stand_in, fallback)
