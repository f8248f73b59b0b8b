"""The look of a scaffolded template: GB/T 9704—2012 as a table of paragraph styles."""

from dataclasses import dataclass
from typing import Final

from workers.template.page import LINE
from workers.wordml import Element, twips, w

TITLE: Final = "方正小标宋简体"
FANG: Final = "仿宋_GB2312"
HEI: Final = "黑体"
KAI: Final = "楷体_GB2312"
SONG: Final = "宋体"
LATIN: Final = "Times New Roman"

# 28 characters of 16 pt are 448 pt wide, the type area 442: a quarter of a point closer, they fit.
CLOSER: Final = -0.25


@dataclass(frozen=True, slots=True)
class Style:
    """A paragraph style; lengths in points, line pitch always exact, `first` in characters.

    `words`: Latin words and numbers end a line whole. Where they need not, the PDF is a twentieth smaller.
    """

    id: str
    name: str
    face: str
    size: float
    line: float
    align: str = "both"
    before: float = 0
    after: float = 0
    first: int = 0
    left: float = 0
    right: float = 0
    kept: bool = False
    outline: int | None = None
    together: bool = False
    tracking: float = 0
    words: bool = False
    latin: str = LATIN

    def element(self) -> Element:
        """The style as Word writes it."""
        return w(
            "style",
            w("name", val=self.name),
            w("basedOn", val="Normal"),
            None if self.outline is None else w("next", val="Body"),
            w("qFormat"),
            self._paragraph(),
            self._run(),
            type="paragraph",
            styleId=self.id,
            **({} if self.name.isascii() else {"customStyle": 1}),
        )

    def _run(self) -> Element:
        return w(
            "rPr",
            fonts(self.face, self.latin),
            w("spacing", val=twips(self.tracking)) if self.tracking else None,
            w("sz", val=round(self.size * 2)),
            w("szCs", val=round(self.size * 2)),
            # Of no language, numbers are not cut like Chinese, nor read aloud as English.
            w("lang", val="x-none") if self.words else None,
        )

    def _paragraph(self) -> Element:
        indent = {"left": twips(self.left), "right": twips(self.right)}
        if self.first:
            indent |= {"firstLineChars": self.first * 100, "firstLine": twips(self.first * self.size)}
        return w(
            "pPr",
            w("keepNext") if self.kept else None,
            w("keepLines") if self.kept else None,
            w(
                "spacing",
                before=twips(self.before),
                after=twips(self.after),
                line=twips(self.line),
                lineRule="exact",
            ),
            w("ind", **indent),
            w("contextualSpacing") if self.together else None,
            w("jc", val=self.align),
            None if self.outline is None else w("outlineLvl", val=self.outline),
        )


def fonts(east: str, latin: str) -> Element:
    """The faces of a style. The hint makes “”…— Chinese wherever both kinds of face have them."""
    return w("rFonts", hint="eastAsia", ascii=latin, hAnsi=latin, eastAsia=east, cs=latin)


STYLES: Final = (
    Style("Title", "Title", TITLE, 22, 35, "center", before=LINE, after=LINE, together=True, latin=TITLE),
    Style("Body", "年报正文", FANG, 16, LINE, first=2, tracking=CLOSER, words=True),
    Style("Heading1", "heading 1", HEI, 16, LINE, first=2, tracking=CLOSER, kept=True, outline=0),
    Style("Heading2", "heading 2", KAI, 16, LINE, first=2, tracking=CLOSER, kept=True, outline=1),
    Style("TableCaption", "表中标题", HEI, 12, 16, "left", left=4),
    Style("TableHead", "表头", SONG, 12, 16, "center"),
    Style("TableLabel", "表中项目", SONG, 12, 16, "left", left=4, right=2),
    Style("TableFigure", "表中数字", SONG, 12, 16, "center", left=4, right=4),
    Style("SmallCaption", "密表标题", HEI, 9.5, 12.5, "left", left=4),
    Style("SmallHead", "密表表头", SONG, 9.5, 12.5, "center"),
    Style("SmallLabel", "密表项目", SONG, 9.5, 12.5, "left", left=4, right=1),
    Style("SmallFigure", "密表数字", SONG, 9.5, 12.5, "center"),
    Style("Gap", "表后间隔", SONG, 6, 12),
    Style("Footer", "footer", SONG, 14, 16, "right", left=14, right=14),
)


def styles() -> Element:
    """word/styles.xml: the defaults, the plain paragraph and table, and ours."""
    ours = (style.element() for style in STYLES)
    return w("styles", _defaults(), _normal(), _default_font(), _plain_table(), *ours)


def _defaults() -> Element:
    run = w(
        "rPr",
        fonts(FANG, LATIN),
        w("sz", val=32),
        w("szCs", val=32),
        w("lang", val="zh-CN", eastAsia="zh-CN", bidi="ar-SA"),
    )
    return w("docDefaults", w("rPrDefault", run), w("pPrDefault"))


def _normal() -> Element:
    # LibreOffice reads overflowPunct the wrong way round: with 1, the PDF keeps punctuation inside the margin.
    # It spaces digits from Chinese whatever it is told, so Word is left to do the same, and lines end alike.
    paragraph = w(
        "pPr",
        w("kinsoku"),
        w("overflowPunct", val=1),
        w("snapToGrid", val=0),
        w("spacing", before=0, after=0, line=twips(LINE), lineRule="exact"),
    )
    names = w("name", val="Normal"), w("qFormat")
    return w("style", *names, paragraph, type="paragraph", default=1, styleId="Normal")


def _default_font() -> Element:
    name = w("name", val="Default Paragraph Font")
    return w("style", name, type="character", default=1, styleId="DefaultFont")


def _plain_table() -> Element:
    margins = w("tblCellMar", *(w(side, w=0, type="dxa") for side in ("top", "left", "bottom", "right")))
    properties = w("tblPr", w("tblInd", w=0, type="dxa"), margins)
    name = w("name", val="Normal Table")
    return w("style", name, properties, type="table", default=1, styleId="PlainTable")
