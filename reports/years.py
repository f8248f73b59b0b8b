"""Which year a text speaks of: the years it says, the year it tells of, the period it counts."""

import re
from collections.abc import Iterator
from typing import Final

_FULL_WIDTH: Final = str.maketrans("０１２３４５６７８９", "0123456789")
_NUMERALS: Final = str.maketrans("〇零○一二三四五六七八九", "000123456789")
_OTHER_DIGITS: Final = re.compile("[０-９]|二[〇零○]")
_IN_CHARACTERS: Final = re.compile(r"二[〇零○][〇零○一二三四五六七八九]{2}(?=\s*年)")

_SAID: Final = re.compile(r"(?<![0-9])(?P<year>20[0-9]{2})\s*年")
# At the beginning of a sentence: “较上年增加2条，2023年，…” compares.
_SENTENCE: Final = re.compile(r"(?:^|(?<=[。；;！!？?\n]))\s{0,4}(?P<year>20[0-9]{2})\s?年度?\s?(?P<then>.{0,4})")
# What makes it the year that is told of. Not “2024年底”, “2024年以来”, “2024年3月”, “2024年新修订的”.
_SUBJECT: Final = re.compile(
    r"[，,：:]|我|本[局市区县省镇乡街单机]|全[局市区县省镇乡街年]|共|未|有|对|累计|主动公开|收到|受理"
)
# Neither a comparison nor the date or the name of something: “较2023年”, “2023年底”, “2023年度考核”.
_PLAIN: Final = re.compile(
    r"(?<![0-9较比与同和自从由至到于据按依在《])(?P<year>20[0-9]{2})\s*年"
    r"(?![0-9一二三四五六七八九十度以底末初起前后同相至到的版修新国中党制出印发实施—－\-~～])"
)
_THIS_YEAR: Final = re.compile(r"本年|今年|当年|报告期|年内")
_SPACES: Final = re.compile(r"[^\S\n]+")
_PERIOD: Final = re.compile(
    r"(?:统计(?:数据)?的?(?:期|时|周期|区间|范围)|数据的?统计|所列|报告期)[^。；;\n]{0,20}?"
    r"(?P<first>20[0-9]{2})年1月1日[^。；;\n]{0,3}?[至到—－\-~～][^。；;\n]{0,2}?(?P<last>20[0-9]{2})?年?12月31日"
)


def said(text: str) -> frozenset[int]:
    """Every year that the text names, wherever and however: 2024年, 2024 年, ２０２４年, 二〇二四年."""
    return frozenset(int(match["year"]) for match in _SAID.finditer(_in_digits(text)))


def mentioned(text: str) -> frozenset[int]:
    """The years named plainly, not as the other side of a comparison and not as a date."""
    return frozenset(int(match["year"]) for match in _PLAIN.finditer(_in_digits(text)))


def told(text: str, unit: str) -> frozenset[int]:
    """The years of which a sentence tells from its beginning: “2024年，我局…”."""
    return frozenset(int(match["year"]) for match in _told(text, unit))


def opening(text: str, unit: str) -> int | None:
    """The year of which the text's first sentence tells, when it begins with it."""
    first = next(_told(text, unit), None)
    return int(first["year"]) if first and first.start() == 0 else None


def speaks_of_this_year(text: str) -> bool:
    """Whether the text says 本年 or the like, so that a year it names may be another."""
    return bool(_THIS_YEAR.search(text))


def period(text: str) -> frozenset[int]:
    """The years of the period that the figures are said to be counted over; empty when none is said."""
    match = _PERIOD.search(_SPACES.sub("", _in_digits(text)))
    return frozenset(int(year) for year in match.groups() if year) if match else frozenset()


def _told(text: str, unit: str) -> Iterator[re.Match[str]]:
    for match in _SENTENCE.finditer(_in_digits(text)):
        if _SUBJECT.match(match["then"]) or match["then"].startswith(unit[:2]):
            yield match


def _in_digits(text: str) -> str:
    # Translating every character takes longer than all the rules together, and next to no text needs it.
    if not _OTHER_DIGITS.search(text):
        return text
    text = text.translate(_FULL_WIDTH)
    return _IN_CHARACTERS.sub(lambda match: match[0].translate(_NUMERALS), text)
