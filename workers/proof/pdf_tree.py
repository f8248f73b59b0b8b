"""The structure tree of a PDF: page and mark of everything in it, in reading order.

Asked for object by object, the tree costs more than all the rest of a PDF. LibreOffice writes its elements one like the
other, so they are read from the file as they stand there, each at the place that the table of objects gives. Where one
is written differently, the whole tree is asked for after all.
"""

import re
from collections.abc import Iterable
from typing import Any, Final

import pikepdf

# Stands for the edge of a cell: no page, and no mark that exists.
CELL_EDGE: Final = (None, -2)
Mark = tuple[Any, int]

_CELLS: Final = ("/TD", "/TH")
# One table of objects and no older one, at the very end.
_END: Final = re.compile(
    rb"trailer\n<<(?:(?!/Prev|/XRefStm|>>\nstartxref).){1,2000}>>\nstartxref\n(\d+)\n%%EOF\s*\Z", re.DOTALL
)
_TABLE: Final = re.compile(rb"xref\n0 (\d+)\n")
_ENTRY: Final = 20
_ELEMENT: Final = re.compile(
    rb"(?P<number>\d+) 0 obj\n<</Type/StructElem\n/S(?P<kind>/[^\s/]+)\n/P \d+ 0 R\n/Pg (?P<page>\d+) 0 R\n"
    rb"(?:/A (?:\d+ 0 R|\[[\d R]*\])\n)?/K\[(?P<kids>[\d R\n]*)\]\n>>\nendobj\n"
)
_KID: Final = re.compile(rb"(\d+)( 0 R)?")


class _WrittenDifferently(Exception):
    """The tree, or the table of objects, is not as LibreOffice writes them."""


def marks_in_order(data: bytes, root: pikepdf.Object) -> list[Mark]:
    """Page and mark of everything below the root of the tree; CELL_EDGE where a cell begins or ends."""
    found: list[Mark] = []
    try:
        _Written(data).walk(_numbers(root), found)
    except _WrittenDifferently:
        found.clear()
        _walk(root, found)
    return found


def _numbers(root: pikepdf.Object) -> list[int]:
    kids = _kids(root)
    if not all(isinstance(kid, pikepdf.Dictionary) and kid.is_indirect for kid in kids):
        raise _WrittenDifferently
    return [kid.objgen[0] for kid in kids]


class _Written:
    """The elements as they stand in the file."""

    def __init__(self, data: bytes) -> None:
        end = _END.search(data, max(0, len(data) - 2200))
        table = end and _TABLE.match(data, int(end[1]))
        if not table:
            raise _WrittenDifferently
        self._data = data
        self._first, self._count = table.end(), int(table[1])

    def walk(self, elements: Iterable[int], found: list[Mark]) -> None:
        """Collect page and mark of everything in these elements."""
        for number in elements:
            element = self._element(number)
            is_cell = element["kind"] in (b"/TD", b"/TH")
            if is_cell:
                found.append(CELL_EDGE)
            page = (int(element["page"]), 0)
            for kid, is_element in _KID.findall(element["kids"]):
                if is_element:
                    self.walk((int(kid),), found)
                else:
                    found.append((page, int(kid)))
            if is_cell:
                found.append(CELL_EDGE)

    def _element(self, number: int) -> re.Match[bytes]:
        if number >= self._count:
            raise _WrittenDifferently
        entry = self._first + number * _ENTRY
        place = self._data[entry : entry + _ENTRY]
        element = _ELEMENT.match(self._data, int(place[:10])) if place[11:] == b"00000 n \n" else None
        if not element or int(element["number"]) != number:
            raise _WrittenDifferently
        return element


def _walk(element: pikepdf.Object, found: list[Mark]) -> None:
    """The same, asked for object by object."""
    is_cell = element.get("/S") in _CELLS
    if is_cell:
        found.append(CELL_EDGE)
    page = None
    for kid in _kids(element):
        if isinstance(kid, int):
            page = page or _page(element)
            found.append((page, kid))
        elif "/MCID" in kid:
            found.append((_page(kid), int(kid.MCID)))
        else:
            _walk(kid, found)
    if is_cell:
        found.append(CELL_EDGE)


def _kids(element: pikepdf.Object) -> Any:
    kids = element.get("/K", ())
    return kids if isinstance(kids, pikepdf.Array | tuple) else (kids,)


def _page(element: pikepdf.Object) -> Any:
    """The page of an element's own marks; LibreOffice always says it."""
    return element.Pg.objgen if "/Pg" in element else None
