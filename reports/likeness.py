"""Which units hand in one another's words: reports that may be alike are found by a few numbers, then compared.

A part of the narrative is cut into overlapping groups of letters; of their hashes the smallest of each bin are kept,
and some of those together make a band. Texts that are alike share a band, others next to never do: nobody has to
compare every report with every other.
"""

import hashlib
import re
from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from zlib import crc32

from reports.answers import Answers
from reports.sentences import sentences

# From here on people should look: more than half of what is written stands elsewhere as well.
SUSPICIOUS: Final = 60
# Numbers, and how offices call themselves: what somebody changes who copies another's report.
_NUMBERS: Final = re.compile(
    r"[0-9０-９]+(?:[.．,，][0-9０-９]+)*[%％]?|[一二三四五六七八九十百千万〇零两]+(?=[余多]?[件条次个篇期年月日场家人份类项])"
)
_OURSELVES: Final = re.compile("[本我全](?:街道办事处|街道|单位|机关|委员会|办公室|局|委|办|镇|乡|区|县|市|省|中心)")
_BETWEEN: Final = re.compile(r"[\W_]+")
# The end of a name that still says which unit it is: 教育局 of 云溪区教育局.
_SHORTEST_NAME: Final = 3
_GROUP: Final = 6
# A text shorter than that says nothing of its own: “全年未收费。”
_SHORTEST: Final = 40
_BANDS: Final = 8
_ROWS: Final = 3
_BINS: Final = _BANDS * _ROWS
# Of two sentences, this share of groups makes one the other's.
_SAME_SENTENCE: Final = 0.6


@dataclass(frozen=True, slots=True)
class Match:
    """A sentence, and another unit's that is like it."""

    name: str
    own: str
    other: str


def plain(text: str, unit: str) -> str:
    """A text without what is changed when it is copied: numbers, names of the unit, punctuation."""
    for start in range(max(1, len(unit) - _SHORTEST_NAME + 1)):
        text = text.replace(unit[start:], "")
    return _BETWEEN.sub("", _NUMBERS.sub("", _OURSELVES.sub("", text)))


def bands(answers: Answers, room: str) -> frozenset[int]:
    """Numbers of 64 bits; answers that share one may be alike. Only those of one room ever share any."""
    parts = list(_narrative(answers))
    # All of it together as well: short texts say something only in company.
    whole = [group for groups in parts for group in groups]
    telling = [groups for groups in (*parts, whole) if len(groups) >= _SHORTEST]
    return frozenset(band for groups in telling for band in _bands(groups, room))


def overlap(own: Answers, other: Answers) -> int:
    """How much of what the first says stands in the second as well, in per cent."""
    there = {group for groups in _narrative(other) for group in groups}
    groups = [group for groups in _narrative(own) for group in groups]
    return round(100 * sum(group in there for group in groups) / len(groups)) if groups else 0


def matches(own: Answers, other: Answers) -> tuple[Match, ...]:
    """The sentences of the first that stand in the second, with those they are like, in reading order."""
    theirs = [one for text in other.texts.values() for one in sentences(text)]
    where: dict[int, list[int]] = {}
    for number, sentence in enumerate(theirs):
        for group in set(_groups(plain(sentence, other.unit.name))):
            where.setdefault(group, []).append(number)
    return tuple(_matches(own, theirs, where))


def _matches(own: Answers, theirs: Sequence[str], where: dict[int, list[int]]) -> Iterator[Match]:
    for name in own.definition.texts:
        for sentence in sentences(own.texts.get(name, "")):
            groups = set(_groups(plain(sentence, own.unit.name)))
            found = Counter(number for group in groups for number in where.get(group, ()))
            best = max(found.items(), key=lambda one: (one[1], -one[0]), default=None)
            if best and best[1] >= _SAME_SENTENCE * len(groups):
                yield Match(name, sentence, theirs[best[0]])


def _narrative(answers: Answers) -> Iterator[Sequence[int]]:
    for text in answers.texts.values():
        yield _groups(plain(text, answers.unit.name))


def _groups(text: str) -> Sequence[int]:
    """A hash for each group of letters."""
    letters = text.encode("utf-32-le")
    return array("Q", (crc32(letters[at : at + 4 * _GROUP]) for at in range(0, len(letters) - 4 * _GROUP + 1, 4)))


def _bands(groups: Sequence[int], room: str) -> Iterator[int]:
    smallest = _smallest(groups)
    for first in range(0, _BINS, _ROWS):
        told = f"{room}\0{first}\0{smallest[first : first + _ROWS]}".encode()
        yield int.from_bytes(hashlib.blake2b(told, digest_size=8).digest(), "big", signed=True)


def _smallest(groups: Sequence[int]) -> list[int]:
    """The smallest hash of each bin; an empty bin takes that of the next one, as it would in a text that is alike."""
    bins: list[int | None] = [None] * _BINS
    for group in groups:
        # The checksum alone spreads letters that differ little too regularly.
        mixed = (group * 0x9E3779B97F4A7C15 & 0xFFFFFFFFFFFFFFFF) >> 20
        at, value = mixed % _BINS, mixed // _BINS
        smallest = bins[at]
        if smallest is None or value < smallest:
            bins[at] = value
    return [next(v for v in (bins[(at + n) % _BINS] for n in range(_BINS)) if v is not None) for at in range(_BINS)]
