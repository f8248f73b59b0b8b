"""What of a text can be seen on paper: neither white space nor characters that leave no mark."""

import re
from typing import Final

# Unicode's default-ignorable characters: soft hyphen, joiners, direction marks, fillers, variation selectors.
_UNSEEN: Final = re.compile(
    r"[\s\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    r"\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e0fff]+"
)

# A hyphen that keeps two words together looks like any other, and is printed as one.
_KEEPING_HYPHEN: Final = "\u2011"

# Stands between the texts of table cells, so that 1 and 23 beside each other are not 12 and 3.
CELL: Final = "\x01"


def visible(text: str) -> str:
    """The text as it looks, without what cannot be seen."""
    return _UNSEEN.sub("", text).replace(_KEEPING_HYPHEN, "-")
