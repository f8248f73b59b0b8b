"""WordprocessingML by hand: elements in the w: namespace, and lengths in the units that Word counts in."""

from typing import Any, Final

from lxml import etree

Element = Any

W: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
XML_SPACE: Final = "{http://www.w3.org/XML/1998/namespace}space"
_NAMES: Final = {"w": W, "r": R}


def w(tag: str, *children: Element, **attributes: object) -> Element:
    """`w("jc", val="center")` is `<w:jc w:val="center"/>`; children stand in the order that the schema wants."""
    element = etree.Element(f"{{{W}}}{tag}", nsmap=_NAMES)
    for key, value in attributes.items():
        element.set(f"{{{W}}}{key}", str(value))
    element.extend(child for child in children if child is not None)
    return element


def qualified(tag: str) -> str:
    """`p` → the name that lxml knows `w:p` by."""
    return f"{{{W}}}{tag}"


def twips(points: float) -> int:
    """Points in twentieths of a point."""
    return round(points * 20)


def millimetres(length: float) -> int:
    """Millimetres in twentieths of a point."""
    return round(length / 25.4 * 72 * 20)


def run(*lines: str, properties: Element = None) -> Element:
    """A run of text, broken where a new line begins."""
    inside: list[Element] = []
    for line in lines:
        text = w("t")
        text.text = line
        if line != line.strip():
            text.set(XML_SPACE, "preserve")
        inside += [w("br"), text] if inside else [text]
    return w("r", properties, *inside)


def paragraph(style: str, *runs: Element, **properties: Element) -> Element:
    """A paragraph in a style; `properties` are further children of w:pPr, given in the schema's order."""
    return w("p", w("pPr", w("pStyle", val=style), *properties.values()), *runs)


def serialized(root: Element) -> bytes:
    """A part of the package as bytes."""
    data: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return data
