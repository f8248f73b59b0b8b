"""What fingers and spreadsheets put into a field, made plain: `１，２３４ 件` is 1234. The browser does the same."""

import re
from typing import Final

from reports import characters

# Spaces as they come out of Word, Excel and web pages; the last two have no width at all.
SPACES: Final = " \t\r\n\u00a0\u2002\u2003\u2009\u202f\u3000\u200b\ufeff"
_FULL_WIDTH: Final = str.maketrans("０１２３４５６７８９．，", "0123456789.,")
_GROUP: Final = "[, \u00a0\u2009\u202f\u3000]"
# 元 is not among the measures: in a cell that counts 万元 it would make ten thousand times too much.
_NUMBER: Final = re.compile(
    rf"(?P<whole>[0-9]+|[0-9]{{1,3}}(?:{_GROUP}[0-9]{{3}})+)(?P<decimals>\.[0-9]+)?[{SPACES}]*(?:件|个|条|万元)?"
)
_BETWEEN: Final = re.compile(_GROUP)


def plain_number(raw: str) -> str:
    """What was typed as a plain number, digits and a point; unchanged when it is not certain which number it is."""
    found = _NUMBER.fullmatch(raw.strip(SPACES).translate(_FULL_WIDTH))
    if found is None:
        return "" if characters.blank(raw) else raw
    return _BETWEEN.sub("", found["whole"]) + (found["decimals"] or "")
