"""Word files as tests read them: tables as they are printed, and what Word itself would stumble over."""

import zipfile
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

import docx
from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

# The schema's sequences. Word calls a file damaged when children stand in another order; LibreOffice does not mind.
ORDER = {
    "pPr": "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd tabs "
    "suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi adjustRightInd "
    "snapToGrid spacing ind contextualSpacing mirrorIndents suppressOverlap jc textDirection textAlignment "
    "textboxTightWrap outlineLvl divId cnfStyle rPr sectPr pPrChange",
    "rPr": "rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint noProof snapToGrid "
    "vanish webHidden color spacing w kern position sz szCs highlight u effect bdr shd fitText vertAlign rtl cs em "
    "lang eastAsianLayout specVanish oMath",
    "tblPr": "tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc tblCellSpacing "
    "tblInd tblBorders shd tblLayout tblCellMar tblLook tblCaption tblDescription",
    "tblBorders": "top left start bottom right end insideH insideV",
    "tblCellMar": "top left start bottom right end",
    "tcPr": "cnfStyle tcW gridSpan hMerge vMerge tcBorders shd noWrap tcMar textDirection tcFitText vAlign hideMark",
    "tbl": "tblPr tblGrid tr",
    "tr": "trPr tc",
    "tc": "tcPr p",
    "p": "pPr r",
    "r": "rPr t br tab fldChar instrText",
    "style": "name aliases basedOn next link uiPriority semiHidden unhideWhenUsed qFormat locked pPr rPr tblPr",
    "sectPr": "headerReference footerReference type pgSz pgMar paperSrc pgBorders cols titlePg textDirection docGrid",
    "settings": "writeProtection view zoom removePersonalInformation mirrorMargins bordersDoNotSurroundHeader "
    "bordersDoNotSurroundFooter attachedTemplate stylePaneFormatFilter defaultTabStop evenAndOddHeaders "
    "drawingGridHorizontalSpacing drawingGridVerticalSpacing displayHorizontalDrawingGridEvery "
    "displayVerticalDrawingGridEvery noPunctuationKerning characterSpacingControl hdrShapeDefaults footnotePr "
    "endnotePr compat docVars rsids mathPr themeFontLang clrSchemeMapping decimalSymbol listSeparator",
}
_MIXED = {"r"}


def parts(file: Path) -> dict[str, Any]:
    """Every part of WordprocessingML in a file, parsed."""
    with zipfile.ZipFile(file) as package:
        named = (name for name in package.namelist() if name.startswith("word/") and name.endswith(".xml"))
        return {name: etree.fromstring(package.read(name)) for name in named}


def out_of_order(root: Any) -> Iterator[str]:
    """Children that stand where Word does not expect them."""
    for element in root.iter(*(W + tag for tag in ORDER)):
        tag = element.tag.removeprefix(W)
        order = ORDER[tag].split()
        children = [child.tag.removeprefix(W) for child in element]
        places = [order.index(child) if child in order else -1 for child in children]
        if -1 in places or (tag not in _MIXED and places != sorted(places)):
            yield f"{tag}: {' '.join(children)}"


def tables(file: Path) -> list[list[list[str]]]:
    """Every table as a grid of what each place says; a merged cell says the same at all its places."""
    read = docx.Document(str(file)).tables
    return [[[cell.text.replace("\n", "") for cell in row.cells] for row in table.rows] for table in read]


def runs(texts: list[str]) -> list[tuple[str, int]]:
    """A row or a column as what stands in it and how many places it takes."""
    return [(text, len(list(same))) for text, same in groupby(texts)]
