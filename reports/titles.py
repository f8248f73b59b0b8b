"""The title of a report in lines: the unit first, broken between words, the rest of the title beneath it."""

import re
from typing import Final

# A unit's name is a chain of places and bodies, each ending in one of these; a line may end after any of them.
_PLACES: Final = (
    r"自治区|自治州|自治县|[省市县区盟](?!场|政|容|民|域|级|直)(?<!城市(?=建设|管理|规划|更新))|"
    r"[州旗镇](?!市|级)|(?<!城)乡(?!村|镇|级)"
)
_BODIES: Final = r"街道办事处|街道|人民政府|办公[厅室]|委员会|管委会|[局厅处]|中心|[支大]队|公司|集团|大学|学院|医院"
# 和 joins two fields of work, except in 共和国 and in the names of places.
_JOINTS: Final = r"(?<![共呼])和(?!田|平|县|静|硕|顺|龙|林|布|政)|[与及、·）)]|(?=[（(])"
_ENDINGS: Final = re.compile(f"{_PLACES}|{_BODIES}|{_JOINTS}")


def title_lines(title: str, unit: str, year: int, width: int = 20) -> tuple[str, ...]:
    """`title` ("{unit}{year}年……") as lines of at most `width` characters, the unit's name on its own."""
    whole = title.format(unit=unit, year=year)
    if not whole.startswith(unit):
        return _broken(whole, width)
    return (*_broken(unit, width), *_broken(whole[len(unit) :], width))


def _broken(text: str, width: int) -> tuple[str, ...]:
    if len(text) <= width:
        return (text,)
    count = -(-len(text) // width)
    ends = sorted({match.end() for match in _ENDINGS.finditer(text)} - {0} | {len(text)})
    lines: list[str] = []
    while text:
        end = _best_end(ends, len(text) / max(count - len(lines), 1), min(width, len(text)))
        lines.append(text[:end])
        text, ends = text[end:], [one - end for one in ends if one > end]
    return tuple(lines)


def _best_end(ends: list[int], ideal: float, limit: int) -> int:
    """The word end nearest to an even share of the line, within the limit; the limit itself when no word ends."""
    fitting = [end for end in ends if end <= limit and end >= ideal / 2]
    return min(fitting, key=lambda end: abs(end - ideal), default=limit)
