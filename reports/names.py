"""The dotted names of cells and texts: what a key may look like, and what somebody probably meant."""

import difflib
import itertools
import keyword
import re
from collections.abc import Iterable
from typing import Final

# A name is walked by Jinja as attributes of plain dictionaries, where `items` would be the dictionary's own method.
_TAKEN: Final = (
    frozenset(dir(dict))
    | frozenset(keyword.kwlist)
    | frozenset(keyword.softkwlist)
    | frozenset({"previous", "unit", "year", "title", "loop", "self", "true", "false", "none", "paragraph", "range"})
)
_KEY: Final = re.compile(r"[a-z][a-z0-9_]*")


def why_not_a_key(key: str) -> str | None:
    """Why `key` cannot be a part of a name, or None when it can."""
    if not _KEY.fullmatch(key):
        return "只能用小写字母、数字和下划线，并以字母开头"
    if key in _TAKEN:
        return "在模板或公式里另有含义，请换一个词"
    return None


def join(*parts: str) -> str:
    """`requests`, `results.granted`, `total` → `requests.results.granted.total`."""
    return ".".join(part for part in parts if part)


def closest(name: str, known: Iterable[str]) -> str | None:
    """The known name that `name` was probably meant to be."""
    matches = difflib.get_close_matches(name, list(known), n=1, cutoff=0.75)
    return matches[0] if matches else None


def overlapping(names: Iterable[str]) -> tuple[str, str] | None:
    """Two names of which one is the other or lies inside it; None when every name stands for itself alone."""
    ordered = sorted(names)
    for first, second in itertools.pairwise(ordered):
        if second == first or second.startswith(first + "."):
            return first, second
    return None
