"""Which typefaces a Word file declares for its text, and which characters it asks of each."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from workers.proof.word_text import WordText
from workers.visible import visible
from workers.wordml import qualified

_VAL: Final = qualified("val")
_P, _P_STYLE, _R, _R_STYLE, _FONTS, _TEXT = (qualified(one) for one in ("p", "pStyle", "r", "rStyle", "rFonts", "t"))
_ASCII, _EAST_ASIA = qualified("ascii"), qualified("eastAsia")
_OF_STYLE: Final = f"{qualified('rPr')}/{_FONTS}"
_DEFAULTS: Final = "/".join(qualified(one) for one in ("docDefaults", "rPrDefault", "rPr", "rFonts"))
# What lies before general punctuation is western for Word and LibreOffice alike; quotes and dashes are Chinese in ours.
_FIRST_CHINESE: Final = "\u2010"


class Families(NamedTuple):
    """The families of a run: for western characters, and for all others."""

    western: str
    chinese: str

    def but(self, given: Any) -> "Families":
        """With what a w:rFonts gives in their place."""
        return Families(given.get(_ASCII, self.western), given.get(_EAST_ASIA, self.chinese))


def asked_for(word: WordText) -> Mapping[str, set[str]]:
    """Family → the visible characters that the text asks of it."""
    styles = _Styles(word.parts.get("word/styles.xml"))
    said: dict[Families, list[str]] = defaultdict(list)
    for name, part in word.parts.items():
        if name.startswith(("word/document", "word/header", "word/footer")):
            for families, text in _runs(part, styles):
                said[families].append(text)
    asked: dict[str, set[str]] = defaultdict(set)
    for families, texts in said.items():
        for character in set(visible("".join(texts))):
            asked[families.western if character < _FIRST_CHINESE else families.chinese].add(character)
    asked.pop("", None)
    return asked


def _runs(part: Any, styles: "_Styles") -> Iterator[tuple[Families, str]]:
    paragraph = run = styles.defaults
    for one in part.iter(_P, _P_STYLE, _R, _R_STYLE, _FONTS, _TEXT):
        if one.tag == _TEXT:
            yield run, one.text or ""
        elif one.tag == _P:
            paragraph = run = styles.normal
        elif one.tag == _P_STYLE:
            paragraph = styles.of_paragraph(one.get(_VAL))
        elif one.tag == _R:
            run = paragraph
        elif one.tag == _R_STYLE:
            run = styles.families(one.get(_VAL), run)
        else:
            run = run.but(one)


class _Styles:
    """The families of every style, with what it is based on."""

    def __init__(self, part: Any) -> None:
        self._styles = {} if part is None else {one.get(qualified("styleId")): one for one in part}
        self._known: dict[str, Families] = {}
        given = None if part is None else part.find(_DEFAULTS)
        self.defaults = Families("", "") if given is None else Families("", "").but(given)
        default, kind = qualified("default"), qualified("type")
        named = (name for name, one in self._styles.items() if one.get(default) == "1" and one.get(kind) == "paragraph")
        self.normal = self.families(next(named, None), self.defaults)

    def of_paragraph(self, name: str) -> Families:
        """The families of paragraphs in this style."""
        if name not in self._known:
            self._known[name] = self.families(name, self.defaults)
        return self._known[name]

    def families(self, name: str | None, otherwise: Families) -> Families:
        """What a style makes of these."""
        line: list[Any] = []
        while (style := self._styles.get(name)) is not None and style not in line:
            line.append(style)
            based_on = style.find(qualified("basedOn"))
            name = None if based_on is None else based_on.get(_VAL)
        for style in reversed(line):
            if (given := style.find(_OF_STYLE)) is not None:
                otherwise = otherwise.but(given)
        return otherwise
