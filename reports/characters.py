"""Which characters a text may hold, so that what was typed is what is printed."""

import re
from typing import Final

# XML 1.0 cannot carry the first group, or nobody has given it a meaning; the second turns the order of what follows
# around, unseen; the third looks different on every computer.
_NONCHARACTERS: Final = "\ufdd0-\ufdef" + "".join(
    chr(plane << 16 | 0xFFFE) + chr(plane << 16 | 0xFFFF) for plane in range(17)
)
_UNPRINTABLE: Final = re.compile(f"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff{_NONCHARACTERS}]")
_TURNING: Final = re.compile("[\u202a-\u202e\u2066-\u2069]")
_PRIVATE: Final = re.compile("[\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd]")
_FORBIDDEN: Final = (
    (_UNPRINTABLE, "是不能印刷的控制字符"),
    (_TURNING, "是看不见的文字方向控制符"),
    (_PRIVATE, "是自造字，换一台电脑字形就不同"),
)
_LINE_ENDS: Final = re.compile("\r\n?")
# How Word and the web break a line within a paragraph.
_OTHER_LINE_ENDS: Final = re.compile("[\x0b\x0c\x85\u2028\u2029]")


def lines(text: str) -> str:
    """The text with every line end written as \\n."""
    return _LINE_ENDS.sub("\n", text)


def clean(text: str) -> tuple[str, int]:
    """The text without what cannot be printed exactly, every line end written as \\n; and how many characters went."""
    text, gone = _OTHER_LINE_ENDS.sub("\n", lines(text)), 0
    for forbidden, _ in _FORBIDDEN:
        text, found = forbidden.subn("", text)
        gone += found
    return text, gone


def blank(text: str) -> bool:
    """Whether nothing of the text would be seen on paper."""
    return not any(character.isprintable() and not character.isspace() for character in text)


def visible(text: str, at_most: int = 80) -> str:
    """A stranger's string, short and harmless enough to be quoted in a message."""
    shown = "".join(
        character if character.isprintable() else f"<U+{ord(character):04X}>" for character in text[:at_most]
    )
    return shown + ("…" if len(text) > at_most else "")


def why_not(text: str, *, one_line: bool = False) -> tuple[str, str] | None:
    """Reason and remedy when `text` cannot be printed exactly as it stands; None when it can."""
    for forbidden, what in _FORBIDDEN:
        found = forbidden.search(text)
        if found:
            return f"第 {found.start() + 1} 个字符 U+{ord(found[0]):04X} {what}", "请删去或换成规范的字"
    if one_line and re.search("[\n\t]", text):
        return "中间有换行或制表符", "请写在一行里"
    return None
