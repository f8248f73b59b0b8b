"""Two versions of a text, sentence by sentence: which were kept, changed, are new, are gone."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Final

# A clause that ends with a semicolon is one by itself: lists of measures are written as one long sentence.
_SENTENCE: Final = re.compile(r"[^。！？!?；;\n]*[。！？!?；;]+[”’」』）)]*|[^。！？!?；;\n]+")
# From here on two sentences are versions of one.
_AKIN: Final = 0.5
# So far from where it would be expected a sentence is looked for; a longer one is not compared letter by letter.
_AROUND, _LONGEST = 6, 2_000
# Fewer letters in a row are shared by any two sentences.
_TELLING: Final = 2


class Fate(StrEnum):
    """What became of a sentence, or of a few letters of one."""

    KEPT = "kept"
    CHANGED = "changed"
    NEW = "new"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Piece:
    """Letters of a changed sentence that were kept, are new, or are gone."""

    fate: Fate
    text: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence, in the paragraph where it stands (where it stood before, when it is gone)."""

    fate: Fate
    paragraph: int
    before: str
    now: str
    pieces: tuple[Piece, ...] = ()


def sentences(text: str) -> tuple[str, ...]:
    """A text cut behind every full stop; nothing is lost but white space around."""
    return tuple(one for found in _SENTENCE.findall(text) if (one := found.strip()))


def differences(before: Sequence[str], now: Sequence[str]) -> tuple[Sentence, ...]:
    """What became of the sentences of these paragraphs, in the order of today's text."""
    old = [one for paragraph in before for one in sentences(paragraph)]
    new = [(number, one) for number, paragraph in enumerate(now) for one in sentences(paragraph)]
    return tuple(_walk(old, new))


def kept_share(found: Sequence[Sentence]) -> int:
    """How much of today's text stood there before, in per cent of its letters; 0 for no text."""
    letters = sum(len(one.now) for one in found)
    kept = sum(_kept(one) for one in found)
    return round(100 * kept / letters) if letters else 0


def is_same(found: Sequence[Sentence]) -> bool:
    """Whether nothing was changed."""
    return all(one.fate is Fate.KEPT for one in found)


def _walk(old: list[str], new: list[tuple[int, str]]) -> Iterator[Sentence]:
    paragraph = 0
    matcher = SequenceMatcher(None, old, [one for _, one in new], autojunk=False)
    for step, first, last, start, end in matcher.get_opcodes():
        if step == "equal":
            for number, one in new[start:end]:
                yield Sentence(Fate.KEPT, number, one, one)
        else:
            yield from _replaced(old[first:last], new[start:end], paragraph)
        paragraph = new[end - 1][0] if end else 0


def _replaced(old: list[str], new: list[tuple[int, str]], paragraph: int) -> Iterator[Sentence]:
    """Sentences in place of others: each with the one it was made of, if there is one further on."""
    at = 0
    for place, (number, one) in enumerate(new):
        partner = _partner(one, old, at, round(place * len(old) / len(new)))
        if partner is not None:
            yield from (Sentence(Fate.GONE, number, gone, "") for gone in old[at:partner])
            yield Sentence(Fate.CHANGED, number, old[partner], one, _pieces(old[partner], one))
            at = partner + 1
        else:
            yield Sentence(Fate.NEW, number, "", one)
        paragraph = number
    yield from (Sentence(Fate.GONE, paragraph, gone, "") for gone in old[at:])


def _partner(sentence: str, old: list[str], first: int, expected: int) -> int | None:
    """The sentence that is most like this one, if it is like it at all."""
    matcher = SequenceMatcher(None, autojunk=False)
    matcher.set_seq2(sentence)
    best, found = _AKIN, None
    for place in range(max(first, expected - _AROUND), min(len(old), max(first, expected) + _AROUND)):
        matcher.set_seq1(old[place])
        if max(len(sentence), len(old[place])) > _LONGEST or matcher.quick_ratio() < best:
            continue
        if (ratio := matcher.ratio()) >= best:
            best, found = ratio, place
    return found


def _pieces(before: str, now: str) -> tuple[Piece, ...]:
    return tuple(_letters(before, now))


def _letters(before: str, now: str) -> Iterator[Piece]:
    for step, first, last, start, end in SequenceMatcher(None, before, now, autojunk=False).get_opcodes():
        if step == "equal":
            yield Piece(Fate.KEPT, now[start:end])
            continue
        if last > first:
            yield Piece(Fate.GONE, before[first:last])
        if end > start:
            yield Piece(Fate.NEW, now[start:end])


def _kept(sentence: Sentence) -> int:
    if sentence.fate is Fate.KEPT:
        return len(sentence.now)
    kept = (len(piece.text) for piece in sentence.pieces if piece.fate is Fate.KEPT)
    return sum(letters for letters in kept if letters >= _TELLING)
