"""The initials of names in pinyin, for those who look a unit up by typing yxqjyj."""


def initials_of(name: str) -> str:
    """The first letter of each syllable: 云溪区教育局 is yxqjyj. Letters and digits stay as they are."""
    # Loaded when it is needed: its dictionary takes a tenth of a second.
    from pypinyin import Style, lazy_pinyin

    spelled = lazy_pinyin(name, style=Style.FIRST_LETTER, errors=_letters)
    return "".join(spelled).lower()


def _letters(strange: str) -> str:
    return "".join(one for one in strange if one.isascii() and one.isalnum())
