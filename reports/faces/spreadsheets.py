"""What every list for a spreadsheet minds: no text of ours may become a formula in somebody's program."""

from typing import Final

# What begins with one of these is calculated, full-width ones in Chinese editions as well.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")
_MARK: Final = "'"


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula; `as_told` takes the mark off again."""
    return f"{_MARK}{text}" if text.startswith((*_FORMULA, _MARK)) else text


def as_told(cell: str) -> str:
    """The text that `harmless` made into this cell."""
    return cell.removeprefix(_MARK)
