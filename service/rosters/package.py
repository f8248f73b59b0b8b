"""What kind of file somebody gave us, before anything reads it: an honest xlsx, or a refusal in words."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import Final

from lxml import etree

from reports.wording import _

MOST_ROWS: Final = 10_000
# Title and heading rows above the list.
MOST_ROWS_ABOVE: Final = 10
_MOST_COLUMNS: Final = 100
_MOST_MEMBERS: Final = 500
_UNPACKED: Final = 64 * 1024 * 1024
_PIECE: Final = 1024 * 1024
_SHEET: Final = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)
_PLACE: Final = re.compile(rb"""\sr\s*=\s*["']([^"']*)["']""")
_CELL: Final = re.compile(rb"<(?:[\w.-]+:)?c[\s/>]")
_GOOD_PLACE: Final = re.compile(rb"([A-Za-z]{0,3})(\d{0,7})")
_FORMULA: Final = re.compile(rb"""<(?:\w+:)?c\b[^>]*?\sr\s*=\s*["']([A-Z]+)(\d+)["'][^>]*>\s*<(?:\w+:)?f[\s/>]""")


_DAMAGED: Final = (
    zipfile.BadZipFile,
    zlib.error,
    etree.XMLSyntaxError,
    NotImplementedError,
    RuntimeError,
    EOFError,
    OSError,
    KeyError,
    ValueError,
)


class RosterRefused(ValueError):
    """A file that is no roster: what it is, and what to do."""

    code = "roster_refused"

    def __init__(self, wrong: str, remedy: str) -> None:
        self.wrong = wrong
        self.remedy = remedy
        self.for_person = f"{wrong}{remedy}"
        super().__init__(self.for_person)


def formulas_in(data: bytes, name: str) -> list[tuple[str, int]]:
    """Where in the first sheet formulas stand (column letters, row); RosterRefused for what is no plain xlsx."""
    if not data:
        raise RosterRefused(_("文件是空的。"), _("请检查是否选对了文件。"))
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        remedy = _("请在 Excel 或 WPS 里去掉密码，另存为“Excel 工作簿（.xlsx）”，再上传。")
        raise RosterRefused(_("这是旧版 .xls 文件，或加了密码的文件。"), remedy)
    if not data.startswith(b"PK\x03\x04"):
        remedy = _("只改扩展名不够：请用 Excel 或 WPS 打开它，另存为“Excel 工作簿（.xlsx）”，再上传。")
        raise RosterRefused(_("“{name}”不是 xlsx 文件。").format(name=name or _("这个文件")), remedy)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            return _looked_through(package)
    except _DAMAGED as error:
        if isinstance(error, RosterRefused):
            raise
        raise RosterRefused(_("文件已经损坏，打不开。"), _("请在 Excel 或 WPS 里打开后另存，再上传。")) from error


def _looked_through(package: zipfile.ZipFile) -> list[tuple[str, int]]:
    members = package.infolist()
    names = {member.filename.lower() for member in members}
    if any(name.endswith("vbaproject.bin") or name.startswith("xl/macrosheets/") for name in names):
        remedy = _("请另存为不带宏的“Excel 工作簿（.xlsx）”，再上传。")
        raise RosterRefused(_("文件里有宏（.xlsm），没有读取。"), remedy)
    if "xl/workbook.xml" not in names:
        remedy = _("请用 Excel 或 WPS 打开名单，另存为“Excel 工作簿（.xlsx）”，再上传。")
        raise RosterRefused(_("这不是 Excel 工作簿，可能是 Word 或别的文件改了名。"), remedy)
    if len(members) > _MOST_MEMBERS or sum(member.file_size for member in members) > _UNPACKED:
        raise _too_large()
    formulas: dict[str, list[tuple[str, int]]] = {}
    left = _UNPACKED
    for member in members:
        content = b"".join(_pieces(package, member, left))
        left -= len(content)
        if _SHEET.fullmatch(member.filename):
            formulas[member.filename] = _look_at(content)
    return formulas.get(_first_sheet(package), [])


def _first_sheet(package: zipfile.ZipFile) -> str:
    """The member that holds the sheet which stands first in the book."""
    careful = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    book = etree.fromstring(package.read("xl/workbook.xml"), careful)
    links = etree.fromstring(package.read("xl/_rels/workbook.xml.rels"), careful)
    targets = {one.get("Id"): one.get("Target", "") for one in links}
    for sheet in book.iter("{*}sheet"):
        wanted = next((value for name, value in sheet.attrib.items() if name.endswith("}id")), "")
        target = str(targets.get(wanted, ""))
        return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return ""


def _pieces(package: zipfile.ZipFile, member: zipfile.ZipInfo, most: int) -> Iterator[bytes]:
    # What the package says of its sizes is not believed.
    with package.open(member) as file:
        while piece := file.read(_PIECE):
            most -= len(piece)
            if most < 0:
                raise _too_large()
            yield piece


def _look_at(sheet: bytes) -> list[tuple[str, int]]:
    # One cell in the last corner would make a reader lay out 17,000,000,000 of them; so would cells that do not say
    # where they are, or a sheet in an encoding in which this does not find them.
    places = _PLACE.findall(sheet)
    if b"\0" in sheet or len(_CELL.findall(sheet)) > len(places):
        raise ValueError("cells without a place")
    for place in places:
        found = _GOOD_PLACE.fullmatch(place)
        if found is None:
            raise ValueError(place)
        if int(found[2] or 0) > MOST_ROWS + MOST_ROWS_ABOVE or _number(found[1]) > _MOST_COLUMNS:
            wrong = _("表里有第 {row} 行、第 {column} 列的内容；最多 {rows} 行、{columns} 列。")
            wrong = wrong.format(
                row=int(found[2] or 0), column=_number(found[1]), rows=MOST_ROWS, columns=_MOST_COLUMNS
            )
            raise RosterRefused(wrong, _("请删去表外的内容，或分成几个文件。"))
    return [(column.decode(), int(row)) for column, row in _FORMULA.findall(sheet)]


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _too_large() -> RosterRefused:
    remedy = _("请只留名单所在的一张表，另存后再上传。")
    return RosterRefused(_("文件解开以后超过 64 MB，没有读取。"), remedy)
