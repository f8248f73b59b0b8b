"""What a document was drawn with: for each declared typeface the one that drew it, and what others had to draw."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass

from workers.fonts.chosen import Fonts


@dataclass(frozen=True, slots=True)
class Typeface:
    """A declared typeface; `fallback` is family → the characters that it had to draw in its place."""

    declared: str
    drawn_with: str
    stand_in: bool
    fallback: Mapping[str, str]


def record(asked: Mapping[str, set[str]], drawn: Mapping[str, set[str]], fonts: Fonts) -> tuple[Typeface, ...]:
    """The record, from the characters asked of each declared family and those that each has really drawn."""
    return tuple(
        _typeface(one.declared, one.family, one.stand_in, asked, drawn, fonts) for one in fonts.drawn_with(asked)
    )


def as_json(kept: Iterable[Typeface]) -> str:
    """The record as it is kept with its document."""
    return json.dumps([asdict(one) for one in kept], ensure_ascii=False)


def from_json(kept: str) -> tuple[Typeface, ...]:
    """The record of a document, as it was kept."""
    return tuple(Typeface(**one) for one in json.loads(kept))


def _typeface(
    declared: str,
    family: str,
    stand_in: bool,
    asked: Mapping[str, set[str]],
    drawn: Mapping[str, set[str]],
    fonts: Fonts,
) -> Typeface:
    fallback: dict[str, str] = {}
    for one in sorted(one for one in asked[declared] if not fonts.draws(family, one)):
        # Of several that have drawn it somewhere, the first that is asked for what a face lacks.
        others = [other for other in fonts.in_order(drawn) if one in drawn[other] and other != family]
        if others:
            fallback[others[0]] = fallback.get(others[0], "") + one
    return Typeface(declared, family, stand_in, fallback)
