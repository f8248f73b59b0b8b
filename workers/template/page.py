"""The page of a scaffolded template: GB/T 9704—2012's measures, its page numbers, and the settings of the file."""

from typing import Final

from workers.wordml import XML_SPACE, Element, R, millimetres, paragraph, run, twips, w

# 5.2: A4, a type area of 156 × 225 mm, 22 lines of 28 characters.
WIDTH, HEIGHT = millimetres(210), millimetres(297)
TOP, BOTTOM, LEFT, RIGHT = millimetres(37), millimetres(35), millimetres(28), millimetres(26)
TEXT_WIDTH: Final = WIDTH - LEFT - RIGHT
TEXT_HEIGHT: Final = HEIGHT - TOP - BOTTOM
LINE: Final = 28.95
# 7.5: the page number stands 7 mm below the type area.
FOOTER: Final = BOTTOM - millimetres(7) - twips(16)


def section(footers: dict[str, str]) -> Element:
    """The one section of the document; `footers` are relationship ids by the pages they are for."""
    properties = w("sectPr")
    for pages, relationship in footers.items():
        reference = w("footerReference", type=pages)
        reference.set(f"{{{R}}}id", relationship)
        properties.append(reference)
    margins = {"top": TOP, "right": RIGHT, "bottom": BOTTOM, "left": LEFT, "gutter": 0}
    properties.append(w("pgSz", w=WIDTH, h=HEIGHT))
    properties.append(w("pgMar", **margins, header=millimetres(15), footer=FOOTER))
    properties.append(w("docGrid", linePitch=twips(LINE)))
    return properties


def footer(side: str) -> Element:
    """`- 1 -` at a side of the page, the field in the five runs that Word itself writes it in."""
    begin, separate, end = (w("r", w("fldChar", fldCharType=kind)) for kind in ("begin", "separate", "end"))
    code = w("instrText")
    code.text = r" PAGE   \* MERGEFORMAT "
    code.set(XML_SPACE, "preserve")
    number = (begin, w("r", code), separate, run("1"), end)
    return w("ftr", paragraph("Footer", run("- "), *number, run(" -"), jc=w("jc", val=side)))


def settings() -> Element:
    """word/settings.xml, as a Chinese Word of today writes it."""
    return w(
        "settings",
        w("zoom", percent=100),
        w("bordersDoNotSurroundHeader"),
        w("bordersDoNotSurroundFooter"),
        w("defaultTabStop", val=640),
        w("evenAndOddHeaders"),
        w("characterSpacingControl", val="compressPunctuation"),
        _compatibility(),
        w("themeFontLang", val="en-US", eastAsia="zh-CN"),
    )


def _compatibility() -> Element:
    old = (
        "balanceSingleByteDoubleByteWidth",
        "doNotLeaveBackslashAlone",
        "ulTrailSpace",
        "doNotExpandShiftReturn",
    )
    modern = {
        "compatibilityMode": 15,
        "overrideTableStyleFontSizeAndJustification": 1,
        "enableOpenTypeFeatures": 1,
        "doNotFlipMirrorIndents": 1,
        "differentiateMultirowTableHeaders": 1,
    }
    uri = "http://schemas.microsoft.com/office/word"
    return w(
        "compat",
        *map(w, old),
        w("useFELayout"),
        *(w("compatSetting", name=name, uri=uri, val=value) for name, value in modern.items()),
    )
